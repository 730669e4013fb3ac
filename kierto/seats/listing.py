"""The list of meetings as people search it, and a month of it. tests/bench/meetings.py says how quick it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, or_, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.queries import WITH_PLACE, visible
from kierto.units.models import Unit

LONGEST = timedelta(days=1)
"""No meeting lasts so long: what began earlier has ended, so an index on the beginning finds what is still to end."""

SHOWN_A_DAY = 3
"""So many meetings of one day a month shows; the others are on the day's own list."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; what is none narrows nothing. On a day: also what has ended on it."""

    municipality: str | None = None
    unit_ref: str | None = None
    theme_id: int | None = None
    on: date | None = None


@dataclass(frozen=True)
class Day:
    """A day's meetings as a month shows them: the first of them, and how many more there are."""

    meetings: Sequence[Meeting]
    more: int


def listed(actor: Actor, filters: Filters, limit: int, after: Meeting | None = None) -> Sequence[Meeting]:
    """Visible meetings that have not ended and are not cancelled, soonest first, from behind `after`."""
    statement = _narrowed(visible(actor), filters)
    statement = statement.where(_between(filters.on, filters.on + timedelta(days=1)) if filters.on else _not_ended())
    if after is not None:
        statement = statement.where(
            Meeting.starts_at >= after.starts_at,  # what an index can begin at
            or_(Meeting.starts_at > after.starts_at, Meeting.id > after.id),
        )
    return session.scalars(statement.options(*WITH_PLACE).order_by(Meeting.starts_at, Meeting.id).limit(limit)).all()


def month(actor: Actor, filters: Filters, first: date) -> Mapping[date, Day]:
    """Day → its visible meetings that are not cancelled, of the month that begins with `first`."""
    after = (first + timedelta(days=31)).replace(day=1)
    statement = _narrowed(visible(actor), filters).where(_between(first, after))
    rows = session.execute(
        statement.with_only_columns(Meeting.id, Meeting.starts_at).order_by(Meeting.starts_at, Meeting.id)
    )
    days = {day: [id_ for id_, _starts_at in group] for day, group in groupby(rows, lambda row: _day(row[1]))}
    found = _loaded(id_ for ids in days.values() for id_ in ids[:SHOWN_A_DAY])
    return {
        day: Day([found[id_] for id_ in ids[:SHOWN_A_DAY]], max(0, len(ids) - SHOWN_A_DAY)) for day, ids in days.items()
    }


def municipalities(actor: Actor) -> Sequence[str]:
    """Where visible meetings are coming, each municipality once."""
    return sorted(session.scalars(select(Unit.municipality).where(_coming_there(actor)).distinct()))


def units_in(actor: Actor, municipality: str) -> Sequence[Unit]:
    """The units of a municipality where visible meetings are coming, by name."""
    return session.scalars(
        select(Unit).where(Unit.municipality == municipality, _coming_there(actor)).order_by(Unit.__table__.c.name_fi)
    ).all()


def _coming_there(actor: Actor) -> ColumnElement[bool]:
    """A visible meeting is coming in the unit: asked unit by unit, which stops at the first one found."""
    coming = visible(actor).where(Meeting.unit_id == Unit.id, Meeting.state != MeetingState.CANCELLED, _not_ended())
    return coming.correlate(Unit).exists()


def _loaded(ids: Iterable[int]) -> Mapping[int, Meeting]:
    found = session.scalars(select(Meeting).where(Meeting.id.in_(set(ids))).options(*WITH_PLACE))
    return {meeting.id: meeting for meeting in found}


def _narrowed(statement: Select[Meeting], filters: Filters) -> Select[Meeting]:
    statement = statement.where(Meeting.state != MeetingState.CANCELLED)
    units = select(Unit.id)
    if filters.unit_ref:
        chosen = units.where(Unit.ref == filters.unit_ref)
        statement = statement.where(or_(Meeting.unit_id.in_(chosen), Meeting.co_unit_id.in_(chosen)))
    elif filters.municipality:
        statement = statement.where(Meeting.unit_id.in_(units.where(Unit.municipality == filters.municipality)))
    if filters.theme_id:
        statement = statement.where(Meeting.theme_id == filters.theme_id)
    return statement


def _not_ended() -> ColumnElement[bool]:
    now = clock.now()
    return and_(Meeting.starts_at > now - LONGEST, Meeting.ends_at > now)


def _between(first: date, after: date) -> ColumnElement[bool]:
    """It begins on one of the days from `first` on, before `after`."""
    return and_(Meeting.starts_at >= clock.instant(first, time.min), Meeting.starts_at < clock.instant(after, time.min))


def _day(at: datetime) -> date:
    return clock.local(at).date()
