"""What happened in the demo region: rounds, who came to which meeting, what was agreed there. Days count from today."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from kierto.demo import practices as agreed
from kierto.demo.days import USUAL_START, days_after, days_before, just_begun, open_from
from kierto.demo.places import COAST, HELSINKI
from kierto.demo.practices import Agreed
from kierto.words import Localised

MORNING = time(9)


class Visit(NamedTuple):
    """A unit's meeting. Experts and staff take seats in this order after the host contact has booked.

    `moved_from` is when it was booked for at first.
    """

    unit: str
    day: date
    at: time
    experts: tuple[str, ...]
    staff: tuple[str, ...] = ()
    practice: Agreed | None = None
    moved_from: tuple[date, time] | None = None


class Wish(NamedTuple):
    """A unit asks another one to change times with it."""

    unit: str
    other: str
    words: str


class Tour(NamedTuple):
    """A round: the visits booked so far, and the units whose turn still waits; a closed one has ended."""

    organisation: str
    coordinator: str
    name: Localised
    theme: str
    minutes: int
    mix_experts: int
    seats: int
    gap_days: int
    public: bool
    visits: tuple[Visit, ...]
    waiting: tuple[str, ...] = ()
    interest_days: int = 0
    closed: bool = False
    wish: Wish | None = None


def tours(now: datetime) -> list[Tour]:
    """The demo's rounds as they stand at `now`. In the round of encounters a meeting has just begun."""
    today, at = just_begun(now)
    return [_access(today), _encounter(today, at), _close_ones(today), _language(today), _coming_home(today)]


def _encounter(today: date, at: time) -> Tour:
    first, second, third, fourth = days_before(today, 4, apart=14)
    next_, after_next = days_after(today, 2, apart=14)
    return Tour(
        HELSINKI,
        "maarit",
        Localised("Kohtaamisen kierros", "Omgången om bemötande", "The round of encounters"),
        "encounter",
        minutes=120,
        mix_experts=2,
        seats=6,
        gap_days=7,
        public=True,
        visits=(
            Visit("koivukallio", first, USUAL_START, ("reijo", "anneli"), ("niina",), agreed.NAME_FIRST),
            Visit("meriranta", second, USUAL_START, ("marko", "anneli"), ("oskari",), agreed.CALL_BACK),
            Visit("lehtokulma", third, time(12, 30), ("jenna", "omar", "kaisa"), ("leena",), agreed.FAMILIAR_FACE),
            Visit("kivipuro", fourth, USUAL_START, ("birgitta", "reijo"), (), agreed.HOMEWARD),
            Visit("harjula", today, at, ("anneli", "pasi"), ("fatima",)),
            Visit("satamakatu", next_, USUAL_START, ("marko", "tuula", "esko")),
            Visit(
                "niittymaa",
                after_next,
                USUAL_START,
                ("jenna",),
                ("veikko",),
                moved_from=(open_from(after_next + timedelta(days=1)), MORNING),
            ),
        ),
        waiting=("pihlajatie", "tuulimaki"),
        wish=Wish("satamakatu", "niittymaa", "Meillä vaihtuu silloin potilastietojärjestelmä. Sopisiko vaihtaa?"),
    )


def _access(today: date) -> Tour:
    first, second, third, fourth, *_others = days_before(today, 6, apart=28)
    return Tour(
        HELSINKI,
        "joonas",
        Localised("Hoitoon pääsyn kierros", "Omgången om tillgång till vård", "The round of getting into care"),
        "access-to-care",
        minutes=90,
        mix_experts=2,
        seats=5,
        gap_days=14,
        public=True,
        visits=(
            Visit("koivukallio", first, USUAL_START, ("tuula", "pasi"), ("niina",), agreed.WAITING_TIME),
            Visit("satamakatu", second, USUAL_START, ("esko", "omar"), (), agreed.ONE_NUMBER),
            Visit("lehtokulma", third, MORNING, ("anneli", "jenna"), ("leena",)),
            Visit("tuulimaki", fourth, USUAL_START, ("marko", "reijo")),
        ),
        closed=True,
    )


def _close_ones(today: date) -> Tour:
    (soon,) = days_after(today, 1, apart=9)
    return Tour(
        HELSINKI,
        "joonas",
        Localised("Läheisten kierros", "De närståendes omgång", "The round of close ones"),
        "close-ones",
        minutes=120,
        mix_experts=1,
        seats=3,
        gap_days=14,
        public=False,
        visits=(Visit("meriranta", soon, MORNING, ("kaisa", "birgitta", "esko"), ()),),
        waiting=("harjula", "pihlajatie"),
    )


def _language(today: date) -> Tour:
    (held,) = days_before(today, 1, apart=20)
    (coming,) = days_after(today, 1, apart=12)
    return Tour(
        COAST,
        "camilla",
        Localised("Kielen kierros", "Språkomgången", "The round of languages"),
        "information",
        minutes=90,
        mix_experts=1,
        seats=4,
        gap_days=14,
        public=True,
        visits=(
            Visit("saaristo", held, USUAL_START, ("gunilla", "kari"), (), agreed.OWN_LANGUAGE),
            Visit("tammi", coming, USUAL_START, ("kari",)),
        ),
        waiting=("kuunari",),
    )


def _coming_home(today: date) -> Tour:
    """Booked lately: experts still say that they are interested. Seats are given by fair turn after a week."""
    (coming,) = days_after(today, 1, apart=12)
    return Tour(
        HELSINKI,
        "joonas",
        Localised("Kotiutumisen kierros", "Omgången om hemgång", "The round of coming home"),
        "continuity",
        minutes=90,
        mix_experts=1,
        seats=4,
        gap_days=14,
        public=True,
        visits=(Visit("tuulimaki", coming, MORNING, ("tuula", "omar", "pasi"), ()),),
        waiting=("lehtokulma", "kivipuro"),
        interest_days=7,
    )
