"""Days and times of invented meetings: open days only, counted from today."""

from datetime import date, datetime, time, timedelta

from kierto.clock import instant, local
from kierto.meetings.rules import is_closed

FIRST_START, LAST_START = time(8), time(15)
"""When an invented meeting may start."""

USUAL_START = time(13)
_HALF_HOUR = 30


def open_from(day: date) -> date:
    """The day itself when units are open, else the next one when they are."""
    while is_closed(day):
        day += timedelta(days=1)
    return day


def open_until(day: date) -> date:
    """The day itself when units are open, else the last one before it when they were."""
    while is_closed(day):
        day -= timedelta(days=1)
    return day


def days_before(day: date, count: int, apart: int) -> list[date]:
    """So many open days before `day`, each at least `apart` days before the next, oldest first."""
    found: list[date] = []
    for _ in range(count):
        day = open_until(day - timedelta(days=apart))
        found.insert(0, day)
    return found


def days_after(day: date, count: int, apart: int) -> list[date]:
    """So many open days after `day`, each at least `apart` days after the one before."""
    found: list[date] = []
    for _ in range(count):
        day = open_from(day + timedelta(days=apart))
        found.append(day)
    return found


def just_begun(now: datetime) -> tuple[date, time]:
    """When a meeting started that has begun by `now` (aware): within the last half hour in working time, else before.

    In the evening it started in the afternoon; at night, on a weekend or a holiday, on the last open day.
    """
    there = local(now)
    day, at = (
        there.date(),
        there.time().replace(minute=there.minute - there.minute % _HALF_HOUR, second=0, microsecond=0),
    )
    if is_closed(day) or at < FIRST_START:
        return open_until(day - timedelta(days=1)), USUAL_START
    return day, min(at, LAST_START)


def working_hour(day: date, at: time, now: datetime) -> datetime:
    """The instant of a wall-clock time on the first open day from `day`, but never later than an hour before `now`."""
    return min(instant(open_from(day), at), now - timedelta(hours=1))
