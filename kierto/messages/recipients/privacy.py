"""Who is told of own data and feedback."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.privacy import FeedbackAnswered, FeedbackSent, RetentionAnnounced
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Person
from kierto.statements.models import AccessibilityFeedback


def _feedback(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever left an e-mail address to reply to; who left a number is called."""
    feedback = session.get(AccessibilityFeedback, event.subject_id)
    reached = feedback is not None and feedback.reply_to is not None and "@" in feedback.reply_to
    return [Recipient(None, event.kind)] if reached else []


def _announced(_event: Event, data: EventData) -> Iterable[Recipient]:
    """Whose data it is."""
    assert isinstance(data, RetentionAnnounced)
    return [Recipient(session.get_one(Person, data.person_id), RetentionAnnounced.kind)]


FINDERS: dict[str, Finder] = {
    FeedbackSent.kind: _feedback,
    FeedbackAnswered.kind: _feedback,
    RetentionAnnounced.kind: _announced,
}
