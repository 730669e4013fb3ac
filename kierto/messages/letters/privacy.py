"""Letters about own data and feedback."""

from sqlalchemy import select

from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.privacy import RetentionAnnounced
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told
from kierto.people.addresses import spoken_phone
from kierto.people.models import Expert, ExpertState
from kierto.sign_in.models import Channel
from kierto.statements.models import AccessibilityFeedback
from kierto.units.models import Organisation
from kierto.words import day_long, matched

_NOT_THERE = (ExpertState.LEFT, ExpertState.DECLINED, ExpertState.WITHDRAWN)


def _announced(told: Told) -> Facts:
    """Whose register it is and when its data of the person ends; who has come back meanwhile is not told."""
    assert isinstance(told.data, RetentionAnnounced)
    organisation = session.get_one(Organisation, told.message.organisation_id)
    expert = session.scalar(
        select(Expert).where(Expert.organisation_id == organisation.id, Expert.person_id == told.data.person_id)
    )
    if expert is None or expert.state not in _NOT_THERE:
        raise Outdated
    return {
        "organisation": organisation.name.text(),
        "phone": spoken_phone(organisation.phone) if organisation.phone else None,
        "email": organisation.email,
        "day": day_long(local(told.data.deleted_at).date()),
        "link": f"{told.settings.base_url}/me/data",
    }


def _sent(told: Told) -> Facts:
    feedback = _feedback(told)
    return {"due": day_long(feedback.due_on), "link": f"{told.settings.base_url}/accessibility"}


def _answered(told: Told) -> Facts:
    feedback = _feedback(told)
    return {
        "answer": feedback.answer,
        "asked": feedback.text,
        "link": f"{told.settings.base_url}/accessibility#feedback",
    }


def _to_sender(told: Told) -> Address | None:
    """Where the sender asked to be answered, when it is an e-mail address: who left a number is called."""
    feedback = _feedback(told)
    if feedback.reply_to is None or "@" not in feedback.reply_to:
        return None
    return Address(Channel.EMAIL, feedback.reply_to, matched(feedback.language))


def _feedback(told: Told) -> AccessibilityFeedback:
    found = session.get(AccessibilityFeedback, told.message.subject_id)
    if found is None:
        raise Outdated
    return found


LETTERS: dict[str, Letter] = {
    "feedback.answered": Letter(_answered, _to_sender),
    "feedback.sent": Letter(_sent, _to_sender),
    "retention.announced": Letter(_announced),
}
