"""A calendar file taken apart into what times need: events, busy times, zones. Titles and people are not even kept.

Calendar programs write iCalendar (RFC 5545) each in its own way, and files come cut or mixed. So only its frame is read
here, line by line: whatever is broken inside one event is that event's alone.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from kierto import clock

MOST_BYTES = 5 * 1024 * 1024

_KINDS = {"VEVENT", "VFREEBUSY", "VTIMEZONE", "VTODO", "VJOURNAL"}
_ENTRIES = {"VEVENT", "VFREEBUSY"}
_KEPT = {
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SEQUENCE"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY"),
}
_NAME = re.compile(r"[^;:]*")
_BEFORE = "\ufeff\xef\xbb\xbf \t"
"""What may stand before a name: the mark of an encoding, read as it is or byte by byte."""

_MOST_CHANGES = 10
"""So many rules a zone of a file's own may have; two are usual."""

_LINE_END = re.compile(r"\r*\n|\r")
_ZONE = re.compile(r';TZID=("[^"]*"|[^;]*)', re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_NAMES_OF_WINDOWS = {**WINDOWS_TO_OLSON, "FLE Standard Time": clock.HELSINKI.key}
"""Windows has one zone for Helsinki and Kyiv; who writes it here means Helsinki."""


_NOT_OPENED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, OSError, RuntimeError, ValueError),
)
"""A zip that can be opened no further: broken, packed in an unknown way, locked with a password."""


class Line(NamedTuple):
    """What stands before the value, parameters included, and the value."""

    head: str
    value: str

    def says(self, parameter: str) -> bool:
        """Whether a parameter stands there as this, such as `RANGE=THISANDFUTURE`."""
        return f";{parameter}" in self.head.upper()

    @property
    def zone(self) -> str | None:
        """The name of the zone, if it tells one."""
        found = _ZONE.search(self.head)
        return found[1].strip('"').strip() if found else None


@dataclass
class Entry:
    """One event (VEVENT), or busy times without events (VFREEBUSY): its lines by their names."""

    kind: str
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def first(self, name: str) -> Line | None:
        """The only line of the name; the first where there are several."""
        return self.lines.get(name, [None])[0]

    def word(self, name: str) -> str:
        """The value of the only line of the name, in capitals; empty where there is none."""
        line = self.first(name)
        return line.value.strip().upper() if line else ""


@dataclass
class Calendar:
    """One calendar of a file; `cut` is how many of its events have no end."""

    entries: list[Entry] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    cut: int = 0


class TooLarge(Exception):
    """What is packed into the file is larger than `MOST_BYTES`."""


def texts(content: bytes) -> Iterator[str]:
    """The text of the file; of a zip (so Google sends several calendars) of each calendar in it, of another zip none.

    Bytes stand as they are, one for one: what is read is plain ASCII, and a title in whatever encoding is not.

    Raises:
        TooLarge: there is more in the zip than can be read.
    """
    if not content.startswith(b"PK\x03\x04"):
        utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        yield content.decode("utf-16", errors="replace") if utf_16 else content.decode("latin-1")
        return
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                if name.lower().endswith((".ics", ".ical")):
                    with packed.open(name) as member:
                        unpacked = member.read(left + 1)
                    left -= len(unpacked)
                    if left < 0:
                        raise TooLarge
                    yield from texts(unpacked.removeprefix(b"PK\x03\x04"))
    except _NOT_OPENED:
        return


def calendars(text: str) -> list[Calendar]:
    """The calendars of a text; none where it is no calendar file."""
    scanner = _Scanner()
    for line in unfolded(text):
        scanner.take(line)
    scanner.leave()
    return scanner.found


class _Scanner:
    """Goes through the lines; `within` is what has begun in the present calendar and not ended, outermost first."""

    def __init__(self) -> None:
        self.found: list[Calendar] = []
        self.within: list[str] = []
        self.entry = Entry("")
        self.zone: list[str] = []

    def take(self, line: str) -> None:
        head, _, value = line.rpartition(":")
        name = line[: _NAME.match(line).end()].strip(_BEFORE).upper()  # type: ignore[union-attr]  # it always matches
        what = value.strip().upper()
        if name in ("BEGIN", "END") and what == "VCALENDAR":
            self.leave()
            if name == "BEGIN":
                self.found.append(Calendar())
        elif name == "BEGIN" and self.found:
            self._begin(what)
        elif self.within[-1:] == [self.entry.kind] and name in _KEPT:
            self.entry.lines.setdefault(name, []).append(Line(head, line if name == "UID" else value))
        if self.within[:1] == ["VTIMEZONE"]:
            self.zone.append(line)
        if name == "END" and what in self.within:
            self._end(what)

    def leave(self) -> None:
        """Leave what was begun and has not ended: an event of it is cut."""
        if self.within[:1] == ["VEVENT"]:
            self.found[-1].cut += 1
        self.within = []

    def _begin(self, what: str) -> None:
        if what in _KINDS:
            self.leave()
            self.entry, self.zone = Entry(what), []
        self.within.append(what)

    def _end(self, what: str) -> None:
        del self.within[self.within.index(what) :]
        if what in _ENTRIES:
            self.found[-1].entries.append(self.entry)
        elif what == "VTIMEZONE":
            self.found[-1].zones[_named(self.zone)] = self.zone


def unfolded(text: str) -> Iterator[str]:
    """The lines, those that were folded made whole, empty ones left out."""
    parts: list[str] = []
    for line in _LINE_END.split(text):
        if line.startswith((" ", "\t")):
            parts.append(line[1:])
        elif line:
            if parts:
                yield "".join(parts)
            parts = [line]
    if parts:
        yield "".join(parts)


def _named(zone: list[str]) -> str:
    name = next((line for line in zone if line.upper().startswith("TZID")), "")
    return re.sub(r"\\(.)", r"\1", name.partition(":")[2]).strip().strip('"')


class Zones:
    """The zones of one calendar, by name. A time without a zone, or with one that nobody knows, is Helsinki's."""

    def __init__(self, own: Mapping[str, list[str]]) -> None:
        self._own = own
        self._known: dict[str, tzinfo] = {}

    def called(self, name: str | None) -> tzinfo:
        """The zone of the name: of the whole world's, of Windows', of the file's own."""
        if not name:
            return clock.HELSINKI
        if name not in self._known:
            self._known[name] = _of_world(name) or _of_file(self._own.get(name, [])) or clock.HELSINKI
        return self._known[name]


def _of_world(name: str) -> tzinfo | None:
    """`Europe/Helsinki`, also behind a program's own prefix, and `FLE Standard Time`."""
    plain = _NAMES_OF_WINDOWS.get(name, name)
    parts = plain.strip("/").split("/")
    for count in (len(parts), 3, 2) if plain.startswith("/") else (len(parts),):
        try:
            return ZoneInfo("/".join(parts[-count:]))
        except (KeyError, ValueError, OSError):
            continue
    return None


def _of_file(lines: list[str]) -> tzinfo | None:
    """The zone as the file itself explains it; only yearly changes, which no clock of people goes without.

    Its name is hidden: the library would keep it by that name for everybody's next file.
    """
    rules = [line.upper() for line in lines if line.upper().startswith("RRULE")]
    if not lines or len(rules) > _MOST_CHANGES or any("FREQ=YEARLY" not in rule or "=0" in rule for rule in rules):
        return None
    hidden = [line if not line.upper().startswith("TZID") else "TZID:UTC" for line in lines]
    try:
        read = Timezone.from_ical("\r\n".join([*hidden, ""]))
        zone: tzinfo = read.to_tz(lookup_tzid=False)  # type: ignore[attr-defined]  # it reads as what it was asked for
        is_ours = all(at.astimezone(zone).utcoffset() == clock.local(at).utcoffset() for at in _each_month())
    except Exception:  # whatever a library makes of a stranger's rules: then the zone is not known
        return None
    return clock.HELSINKI if is_ours else zone  # ours is quicker by far


def _each_month() -> Iterator[datetime]:
    """An instant of each month, this year and the next."""
    year = clock.today().year
    return (datetime(year + number // 12, number % 12 + 1, 15, 12, tzinfo=UTC) for number in range(24))


def moment(value: str, zone: tzinfo) -> date | datetime:
    """A day (`20270124`), or an instant (`20270124T130000`, with Z in UTC).

    Raises:
        ValueError: it is neither, or there is no such day or time.
    """
    found = _MOMENT.fullmatch(value.strip().upper())
    if found is None:
        raise ValueError(value)
    year, month, day, hour, minute, second, utc = found.groups()
    if hour is None:
        return date(int(year), int(month), int(day))
    at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=zone)
    return at.replace(tzinfo=UTC) if utc else at


def days_or_time(value: str) -> timedelta:
    """A length (`PT1H30M`, `P1D`, `P2W`).

    Raises:
        ValueError: it is none, or goes back in time.
    """
    found = re.fullmatch(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", value.strip().upper())
    if found is None or not any(found.groups()):
        raise ValueError(value)
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
