"""When somebody is busy, by a calendar file of theirs. Only times come out: what they are for stays in the file."""

import re
import time as stopwatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

import recurring_ical_events  # type: ignore[import-untyped]  # it says nothing of its types
from icalendar import Calendar as Library
from icalendar import Event, vRecur

from kierto import clock
from kierto.experts.calendar_text import (
    MOST_BYTES,
    Calendar,
    Entry,
    Line,
    TooLarge,
    Zones,
    calendars,
    days_or_time,
    moment,
    texts,
)

MOST_SPANS = 50_000
MOST_SECONDS = 10.0
"""So long one file is read: longer takes only one that was made to."""

_FREE_WORDS = {"FREE", "WORKINGELSEWHERE"}
_PARTS = re.compile(r"(FREQ|UNTIL|COUNT|INTERVAL|WKST|BY[A-Z]+)=[A-Z0-9,+-]+")
_TIMES_A_DAY = 24
_MOST_RULES = 2
_EVERYWHERE = {"FREQ", "UNTIL", "COUNT", "INTERVAL", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"}
_IN_DAYS = _EVERYWHERE | {"BYDAY", "BYMONTH"}
_IN_MONTHS = _IN_DAYS | {"BYMONTHDAY", "BYSETPOS"}
_PARTS_OF = {
    "DAILY": _IN_DAYS,
    "WEEKLY": _IN_DAYS,
    "MONTHLY": _IN_MONTHS,
    "YEARLY": _IN_MONTHS | {"BYYEARDAY", "BYWEEKNO"},
}
"""What a rule may say. With more there may be no day that fits, and one is looked for until the year 9999."""

_OLDEST, _OLDEST_YEARLY = 1970, 1600
"""Birthdays of an unknown year repeat since 1604. From long ago each time would be counted through, one by one."""


class Span(NamedTuple):
    """A busy time, in UTC; the end is not in it."""

    start: datetime
    end: datetime


class Times(NamedTuple):
    """What a file says: busy times in their order, none touching the next; how many events could not be read."""

    spans: Sequence[Span]
    skipped: int


class Fault(StrEnum):
    """Why nothing can be read."""

    NONE = "none"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    BROKEN = "broken"


class Unreadable(Exception):
    """The file is no calendar, or one that cannot be read: `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def window(today: date) -> Span:
    """What is read of a calendar: from the day on, for 12 months."""
    last = today.replace(day=28) if (today.month, today.day) == (2, 29) else today
    return Span(clock.instant(today, time.min), clock.instant(last.replace(year=today.year + 1), time.min))


def read(content: bytes, around: Span, *, most_seconds: float = MOST_SECONDS) -> Times:
    """The busy times of a file around now; see `window`.

    Raises:
        Unreadable: it is no calendar file, too large, says too much, or nothing in it can be read.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault.TOO_LARGE)
    reader = _Reader(around, stopwatch.monotonic() + most_seconds)
    found = False
    try:
        for text in texts(content):
            for calendar in calendars(text):
                found = True
                reader.read(calendar)
    except TooLarge:
        raise Unreadable(Fault.TOO_LARGE) from None
    if not found:
        raise Unreadable(Fault.NONE)
    if reader.skipped and not reader.understood:
        raise Unreadable(Fault.BROKEN)
    return Times(merged(reader.spans), reader.skipped)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, those that touch or overlap made one."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


@dataclass
class _Happening:
    """An event as it is told: when it is first, how it repeats, whether the time stays free."""

    uid: str
    start: date | datetime
    end: date | datetime
    free: bool
    sequence: int
    rules: list[str] = field(default_factory=list)
    excluded: list[date | datetime] = field(default_factory=list)
    added: list[date | datetime | tuple[datetime, timedelta]] = field(default_factory=list)
    instead_of: date | datetime | None = None
    and_later: bool = False

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.added or self.instead_of)

    def for_library(self) -> Event:
        event = Event()
        event.add("uid", self.uid)
        event.add("dtstart", self.start)
        event.add("dtend", self.end)
        event.add("sequence", self.sequence)
        event.add("transp", "TRANSPARENT" if self.free else "OPAQUE")
        for rule in self.rules:
            event.add("rrule", vRecur.from_ical(rule))
        if self.excluded:
            event.add("exdate", self.excluded)
        if self.added:
            event.add("rdate", self.added)
        if self.instead_of is not None:
            later = {"RANGE": "THISANDFUTURE"} if self.and_later else {}
            event.add("recurrence-id", self.instead_of, parameters=later)
        return event


class _Reader:
    """Gathers the spans of calendars; what of an event is broken leaves that event out."""

    def __init__(self, around: Span, until: float) -> None:
        self.around = around
        self.until = until
        self.spans: list[Span] = []
        self.skipped = 0
        self.understood = 0

    def read(self, calendar: Calendar) -> None:
        self.skipped += calendar.cut
        zones = Zones(calendar.zones)
        by_uid: dict[str, list[_Happening]] = {}
        for number, entry in enumerate(calendar.entries):
            self._hurry()
            try:
                if entry.kind == "VFREEBUSY":
                    for start, end in list(_periods(entry, zones)):
                        self._add(start, end)
                    self.understood += 1
                    continue
                one = _happening(entry, zones, uid=entry.word("UID") or str(number))
            except (ValueError, OverflowError):
                self.skipped += 1
            else:
                by_uid.setdefault(one.uid, []).append(one)
        for group in by_uid.values():
            self._hurry()
            self._add_group(group)

    def _add_group(self, group: list[_Happening]) -> None:
        """All events of one UID: each by itself, or one that repeats with those that stand instead of some of it."""
        try:
            if any(one.repeats for one in group):
                for start, end in list(self._occurrences(group)):
                    self._add(start, end)
            else:
                newest = max(one.sequence for one in group)
                for one in group:
                    if not one.free and one.sequence == newest:
                        self._add(one.start, one.end)
        except Unreadable:
            raise
        except Exception:  # whatever the library makes of a stranger's rules: these events are left out, and counted
            self.skipped += len(group)
        else:
            self.understood += len(group)

    def _occurrences(self, group: list[_Happening]) -> Iterator[tuple[date | datetime, date | datetime]]:
        library = Library()
        for one in group:
            library.add_component(one.for_library())
        start, end = clock.local(self.around.start), clock.local(self.around.end)
        for found in recurring_ical_events.of(library, skip_bad_series=False).between(start, end):
            if found.get("TRANSP") != "TRANSPARENT":
                yield found["DTSTART"].dt, found["DTEND"].dt

    def _add(self, start: date | datetime, end: date | datetime) -> None:
        span = Span(max(_instant(start), self.around.start), min(_instant(end), self.around.end))
        if span.start >= span.end:
            return
        self.spans.append(span)
        if len(self.spans) > MOST_SPANS:
            raise Unreadable(Fault.TOO_MANY)

    def _hurry(self) -> None:
        if stopwatch.monotonic() > self.until:
            raise Unreadable(Fault.TOO_MANY)


def _instant(at: date | datetime) -> datetime:
    """A day begins at midnight in Helsinki, wherever the calendar was made: so is its owner busy the whole of it."""
    return at.astimezone(UTC) if isinstance(at, datetime) else clock.instant(at, time.min)


def _happening(entry: Entry, zones: Zones, uid: str) -> _Happening:
    """What an event tells.

    Raises:
        ValueError, OverflowError: something that is needed is missing, or is not as it can be.
    """
    started = entry.first("DTSTART")
    if started is None:
        raise ValueError("no start")
    start = _moment(started, zones)
    one = _Happening(
        uid=uid,
        start=start,
        end=_end(entry, start, zones),
        free=_is_free(entry),
        sequence=int(entry.word("SEQUENCE") or 0),
        rules=[_rule(line.value, start) for line in entry.lines.get("RRULE", [])],
        excluded=[moment(day, zones.called(line.zone)) for line, day in _values(entry, "EXDATE")],
        added=[_added(line, day, zones) for line, day in _values(entry, "RDATE")],
    )
    instead = entry.first("RECURRENCE-ID")
    if instead is not None:
        one.instead_of, one.and_later = _moment(instead, zones), instead.says("RANGE=THISANDFUTURE")
    if len(one.rules) > _MOST_RULES:
        raise ValueError("too many rules")
    return one


def _is_free(entry: Entry) -> bool:
    return (
        entry.word("STATUS") == "CANCELLED"
        or entry.word("TRANSP") == "TRANSPARENT"
        or entry.word("X-MICROSOFT-CDO-BUSYSTATUS") in _FREE_WORDS
    )


def _end(entry: Entry, start: date | datetime, zones: Zones) -> date | datetime:
    """When it ends, else how long it lasts; a day that says neither is that whole day, a time takes none then."""
    whole_day = not isinstance(start, datetime)
    ended, lasts = entry.first("DTEND"), entry.first("DURATION")
    if ended is not None:
        end = _moment(ended, zones)
        if isinstance(end, datetime) is whole_day or _instant(end) < _instant(start):
            raise ValueError("ends before it starts, or is half a day")
        return start + timedelta(days=1) if whole_day and end == start else end
    if lasts is None:
        return start + timedelta(days=1) if whole_day else start
    length = days_or_time(lasts.value)
    if isinstance(start, datetime):
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    return start + max(timedelta(days=length.days), timedelta(days=1))


def _rule(value: str, start: date | datetime) -> str:
    """The rule, if people make such ones: not several times an hour, and not so that reading it takes for ever.

    Raises:
        ValueError: they do not.
    """
    rule = value.strip().strip(";").upper()
    parts = dict(part.split("=", 1) for part in rule.split(";") if _PARTS.fullmatch(part))
    by_the_clock = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        by_the_clock *= len(parts.get(name, "0").split(","))
    often = parts.get("FREQ", "")
    plain = len(parts) == len(rule.split(";")) and int(parts.get("INTERVAL", 1)) > 0
    if not plain or not set(parts) <= _PARTS_OF.get(often, set()) or by_the_clock > _TIMES_A_DAY:
        raise ValueError(value)
    if start.year < (_OLDEST_YEARLY if often == "YEARLY" else _OLDEST):
        raise ValueError("repeats since too long ago")
    return rule


def _added(line: Line, value: str, zones: Zones) -> date | datetime | tuple[datetime, timedelta]:
    if "/" not in value:
        return moment(value, zones.called(line.zone))
    start, end = _period(value, zones, line)
    return start, end - start


def _periods(entry: Entry, zones: Zones) -> Iterator[tuple[datetime, datetime]]:
    for line, value in _values(entry, "FREEBUSY"):
        if not line.says("FBTYPE=FREE"):
            yield _period(value, zones, line)


def _period(value: str, zones: Zones, line: Line) -> tuple[datetime, datetime]:
    """From when until when, both told or the second as a length."""
    first, _, second = value.partition("/")
    start = moment(first, zones.called(line.zone))
    if not isinstance(start, datetime):
        raise ValueError(value)
    if second.strip().upper().startswith(("P", "+P")):
        return start, start + days_or_time(second)
    end = moment(second, zones.called(line.zone))
    if not isinstance(end, datetime):
        raise ValueError(value)
    return start, end


def _moment(line: Line, zones: Zones) -> date | datetime:
    return moment(line.value, zones.called(line.zone))


def _values(entry: Entry, name: str) -> Iterator[tuple[Line, str]]:
    """Every value of the lines of the name: they may be many in one line, or in many."""
    for line in entry.lines.get(name, []):
        yield from ((line, value) for value in line.value.split(",") if value.strip())
