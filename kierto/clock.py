"""The one place that tells the time: instants are aware and in UTC, people see Helsinki."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")

_offset: ContextVar[timedelta] = ContextVar("kierto_clock_offset", default=timedelta(0))


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC) + _offset.get()


def today() -> date:
    """The present day where people are (Europe/Helsinki)."""
    return now().astimezone(HELSINKI).date()


def local(instant: datetime) -> datetime:
    """An aware instant as Helsinki's clocks show it."""
    return instant.astimezone(HELSINKI)


def instant(day: date, at: time) -> datetime:
    """The UTC instant of a wall-clock time in Helsinki.

    A time that the autumn's clock change repeats means its first occurrence; one that the spring's change skips
    means the moment as far after the change (PEP 495, fold=0).
    """
    return datetime.combine(day, at, tzinfo=HELSINKI).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, `now()` starts from `moment` and runs on: the demo's past and the tests' future."""
    token = _offset.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
