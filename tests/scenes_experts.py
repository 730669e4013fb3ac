"""Experts as the register has them: who has applied, who told what, and who is there twice."""

from typing import Any

from sqlalchemy import select

from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.models import Event, Read, Reading
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.models import ConsentTo
from kierto.people.actions import add_person, approve_expert
from kierto.people.models import Expert, ExpertState
from kierto.units.models import Organisation, Theme
from tests.cast import NAMES, Cast, Thing

NEEDS = "Ovi auki koko kokouksen ajan"
OWN_WORDS = "Minulla on kokemusta päihdepalveluista"


def expert_of(cast: Cast, name: str) -> Thing[Expert]:
    """One of the cast in the organisation's register."""
    with writing():
        statement = select(Expert).where(
            Expert.person_id == cast.id(name), Expert.organisation_id == cast.organisation.id
        )
        return Thing(session.scalars(statement).one())


def in_register(cast: Cast, name: str, **facts: Any) -> Thing[Expert]:
    """One more person in the organisation's register; `email`, `phone` and `state` among the facts."""
    email, phone = facts.pop("email", None), facts.pop("phone", None)
    organisation_id = facts.pop("organisation_id", cast.organisation.id)
    with writing():
        person = add_person(name, email=email, phone=phone)
        expert = approve_expert(SYSTEM, person, organisation_id)
        for field, value in facts.items():
            setattr(expert, field, value)
        return Thing(expert)


def applies(cast: Cast, name: str = "Aune Hakija", **facts: Any) -> Thing[Expert]:
    """Somebody who waits for a decision."""
    return in_register(cast, name, state=ExpertState.APPLIED, **facts)


def tells(cast: Cast, expert: Thing[Expert], *themes: str, needs: str = NEEDS, own_words: str = OWN_WORDS) -> None:
    """The expert tells of health: themes by their codes, what to arrange, and in their own words."""
    with writing():
        one = expert.load()
        for to in ConsentTo:
            give_consent(SYSTEM, one, to)
        ids = session.scalars(select(Theme.id).where(Theme.code.in_(themes or ("encounter",)))).all()
        replace_themes(SYSTEM, one, ids)
        replace_needs(SYSTEM, one, needs)
        one.own_words = own_words.encode()


def relaxed(cast: Cast) -> None:
    """The organisation lets what is stored be read in any session, with its reason."""
    with writing():
        session.get_one(Organisation, cast.organisation.id).weak_reading_reason = "Kertakirjautumista ei vielä ole"


def readings(cast: Cast) -> list[tuple[int | None, int, Read]]:
    """(reader, person, what) of everything that was read, oldest first."""
    with writing():
        rows = session.execute(select(Reading.reader_id, Reading.person_id, Reading.what).order_by(Reading.id))
        return [(reader, person, what) for reader, person, what in rows]


def kinds_of(expert: Thing[Expert]) -> list[str]:
    """The kinds of events about the expert, oldest first."""
    with writing():
        statement = select(Event.kind).where(Event.subject == "experts", Event.subject_id == expert.id)
        return list(session.scalars(statement.order_by(Event.id)))


def twin(cast: Cast, **facts: Any) -> Thing[Expert]:
    """The expert of the cast once more, with another address."""
    facts.setdefault("email", "m.virtanen@example.fi")
    return in_register(cast, NAMES["expert"][0], **facts)
