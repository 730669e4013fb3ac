"""Who is told of applications and experts."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.experts import ExpertApproved, ExpertDeclined, ExpertPaused
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Expert


def _expert(event: Event, data: EventData) -> Iterable[Recipient]:
    """Whose place in the register it is, unless it went into another one meanwhile."""
    expert = session.get(Expert, event.subject_id)
    return [Recipient(expert.person, data.kind)] if expert is not None else []


FINDERS: dict[str, Finder] = {
    ExpertApproved.kind: _expert,
    ExpertDeclined.kind: _expert,
    ExpertPaused.kind: _expert,
}
