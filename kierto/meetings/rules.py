"""Rules about a meeting's time, place and state, in plain Python."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import holidays

from kierto.clock import local
from kierto.errors import Refused, Rule
from kierto.units.rules import Hours
from kierto.words import N_

MEETING_UNIT_FREE = Rule("meeting-unit-free", N_("The unit already has a meeting at that time. Choose another time."))
MEETING_ENDS_LATER = Rule("meeting-ends-later", N_("The meeting must end after it starts. Change the time."))
MEETING_MIX = Rule(
    "meeting-mix", N_("The meeting needs room for everyone its mix asks for. Give it more seats or a smaller mix.")
)
MEETING_TWO_UNITS = Rule("meeting-two-units", N_("A unit cannot meet with itself. Choose another unit."))
SEAT_CAPACITY = Rule("seat-capacity", N_("The meeting is full. You can join the waiting list."))
CALENDAR_SEQUENCE = Rule(
    "calendar-sequence", N_("A change of time, place or state raises the meeting’s number, so that calendars follow.")
)


class Span(NamedTuple):
    """A stretch of time: aware instants, `end` not included."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def check_unit_free(span: Span, others: Iterable[Span]) -> None:
    """Rule meeting-unit-free: one meeting at a time, never on Finnish public holidays or their eves.

    Guarded by the unit's lock.

    Raises:
        Refused: meeting-unit-free.
    """
    if any(span.overlaps(other) for other in others):
        raise Refused(MEETING_UNIT_FREE, field="time")
    if is_closed(local(span.start).date()):
        raise Refused(
            MEETING_UNIT_FREE,
            N_("That day is a weekend, a public holiday or its eve. Choose another day."),
            field="day",
        )


def check_hosting(span: Span, hours: Iterable[Hours], blocked: Iterable[tuple[date, date]]) -> None:
    """Rule meeting-unit-free: within the unit's hosting hours, where it has given any, and not on days it has blocked.

    Only times that Kierto offers keep to it: who books is the unit's host contact or a coordinator, and says so by
    choosing another time.

    Raises:
        Refused: meeting-unit-free.
    """
    start, end = local(span.start), local(span.end)
    if any(first <= start.date() <= last for first, last in blocked):
        raise Refused(MEETING_UNIT_FREE, N_("The unit does not host meetings on that day."), field="day")
    given = list(hours)
    if given and not any(
        one.weekday == start.isoweekday() and one.from_at <= start.time() and end.time() <= one.until_at
        for one in given
    ):
        raise Refused(MEETING_UNIT_FREE, N_("The unit does not host meetings at that time."), field="time")


def is_closed(day: date) -> bool:
    """Whether units are closed: a weekend, a Finnish public holiday, or the eve of one that people keep."""
    return day.weekday() >= 5 or day in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    """Public holidays, and the eves that are days off in practice (Midsummer's and Christmas Eve, and the like)."""
    finland = holidays.country_holidays("FI", years=(year, year + 1), language="en_US")
    # The list holds Christmas and Midsummer Eve itself: the day before an eve is a working day.
    eves = {day - timedelta(days=1) for day, name in finland.items() if not name.endswith("Eve")}
    return frozenset(day for day in eves.union(finland) if day.year == year)
