"""When a message may leave, when one that did not leave is tried again, and when it is given up."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from kierto.clock import instant, local

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    *(timedelta(hours=6) for _ in range(7)),
)
"""The wait after each attempt in vain; together about two days (RFC 5321 §4.5.4.1 asks for 4–5 days of a server)."""


class Hours(NamedTuple):
    """From when to when in a day, on Helsinki's clocks; `ends` is not included."""

    begins: time
    ends: time


WAKING = Hours(time(9), time(20))
"""Outside these hours no telephone rings, but for what is urgent."""

AFTERNOON = Hours(time(12), time(18))
"""When experts are reminded: mornings are hard for many."""

HOURS_OF_KINDS = {"meeting.experts_reminded": AFTERNOON}
"""The kinds of letters that leave at other hours than the usual ones."""

IN_TIME = timedelta(hours=3)
"""So long before a meeting people have set out for it: what comes later is too late."""

WEEK_BEFORE = 7
"""Days before a meeting, when people are reminded first; the day before, once more."""

LATE_REMINDER = 3
"""Days before a meeting until which the first reminder still makes sense."""

MIX_WARNED_BEFORE = timedelta(days=10)
"""So long before a meeting its unit and the coordinators hear that people are still needed."""


def reminder_due(
    today: date, meeting_on: date, booked_on: date, week_at: datetime | None, day_at: datetime | None
) -> int | None:
    """The reminder to send today, in days before the meeting: 7, 1, or none.

    One that could not leave on its day leaves late; a meeting booked within the week needs no first one. `week_at` and
    `day_at`: when they left.
    """
    left = (meeting_on - today).days
    if left == 1:
        return 1 if day_at is None else None
    new = (meeting_on - booked_on).days <= WEEK_BEFORE
    return WEEK_BEFORE if LATE_REMINDER <= left <= WEEK_BEFORE and week_at is None and not new else None


def hours_of(kind: str) -> Hours:
    """When letters of the kind leave."""
    return HOURS_OF_KINDS.get(kind, WAKING)


def may_leave(moment: datetime, hours: Hours = WAKING) -> bool:
    """Whether a message that is not urgent may leave now. Judged by the wall clock, whatever its offset is that day."""
    return hours.begins <= local(moment).time() < hours.ends


def leaves_at(moment: datetime, hours: Hours = WAKING) -> datetime:
    """The first instant from `moment` on at which a message that is not urgent may leave."""
    if may_leave(moment, hours):
        return moment
    here = local(moment)
    day = here.date() if here.time() < hours.begins else here.date() + timedelta(days=1)
    return instant(day, hours.begins)


def cannot_wait(moment: datetime, meeting_starts: datetime) -> bool:
    """Whether the quiet hours would let news of a meeting come only when people have set out: then they are urgent."""
    return leaves_at(moment) > max(moment, meeting_starts - IN_TIME)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts (1 or more) in vain; None when the message is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
