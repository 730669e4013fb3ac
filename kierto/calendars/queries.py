"""Reading what a feed shows of meetings."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, case, func, or_

from kierto import clock
from kierto.actor import VISITOR
from kierto.calendars.event import Entry, Status
from kierto.calendars.feed import MOST_BYTES, Content
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.queries import visible
from kierto.units.models import Theme, Unit

MONTHS_BACK = 3
MONTHS_AHEAD = 12
CANCELLED_STAYS = timedelta(days=30)

_SMALLEST_FRAGMENT = 400
_SHOWN = (
    Meeting.uid,
    Meeting.ref,
    Meeting.sequence,
    Meeting.state,
    Meeting.starts_at,
    Meeting.ends_at,
    Meeting.created_at,
    Meeting.changed_at,
    Meeting.room,
    Meeting.description,
    Unit.name.label("unit"),
    Unit.street_address,
    Unit.municipality,
    Unit.changed_at.label("unit_changed_at"),
    Theme.name.label("theme"),
)


def public_content(day: date) -> Content:
    """What the public feed holds on the day, in one small query: an unchanged feed costs no more than this."""
    count, meetings_newest, units_newest, meeting_versions, unit_versions = session.execute(_content(day)).one()
    newest = max(meetings_newest, units_newest) if count else None
    return Content(count, newest, int(meeting_versions), int(unit_versions))


def public_entries(day: date) -> Sequence[Entry]:
    """The public feed's meetings on the day: the coming ones, soonest first, then the past ones, latest first.

    No more than a feed of its largest size can hold.
    """
    coming = Meeting.starts_at >= _midnight(day)
    statement = (
        _public(day)
        .join(Meeting.theme)
        .with_only_columns(*_SHOWN)
        .order_by(case((coming, 0), else_=1), case((coming, Meeting.starts_at)), Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST_BYTES // _SMALLEST_FRAGMENT)
    )
    return [_entry(row) for row in session.execute(statement)]


@lru_cache(maxsize=4)
def _content(day: date) -> Select[Any, Any, Any, Any, Any]:
    """Kept for the day: to put the statement together takes as long as to run it."""
    return _public(day).with_only_columns(
        func.count(),
        func.max(Meeting.changed_at),
        func.max(Unit.changed_at),
        func.coalesce(func.sum(Meeting.version), 0),
        func.coalesce(func.sum(Unit.version), 0),
    )


def _public(day: date) -> Select[Meeting]:
    """What a visitor sees of the meetings in the feed's window, with their units (calendar-cancelled-stays).

    Every edge is a midnight in Helsinki, so that the feed changes by itself only when the day does.
    """
    return (
        visible(VISITOR)
        .join(Meeting.unit)
        .where(
            Meeting.starts_at >= _midnight(_months(day, -MONTHS_BACK)),
            Meeting.starts_at < _midnight(_months(day, MONTHS_AHEAD)),
            or_(
                Meeting.state != MeetingState.CANCELLED,
                Meeting.cancelled_at >= _midnight(day - CANCELLED_STAYS),
                Meeting.ends_at >= _midnight(day),
            ),
        )
    )


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    """A row of `_SHOWN`."""
    return Entry(
        uid=row.uid,
        ref=row.ref,
        sequence=row.sequence,
        status=Status.CANCELLED if row.state is MeetingState.CANCELLED else Status.CONFIRMED,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_at=row.created_at,
        changed_at=max(row.changed_at, row.unit_changed_at),
        unit=row.unit,
        address=f"{row.street_address}, {row.municipality}",
        theme=row.theme,
        room=row.room,
        description=row.description,
    )


def _midnight(day: date) -> datetime:
    return clock.instant(day, time.min)


def _months(day: date, number: int) -> date:
    """The same day so many months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
