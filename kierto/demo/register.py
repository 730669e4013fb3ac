"""What the demo's coordinators keep of their experts: languages and places, dates that come near, somebody twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from kierto.actor import SYSTEM, Actor
from kierto.database import session
from kierto.experts.deciding import RegisterDates, set_dates
from kierto.experts.profile import Profile, write_profile
from kierto.people.actions import add_person, approve_expert
from kierto.people.models import Expert


class Kept(NamedTuple):
    """An expert's papers: days before today of induction and undertaking, days from today until the contract ends."""

    municipalities: tuple[str, ...]
    languages: tuple[str, ...]
    inducted: int | None = 200
    undertaking: int | None = 200
    contract: int | None = None


REGISTER: dict[str, Kept] = {
    "reijo": Kept(("Helsinki",), ("fi",), contract=40),
    "anneli": Kept(("Helsinki", "Vantaa"), ("fi", "sv"), contract=300),
    "marko": Kept(("Helsinki",), ("fi",), contract=-6),
    "birgitta": Kept(("Helsinki", "Espoo"), ("sv", "fi")),
    "omar": Kept(("Helsinki",), ("fi", "en", "so"), undertaking=None),
    "tuula": Kept(("Helsinki",), ("fi",)),
    "pasi": Kept(("Helsinki",), ("fi", "sgn"), inducted=None, undertaking=None),
    "kaisa": Kept(("Helsinki",), ("fi",)),
    "esko": Kept(("Helsinki",), ("fi",), contract=80),
    "jenna": Kept((), ("fi", "en")),
    "gunilla": Kept(("Raasepori", "Inkoo"), ("sv",), contract=25),
    "kari": Kept(("Lohja",), ("fi",)),
}

TWICE = "Kaisa Virolainen"
"""Who is in the register of Helsinki once more: by phone this time, from an old list."""


def keep(coordinators: dict[int, Actor], persons: dict[str, int], today: date) -> None:
    """Write down what is kept; `coordinators` by organisation, `persons` by the names of the story."""
    for expert, kept in _experts(persons):
        profile = Profile(municipalities=kept.municipalities, languages=kept.languages)
        write_profile(SYSTEM, expert, profile)
        set_dates(coordinators[expert.organisation_id], expert, _dates(kept, today))


def add_twice(coordinator: Actor, organisation_id: int) -> None:
    """Somebody types an old list in, and does not see that she is there already."""
    approve_expert(coordinator, add_person(TWICE, phone="+358000000009"), organisation_id)


def _experts(persons: dict[str, int]) -> Iterator[tuple[Expert, Kept]]:
    # Persons are locked in the order of their numbers.
    for name in sorted(REGISTER, key=persons.__getitem__):
        yield session.scalars(select(Expert).where(Expert.person_id == persons[name])).one(), REGISTER[name]


def _dates(kept: Kept, today: date) -> RegisterDates:
    def before(days: int | None) -> date | None:
        return today - timedelta(days=days) if days is not None else None

    return RegisterDates(
        inducted_on=before(kept.inducted),
        undertaking_on=before(kept.undertaking),
        contract_until=today + timedelta(days=kept.contract) if kept.contract is not None else None,
    )
