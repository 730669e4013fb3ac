"""Rules about a meeting's time, place and state, in plain Python."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import holidays

from kierto.clock import instant, local
from kierto.errors import Refused, Rule
from kierto.units.rules import Hours
from kierto.words import N_

MEETING_UNIT_FREE = Rule("meeting-unit-free", N_("The unit already has a meeting at that time. Choose another time."))
MEETING_ENDS_LATER = Rule("meeting-ends-later", N_("The meeting must end after it starts. Change the time."))
MEETING_MIX = Rule(
    "meeting-mix", N_("The meeting needs room for everyone its mix asks for. Give it more seats or a smaller mix.")
)
MEETING_TWO_UNITS = Rule("meeting-two-units", N_("A unit cannot meet with itself. Choose another unit."))
MEETING_OPEN = Rule("meeting-open", N_("The meeting has begun or was cancelled, so it can no longer be changed."))
MEETING_REASON = Rule("meeting-reason", N_("Say why. Those who come to the meeting read it."))
MEETING_HAPPENED = Rule(
    "meeting-happened",
    N_("This can be said when the meeting is over and was not cancelled, until its minutes are published."),
)
REMOTE_LINK_LATE = Rule(
    "remote-link-late", N_("The remote link must be a web address. It begins with https:// and has no spaces.")
)
SEAT_CAPACITY = Rule("seat-capacity", N_("The meeting is full. You can join the waiting list."))
CALENDAR_SEQUENCE = Rule(
    "calendar-sequence", N_("A change of time, place or state raises the meeting’s number, so that calendars follow.")
)


LATE = timedelta(hours=24)
"""So near, a cancelling is late, a lost mix is for the coordinator to decide on, and remote links are shown."""

ASKED_AT = time(9)
"""When the unit is asked whether its meeting of the day before was held, on the clock in Helsinki."""

STILL_ASKED = timedelta(days=14)
"""Nobody is asked of a meeting that ended longer ago; unanswered it counts as held."""


class Span(NamedTuple):
    """A stretch of time: aware instants, `end` not included."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def check_unit_free(span: Span, others: Iterable[Span]) -> None:
    """Rule meeting-unit-free: a unit has one meeting at a time, whoever says what. Guarded by the unit's lock.

    Raises:
        Refused: meeting-unit-free.
    """
    if any(span.overlaps(other) for other in others):
        raise Refused(MEETING_UNIT_FREE, field="time")


def check_hosting(span: Span, hours: Iterable[Hours], blocked: Iterable[tuple[date, date]]) -> None:
    """Rule meeting-unit-free: when the unit hosts, unless its host contact or a coordinator says so.

    That is within its hosting hours, where it has given any (those that touch are one stretch), not on days it has
    blocked, and not on weekends, Finnish public holidays or their eves. Who books and is refused may say so: that is
    what the field `override` is for.

    Raises:
        Refused: meeting-unit-free; the field is `override`.
    """
    start, end = local(span.start), local(span.end)
    if is_closed(start.date()):
        raise Refused(
            MEETING_UNIT_FREE,
            N_("That day is a weekend, a holiday or its eve. Choose another day, or say that the unit hosts then."),
            field="override",
        )
    if any(first <= start.date() <= last for first, last in blocked):
        raise Refused(
            MEETING_UNIT_FREE,
            N_("The unit has blocked that day. Choose another day, or say that the unit hosts then."),
            field="override",
        )
    given = list(hours)
    if given and not (
        end.date() == start.date()
        and any(
            from_at <= start.time() and end.time() <= until_at
            for from_at, until_at in _stretches(one for one in given if one.weekday == start.isoweekday())
        )
    ):
        raise Refused(
            MEETING_UNIT_FREE,
            N_("That time is outside the unit’s hosting hours. Choose another time, or say that the unit hosts then."),
            field="override",
        )


def _stretches(hours: Iterable[Hours]) -> list[tuple[time, time]]:
    """The hours of one weekday, those that touch or overlap as one."""
    found: list[tuple[time, time]] = []
    for one in sorted(hours, key=lambda one: one.from_at):
        if found and one.from_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], one.until_at))
        else:
            found.append((one.from_at, one.until_at))
    return found


def is_late(start: datetime, now: datetime) -> bool:
    """Whether a meeting begins within 24 hours of `now`, or has begun."""
    return start - now <= LATE


def asked_from(end: datetime) -> datetime:
    """From when on it is asked whether a meeting that ended then was held: 9.00 the next morning."""
    return instant(local(end).date() + timedelta(days=1), ASKED_AT)


def check_remote_link(link: str) -> None:
    """Rule remote-link-late: what people press 24 hours before is a web address, and no other kind of link.

    Raises:
        Refused: remote-link-late.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or any(sign.isspace() for sign in link):
        raise Refused(REMOTE_LINK_LATE, field="remote_link")


def shown_from(span: Span) -> datetime:
    """Rule remote-link-late: since when the link is shown, 24 hours before the meeting."""
    return span.start - LATE


def remote_shown(span: Span, now: datetime) -> bool:
    """Rule remote-link-late: from 24 hours before the meeting until its end."""
    return shown_from(span) <= now < span.end


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
