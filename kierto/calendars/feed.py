"""A feed: header, zone and the meetings' fragments joined; its ETag and Last-Modified; bodies kept a while."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock

from icalendar import Calendar, vDuration

from kierto import clock
from kierto.calendars.event import Entry, Status, fragment
from kierto.words import N_, Language, Localised, gettext, speaking

CONTENT_TYPE = "text/calendar; charset=utf-8"

PUBLIC_NAME = N_("Rotating meetings")

MOST_BYTES = 1_000_000
"""Google and Outlook give up on larger feeds."""

POLLED_EVERY = timedelta(hours=1)
_SECOND = timedelta(seconds=1)

# Our own zone: ical.js and vobject read July an hour late from the one that icalendar generates. The two rules have
# held since 1996, so they are right for every meeting that Kierto shows.
ZONE = "".join(
    f"{line}\r\n"
    for line in (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Helsinki",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:EEST",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0300",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T040000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:EET",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0200",
        "END:STANDARD",
        "END:VTIMEZONE",
    )
).encode()

_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Feed:
    """Which calendar it is: its name (an English source string), its language, and where Kierto's pages are."""

    name: str
    language: Language
    base_url: str


@dataclass(frozen=True)
class Content:
    """What is in a feed, told in four numbers: how many meetings, the newest change, the sums of versions.

    The newest change alone would miss one that began earlier and was committed later.
    """

    meetings: int
    newest: datetime | None
    meeting_versions: int
    unit_versions: int


def body(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The whole feed. Give the nearest first: the last are left out when it would grow over a million bytes."""
    parts = [_head(feed), ZONE]
    size = sum(map(len, parts)) + len(_END)
    for entry in entries:
        part = fragment(entry, feed.language, feed.base_url)
        size += len(part)
        if size > MOST_BYTES:
            break
        parts.append(part)
    return b"".join((*parts, _END))


def etag(feed: Feed, content: Content, day: date) -> str:
    """What the feed's bytes are known by: its content, its renderer, and the day, since its window moves."""
    return _digest(repr((renderer(feed), content, day)).encode())


def last_modified(content: Content, day: date) -> datetime:
    """When the feed last changed: never before the day's first moment, when its window moved.

    A second that is not over yet may still bring another change, so it is not named.
    """
    midnight = clock.instant(day, time.min)
    if content.newest is None:
        return midnight
    return max(midnight, min(content.newest, clock.now() - _SECOND).replace(microsecond=0))


@lru_cache(maxsize=64)
def renderer(feed: Feed) -> str:
    """The renderer's version: a digest of what it makes of two meetings; code and catalogues change it alike."""
    return _digest(body(feed, _SAMPLES))


class Bodies:
    """The feeds last asked for, by ETag: at most `most` of them, each at most a million bytes. Safe among threads."""

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """The body with the ETag, made if it is not kept."""
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
                return self._kept[tag]
        made = make()
        with self._lock:
            self._kept[tag] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@lru_cache(maxsize=64)
def _head(feed: Feed) -> bytes:
    with speaking(feed.language):
        name = gettext(feed.name)
    head = Calendar()
    head.add("version", "2.0")
    head.add("prodid", f"-//Kierto//Kierto//{feed.language.upper()}")
    head.add("calscale", "GREGORIAN")
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("refresh-interval", POLLED_EVERY, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(POLLED_EVERY))
    made: bytes = head.to_ical()
    return made.removesuffix(_END)


def _digest(made: bytes) -> str:
    return hashlib.sha256(made).hexdigest()[:32]


_MOMENT = datetime(2027, 1, 12, 11, tzinfo=UTC)
_SAMPLES = (
    Entry(
        uid="3c1f6f6c-2ad5-4a35-8a6e-5d0a1b3f4c5d",
        ref="0000000000",
        sequence=0,
        status=Status.CONFIRMED,
        starts_at=_MOMENT,
        ends_at=_MOMENT + timedelta(hours=2),
        created_at=_MOMENT,
        changed_at=_MOMENT,
        unit=Localised("fi", "sv", "en"),
        address="Katu 1, Kunta",
        theme=Localised("fi", "sv", "en"),
        room="1; 2",
        description="a\r\nb, c " * 100,
    ),
    Entry(
        uid="3c1f6f6c-2ad5-4a35-8a6e-5d0a1b3f4c5e",
        ref="0000000001",
        sequence=1,
        status=Status.CANCELLED,
        starts_at=_MOMENT,
        ends_at=_MOMENT + timedelta(hours=2),
        created_at=_MOMENT,
        changed_at=_MOMENT,
        unit=Localised("fi"),
        address="Katu 1, Kunta",
        theme=Localised("fi"),
    ),
)
