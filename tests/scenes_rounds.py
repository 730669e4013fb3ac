"""Rounds that tests bring about: drafts, turns skipped, rounds closed and called off."""

from datetime import date, timedelta
from typing import Any

from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.rounds import queries
from kierto.rounds.actions import choose_units, create_round
from kierto.rounds.lifecycle import cancel_round, close_round
from kierto.rounds.models import Round, Stop, StopState
from kierto.rounds.skipping import skip_stop
from kierto.seats.moving import move_seats
from kierto.units.actions import add_unit
from kierto.units.models import Unit
from kierto.words import Localised
from tests.cast import Cast, Thing, plan
from tests.client import Page

FIRST, LAST = date(2027, 2, 1), date(2027, 5, 28)


def draft(cast: Cast, units: list[int] | None = None, name: str = "Kesän kierros", **changed: Any) -> Thing[Round]:
    """A round that is being prepared, of the first two units unless told otherwise."""
    with writing():
        actor = cast.actor("coordinator")
        round_ = create_round(actor, cast.organisation.id, plan(name, FIRST, LAST, **changed))
        choose_units(actor, round_, [cast.unit.id, cast.other_unit.id] if units is None else units)
        return Thing(round_)


def close(cast: Cast, round_: Thing[Round]) -> int:
    with writing():
        return close_round(cast.actor("coordinator"), round_.load())


def call_off(cast: Cast, round_: Thing[Round], reason: str = "Väkeä ei ole.") -> int:
    with writing():
        return cancel_round(cast.actor("coordinator"), round_.load(), reason)


def skip(cast: Cast, stop: Thing[Stop], reason: str) -> None:
    with writing():
        skip_stop(cast.actor("coordinator"), stop.load(), reason)


def moved(cast: Cast, meeting: Thing[Meeting], by: timedelta, name: str = "coordinator") -> int:
    """Somebody moves a meeting by so much; returns how many are asked again (seat-reconfirm)."""
    with writing():
        found = meeting.load()
        before = found.span
        found.starts_at, found.ends_at = before.start + by, before.end + by
        session.flush()
        return move_seats(cast.actor(name), found, before)


def states_of(round_: Thing[Round]) -> list[StopState]:
    """How the round's turns stand, in its order."""
    session.remove()
    with reading():
        return [stop.state for stop in session.scalars(queries.stops_of(round_.load()))]


def units_of(round_: Thing[Round]) -> list[int]:
    """The round's units, in its order."""
    session.remove()
    with reading():
        return [stop.unit_id for stop in session.scalars(queries.stops_of(round_.load()))]


def kinds(kind: str) -> list[dict[str, object]]:
    """The data of every event of the kind, in order."""
    session.remove()
    with reading():
        return [event.data for event in session.query(Event).filter_by(kind=kind).order_by(Event.id)]


def new_unit(cast: Cast, name: str = "Uusi asema", municipality: str = "Helsinki") -> Thing[Unit]:
    with writing():
        unit = add_unit(
            cast.actor("coordinator"),
            cast.organisation.id,
            Localised(name),
            service_id=1,
            municipality=municipality,
            street_address="Katu 1",
        )
    return Thing(unit)


def means(page: Page) -> list[str]:
    """What the page says that happens."""
    return [" ".join(item.text.split()) for item in page.document.select("[aria-labelledby=means] li")]


def order(page: Page) -> list[str]:
    """The round's units as its page lists them, each with its number."""
    return [" ".join(heading.text.split()) for heading in page.document.select("[aria-labelledby=units] h3")]
