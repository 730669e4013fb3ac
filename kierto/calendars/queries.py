"""Reading what a feed shows of meetings."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, and_, case, func, or_
from sqlalchemy.orm import contains_eager

from kierto import clock
from kierto.actor import VISITOR
from kierto.calendars.event import Entry, Status
from kierto.calendars.feed import MOST_BYTES, Content
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.queries import visible
from kierto.units.models import Unit

MONTHS_BACK = 3
MONTHS_AHEAD = 12
CANCELLED_STAYS = timedelta(days=30)

_SMALLEST_FRAGMENT = 400


def public_content(day: date) -> Content:
    """What the public feed holds on the day, in one small query: an unchanged feed costs no more than this."""
    statement = _public(day).with_only_columns(
        func.count(),
        func.max(Meeting.changed_at),
        func.max(Unit.changed_at),
        func.coalesce(func.sum(Meeting.version), 0),
        func.coalesce(func.sum(Unit.version), 0),
    )
    count, meetings_newest, units_newest, meeting_versions, unit_versions = session.execute(statement).one()
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
        .options(contains_eager(Meeting.unit), contains_eager(Meeting.theme))
        .order_by(case((coming, 0), else_=1), case((coming, Meeting.starts_at)), Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST_BYTES // _SMALLEST_FRAGMENT)
    )
    return [_entry(meeting) for meeting in session.scalars(statement)]


def _public(day: date) -> Select[Meeting]:
    """What a visitor sees of the feed's window, with its units (calendar-cancelled-stays).

    Every edge is a midnight in Helsinki, so that the feed changes by itself only when the day does.
    """
    past, future = _midnight(_months(day, -MONTHS_BACK)), _midnight(_months(day, MONTHS_AHEAD))
    stays = or_(
        Meeting.cancelled_at >= _midnight(day - CANCELLED_STAYS),
        Meeting.ends_at >= _midnight(day),
    )
    return (
        visible(VISITOR)
        .join(Meeting.unit)
        .where(
            Meeting.starts_at < future,
            or_(
                and_(Meeting.state != MeetingState.CANCELLED, Meeting.ends_at >= past),
                and_(Meeting.state == MeetingState.CANCELLED, stays),
            ),
        )
    )


def _entry(meeting: Meeting) -> Entry:
    unit = meeting.unit
    return Entry(
        uid=meeting.uid,
        ref=meeting.ref,
        sequence=meeting.sequence,
        status=Status.CANCELLED if meeting.state is MeetingState.CANCELLED else Status.CONFIRMED,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        created_at=meeting.created_at,
        changed_at=max(meeting.changed_at, unit.changed_at),
        unit=unit.name,
        address=unit.address,
        theme=meeting.theme.name,
        room=meeting.room,
        description=meeting.description,
    )


def _midnight(day: date) -> datetime:
    return clock.instant(day, time.min)


def _months(day: date, number: int) -> date:
    """The same day so many months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
