"""A linter of feeds, byte by byte: what RFC 5545 and the calendar programs of the world ask.

Each fault carries the number of the line of the list in docs/calendars.md that it breaks. No parser is used: parsers
forgive what others choke on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

MOST_BYTES = 1_000_000

_LINE = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*))*)*):(.*)', re.DOTALL
)
_UTC = re.compile(r"\d{8}T\d{6}Z")
_LOCAL = re.compile(r"\d{8}T\d{6}")
_ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_ESCAPED_LIST = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")
_ADDRESS = re.compile(r"mailto:|[^\s@]+@[^\s@]+\.[a-z]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PEOPLE = {"ATTENDEE", "ORGANIZER", "CONTACT", "SOURCE"}
_TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME"}


class Fault(NamedTuple):
    """The list's line that is broken, and how."""

    line: int
    says: str


class Property(NamedTuple):
    """One content line."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def named(self, name: str) -> list[Property]:
        return [line for line in self.properties if line.name == name]

    def value(self, name: str) -> str | None:
        return next((line.value for line in self.named(name)), None)

    def parts(self, name: str) -> list["Component"]:
        return [part for part in self.components if part.name == name]

    def walk(self) -> Iterator["Component"]:
        yield self
        for part in self.components:
            yield from part.walk()


def lint(body: bytes) -> list[Fault]:
    """Every fault of a feed, in the list's order; an empty list when it is sound."""
    faults = list(_lines(body))
    try:
        calendar = read(body)
    except ValueError as fault:
        return sorted([*faults, Fault(5, str(fault))])
    for check in (_calendar, _names, _uids, _zones, _people):
        faults += check(calendar)
    for event in calendar.parts("VEVENT"):
        faults += _event(event)
    return sorted(faults)


def read(body: bytes) -> Component:
    """The feed as a tree.

    Raises:
        ValueError: it is not one VCALENDAR of well-formed content lines.
    """
    root = Component("")
    open_ = [root]
    for text in _unfolded(body):
        match = _LINE.fullmatch(text)
        if match is None:
            raise ValueError(f"not a content line: {text!r}")
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name == "BEGIN":
            open_.append(Component(value))
            open_[-2].components.append(open_[-1])
        elif name == "END":
            if open_.pop().name != value or not open_:
                raise ValueError(f"END:{value} ends something else")
        else:
            open_[-1].properties.append(Property(name, _parameters(parameters), value))
    if open_ != [root] or [part.name for part in root.components] != ["VCALENDAR"] or root.properties:
        raise ValueError("not exactly one VCALENDAR")
    return root.components[0]


def _unfolded(body: bytes) -> list[str]:
    whole = body.decode(errors="replace").replace("\r\n ", "").replace("\r\n\t", "")
    return [line for line in whole.split("\r\n") if line]


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in re.findall(r';([^;=]+=(?:"[^"]*"|[^";])*)', text))
    return {name.upper(): value.strip('"') for name, _, value in pairs}


def _lines(body: bytes) -> Iterator[Fault]:
    if not body.endswith(b"\r\n"):
        yield Fault(1, "the last line does not end")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", body):
        yield Fault(1, "a bare CR or LF")
    for number, line in enumerate(body.split(b"\r\n"), start=1):
        if len(line) > 75:
            yield Fault(2, f"line {number} has {len(line)} octets")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield Fault(3, f"line {number} is not UTF-8")
        else:
            if _CONTROL.search(text):
                yield Fault(4, f"line {number} has a control character")
    if len(body) >= MOST_BYTES + 1:
        yield Fault(28, f"{len(body)} octets")


def _names(calendar: Component) -> Iterator[Fault]:
    if any(line.parameters.get("VALUE") != "DURATION" for line in calendar.named("REFRESH-INTERVAL")):
        yield Fault(23, "REFRESH-INTERVAL without VALUE=DURATION")
    if calendar.value("REFRESH-INTERVAL") is None or calendar.value("REFRESH-INTERVAL") != calendar.value(
        "X-PUBLISHED-TTL"
    ):
        yield Fault(23, "REFRESH-INTERVAL and X-PUBLISHED-TTL differ, or there is none")
    if not calendar.value("NAME") or calendar.value("NAME") != calendar.value("X-WR-CALNAME"):
        yield Fault(24, "NAME and X-WR-CALNAME differ, or there is none")


def _calendar(calendar: Component) -> Iterator[Fault]:
    if calendar.properties[:1] != [Property("VERSION", {}, "2.0")] or len(calendar.named("PRODID")) != 1:
        yield Fault(5, "not VCALENDAR, VERSION:2.0 and one PRODID")
    if not calendar.components:
        yield Fault(6, "no component")
    if calendar.named("METHOD"):
        yield Fault(15, "METHOD in a feed")
    for component in calendar.walk():
        if component.name == "VALARM":
            yield Fault(26, "an alarm")
        for line in component.properties:
            if line.name in _TEXTS and not _ESCAPED.fullmatch(line.value):
                yield Fault(4, f"{line.name} is not escaped: {line.value!r}")
            if line.name == "CATEGORIES" and not _ESCAPED_LIST.fullmatch(line.value):
                yield Fault(4, f"CATEGORIES is not escaped: {line.value!r}")


def _uids(calendar: Component) -> Iterator[Fault]:
    events = calendar.parts("VEVENT")
    for uid, times in Counter(event.value("UID") for event in events).items():
        if times > 1:
            yield Fault(8, f"{uid} {times} times")
        try:
            UUID(uid or "")
        except ValueError:
            yield Fault(10, f"UID {uid!r} is no UUID")


def _zones(calendar: Component) -> Iterator[Fault]:
    zones = Counter(zone.value("TZID") for zone in calendar.parts("VTIMEZONE"))
    used = {
        line.parameters["TZID"]
        for component in calendar.walk()
        for line in component.properties
        if "TZID" in line.parameters
    }
    for zone in used:
        if zones[zone] != 1:
            yield Fault(16, f"{zones[zone]} zones called {zone}")
    for part in calendar.parts("VTIMEZONE"):
        if sorted(rule.name for rule in part.components) != ["DAYLIGHT", "STANDARD"]:
            yield Fault(17, "not one STANDARD and one DAYLIGHT")
        for rule in part.components:
            if len(rule.named("RRULE")) != 1 or rule.named("RDATE"):
                yield Fault(18, f"{rule.name} has no RRULE, or RDATE")


def _people(calendar: Component) -> Iterator[Fault]:
    for component in calendar.walk():
        for line in component.properties:
            if line.name in _PEOPLE or _ADDRESS.search(line.value) or _ADDRESS.search(str(line.parameters)):
                yield Fault(27, f"{line.name} tells of a person")


def _event(event: Component) -> Iterator[Fault]:
    if len(event.named("UID")) != 1:
        yield Fault(7, f"{len(event.named('UID'))} UIDs")
    if len(event.named("DTSTAMP")) != 1 or not _UTC.fullmatch(event.value("DTSTAMP") or ""):
        yield Fault(7, "not one DTSTAMP in UTC")
    if event.value("DTSTAMP") != event.value("LAST-MODIFIED"):
        yield Fault(15, "DTSTAMP and LAST-MODIFIED differ")
    yield from _times(event)
    if event.value("STATUS") == "CANCELLED" and event.value("TRANSP") != "TRANSPARENT":
        yield Fault(25, "cancelled, and yet it takes time")
    if not re.fullmatch(r"https?://[^\s/]+/meetings/\w+", event.value("URL") or ""):
        yield Fault(37, "no URL of the meeting's page")
    for name in ("LOCATION", "CATEGORIES"):
        if len(event.named(name)) != 1 or not event.value(name):
            yield Fault(37, f"not one {name}")


def _times(event: Component) -> Iterator[Fault]:
    times = [*event.named("DTSTART"), *event.named("DTEND")]
    for line in times:
        form = _LOCAL if "TZID" in line.parameters else _UTC
        if not form.fullmatch(line.value):
            yield Fault(21, f"{line.name} is floating, or has an offset")
    if [line.name for line in times] != ["DTSTART", "DTEND"] or event.named("DURATION"):
        yield Fault(22, "not one DTSTART and one DTEND, or DURATION")
    elif times[0].parameters != times[1].parameters or times[1].value <= times[0].value:
        yield Fault(22, "DTEND is not after DTSTART")


def of(faults: Iterable[Fault], line: int) -> list[Fault]:
    """The faults that break one line of the list."""
    return [fault for fault in faults if fault.line == line]
