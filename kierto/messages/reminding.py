"""What time sets in motion for those who come: reminders of a meeting, and a warning that people are still needed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, or_, select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.clock import instant, local
from kierto.database import lock_one, session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import ExpertsReminded, MeetingMixMissing, MeetingReminded
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.rules import AFTERNOON, LATE_REMINDER, MIX_WARNED_BEFORE, WEEK_BEFORE, may_leave, reminder_due
from kierto.seats.watching import mix_warning_due

_COMING = (MeetingState.PROPOSED, MeetingState.CONFIRMED)
_WHAT_DECIDES = (
    Meeting.id,
    Meeting.starts_at,
    Meeting.created_at,
    Meeting.reminded_week_at,
    Meeting.reminded_day_at,
)
AT_ONCE = 100


def reminders_due() -> Sequence[tuple[int, int]]:
    """(meeting id, days before) of the reminders that are to leave now, the soonest meeting first."""
    now = clock.now()
    if not may_leave(now, AFTERNOON):
        return []
    today = local(now).date()
    tomorrow, after, late, last = (
        _midnight(today + timedelta(days=days)) for days in (1, 2, LATE_REMINDER, WEEK_BEFORE + 1)
    )
    found = session.execute(
        select(*_WHAT_DECIDES)
        .where(
            Meeting.state.in_(_COMING),
            or_(
                and_(Meeting.starts_at >= tomorrow, Meeting.starts_at < after, Meeting.reminded_day_at.is_(None)),
                and_(Meeting.starts_at >= late, Meeting.starts_at < last, Meeting.reminded_week_at.is_(None)),
            ),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    due = ((id_, _due(starts, made, week, day)) for id_, starts, made, week, day in found)
    return [(id_, days) for id_, days in due if days is not None][:AT_ONCE]


def remind(meeting_id: int, days: int) -> None:
    """Let those who come be reminded, once. Nothing happens when the meeting was moved or cancelled meanwhile."""
    meeting = lock_one(Meeting, meeting_id)
    if meeting.state not in _COMING:
        return
    if _due(meeting.starts_at, meeting.created_at, meeting.reminded_week_at, meeting.reminded_day_at) != days:
        return
    if days == 1:
        meeting.reminded_day_at = clock.now()
    else:
        meeting.reminded_week_at = clock.now()
    record(SYSTEM, meeting, MeetingReminded(days=days))
    record(SYSTEM, meeting, ExpertsReminded(days=days))


def mixes_missing() -> Sequence[int]:
    """Ids of meetings that are near, not confirmed yet, and of which nobody was warned, soonest first.

    Those who may still say yes are waited for (`seats.watching.mix_warning_due`).
    """
    now = clock.now()
    near = session.scalars(
        select(Meeting)
        .where(
            Meeting.state == MeetingState.PROPOSED,
            Meeting.starts_at > now,
            Meeting.starts_at <= now + MIX_WARNED_BEFORE,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [meeting.id for meeting in near if mix_warning_due(meeting, MIX_WARNED_BEFORE)][:AT_ONCE]


def warn_of_mix(meeting_id: int) -> None:
    """Let the unit and the coordinators know that people are still needed (meeting-mix), once."""
    meeting = lock_one(Meeting, meeting_id)
    if not mix_warning_due(meeting, MIX_WARNED_BEFORE):
        return
    meeting.warned_mix_at = clock.now()
    record(SYSTEM, meeting, MeetingMixMissing())


def _due(starts_at: datetime, created_at: datetime, week_at: datetime | None, day_at: datetime | None) -> int | None:
    return reminder_due(clock.today(), local(starts_at).date(), local(created_at).date(), week_at, day_at)


def _midnight(day: date) -> datetime:
    return instant(day, time.min)
