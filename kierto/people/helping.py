"""Whom a person calls or writes to when something is unclear."""

from typing import NamedTuple

from sqlalchemy import or_, select

from kierto.database import session
from kierto.people.addresses import spoken_phone
from kierto.people.models import Expert, ExpertState, Member
from kierto.settings import Settings
from kierto.units.models import Organisation


class Help(NamedTuple):
    """Where help is reached; either is empty when there is none."""

    phone: str
    email: str


def help_at(person_id: int | None, settings: Settings) -> Help:
    """The phone and the e-mail of the person's own organisation; what it has not given is the installation's.

    Who belongs to several organisations or to none (None: a visitor) is told the installation's: of several, no one
    is more theirs than another. An expert on a break still belongs. One query, none for a visitor.
    """
    own = _organisations(person_id) if person_id is not None else []
    phone, email = own[0] if len(own) == 1 else (None, None)
    return Help(spoken_phone(phone) if phone else settings.help_phone, email or settings.help_email)


def _organisations(person_id: int) -> list[tuple[str | None, str | None]]:
    works = select(Member.organisation_id).where(Member.person_id == person_id)
    expert = select(Expert.organisation_id).where(
        Expert.person_id == person_id, Expert.state.in_((ExpertState.APPROVED, ExpertState.PAUSED))
    )
    rows = session.execute(
        select(Organisation.phone, Organisation.email)
        .where(or_(Organisation.id.in_(works), Organisation.id.in_(expert)))
        .limit(2)
    )
    return [(phone, email) for phone, email in rows]
