"""Letters about applications and experts."""

from kierto.database import session
from kierto.messages.letters.told import Facts, Letter, Outdated, Told
from kierto.people.addresses import spoken_phone
from kierto.people.models import Expert, ExpertState
from kierto.units.models import Organisation


def _approved(told: Told) -> Facts:
    return _expert(told, ExpertState.APPROVED) | {"link": f"{told.settings.base_url}/sign-in"}


def _declined(told: Told) -> Facts:
    expert = session.get(Expert, told.message.subject_id)
    words = expert.decision_words if expert is not None else None
    return _expert(told, ExpertState.DECLINED) | {"words": words, "link": f"{told.settings.base_url}/apply"}


def _paused(told: Told) -> Facts:
    return _expert(told, ExpertState.PAUSED) | {"link": f"{told.settings.base_url}/me"}


def _expert(told: Told, state: ExpertState) -> Facts:
    """Whose register it is, and how its coordinators are reached; nothing of why (mails say nothing of health)."""
    expert = session.get(Expert, told.message.subject_id)
    if expert is None or expert.state is not state:
        raise Outdated
    organisation = session.get_one(Organisation, expert.organisation_id)
    return {
        "organisation": organisation.name.text(),
        "phone": spoken_phone(organisation.phone) if organisation.phone else None,
        "email": organisation.email,
        "address": told.message.person.email or told.message.person.phone if told.message.person else None,
    }


LETTERS: dict[str, Letter] = {
    "expert.approved": Letter(_approved),
    "expert.declined": Letter(_declined),
    "expert.paused": Letter(_paused),
}
