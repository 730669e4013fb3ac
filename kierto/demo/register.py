"""What the demo's coordinators keep of their experts: languages and places, dates that come near, somebody twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from kierto.actor import SYSTEM, VISITOR, Actor
from kierto.database import session
from kierto.experts.answers import Step
from kierto.experts.applying import answer, begin, consent, send
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.deciding import RegisterDates, set_dates
from kierto.experts.models import ConsentTo
from kierto.experts.profile import Profile, write_profile
from kierto.experts.queries import draft_of
from kierto.people.actions import add_person, approve_expert
from kierto.people.models import Expert
from kierto.units import queries as units


class Kept(NamedTuple):
    """An expert's papers: days before today of induction and undertaking, days from today until the contract ends."""

    municipalities: tuple[str, ...]
    languages: tuple[str, ...]
    inducted: int | None = 200
    undertaking: int | None = 200
    contract: int | None = None
    themes: tuple[str, ...] = ()
    needs: str = ""


REGISTER: dict[str, Kept] = {
    "reijo": Kept(
        ("Helsinki",), ("fi",), contract=40, themes=("encounter", "access-to-care"), needs="Paikka lähellä ovea."
    ),
    "anneli": Kept(
        ("Helsinki", "Vantaa"), ("fi", "sv"), contract=300, themes=("encounter",), needs="Tauko tunnin jälkeen."
    ),
    "marko": Kept(("Helsinki",), ("fi",), contract=-6, themes=("encounter", "information")),
    "birgitta": Kept(("Helsinki", "Espoo"), ("sv", "fi")),
    "omar": Kept(("Helsinki",), ("fi", "en", "so"), undertaking=None),
    "tuula": Kept(("Helsinki",), ("fi",)),
    "pasi": Kept(("Helsinki",), ("fi", "sgn"), inducted=None, undertaking=None),
    "kaisa": Kept(("Helsinki",), ("fi",), themes=("close-ones",), needs="Mukaan tulee tukihenkilö."),
    "esko": Kept(("Helsinki",), ("fi",), contract=80, themes=("close-ones",), needs="Induktiosilmukka."),
    "jenna": Kept((), ("fi", "en")),
    "gunilla": Kept(("Raasepori", "Inkoo"), ("sv",), contract=25),
    "kari": Kept(("Lohja",), ("fi",)),
}

APPLICANTS: tuple[dict[str, object], ...] = (
    {
        "name": "Hilkka Nurmela",
        "email": "hilkka.nurmela@kierto.example",
        "municipalities": ("Helsinki",),
        "languages": ("fi",),
        "training": "Kokemusasiantuntijakoulutus 2025",
    },
    {"name": "Raimo Ahola", "phone": "+358000000008", "call_wished": True, "languages": ("fi",)},
)
"""Who waits for a decision: one by mail, one by phone who wishes to be called."""

TWICE = "Kaisa Virolainen"
"""Who is in the register of Helsinki once more: by phone this time, from an old list."""


def keep(coordinators: dict[int, Actor], persons: dict[str, int], today: date) -> None:
    """Write down what is kept; `coordinators` by organisation, `persons` by the names of the story."""
    themes = {theme.code: theme.id for theme in units.themes()}
    for expert, kept in _experts(persons):
        profile = Profile(municipalities=kept.municipalities, languages=kept.languages)
        write_profile(SYSTEM, expert, profile)
        set_dates(coordinators[expert.organisation_id], expert, _dates(kept, today))
        give_consent(SYSTEM, expert, ConsentTo.REGISTER)
        if kept.themes:
            give_consent(SYSTEM, expert, ConsentTo.THEMES)
            replace_themes(SYSTEM, expert, [id_ for code, id_ in themes.items() if code in kept.themes])
        if kept.needs:
            give_consent(SYSTEM, expert, ConsentTo.NEEDS)
            replace_needs(SYSTEM, expert, kept.needs)


def add_twice(coordinator: Actor, organisation_id: int) -> None:
    """Somebody types an old list in, and does not see that she is there already."""
    approve_expert(coordinator, add_person(TWICE, phone="+358000000009"), organisation_id)


def apply(organisation_id: int, **told: object) -> None:
    """Somebody applies, and waits for a coordinator to decide."""
    token = begin(VISITOR, organisation_id, "fi")
    application = draft_of(VISITOR, token)
    assert application is not None
    consent(application)
    answer(application, Step.NAME, **told)
    send(VISITOR, application)


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
