"""When a message may leave, when one that did not leave is tried again, and when it is given up."""

from datetime import datetime, time, timedelta
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

EXPERT_REMINDED = "meeting.reminded_expert"
HOURS_OF_KINDS = {EXPERT_REMINDED: AFTERNOON}
"""The kinds of letters that leave at other hours than the usual ones."""

IN_TIME = timedelta(hours=3)
"""So long before a meeting people have set out for it: what comes later is too late."""


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
