"""One meeting as one VEVENT: a pure function of what a calendar shows of it and the language."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from icalendar import Event

from kierto.clock import HELSINKI
from kierto.words import N_, Language, Localised, gettext, speaking

SUMMARY = N_("Rotating meeting: %(unit)s")
CANCELLED_SUMMARY = N_("CANCELLED: %(summary)s")
THEME = N_("Theme: %(theme)s")
ROOM = N_("Room: %(room)s")
MORE = N_("The meeting’s page: %(url)s")

LONGEST_DESCRIPTION = 600
_NEWLINE = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")


class Status(StrEnum):
    """What a calendar says of a meeting (RFC 5545 §3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a public calendar shows of a meeting; no person is in it (calendar-no-people)."""

    uid: str
    ref: str
    sequence: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime
    unit: Localised
    address: str
    theme: Localised
    room: str | None = None
    description: str | None = None


@lru_cache(maxsize=8192)
def fragment(entry: Entry, language: Language, base_url: str) -> bytes:
    """The VEVENT of a meeting, folded, each line ended by CRLF.

    The most recent are kept by everything they are made of, so that a kept one is never out of date: 8,192 hold the
    largest feed in three languages, in about 20 MB.
    """
    cancelled = entry.status is Status.CANCELLED
    changed_at = entry.changed_at.replace(microsecond=0)
    starts, ends = _clocks(entry.starts_at, entry.ends_at)
    url = f"{base_url}/meetings/{entry.ref}"
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    # Without METHOD, DTSTAMP means "last revised" (RFC 5545 §3.8.7.2): the bytes stay until the meeting changes.
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("created", entry.created_at.replace(microsecond=0))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("location", _line(entry.address))
    event.add("url", url)
    with speaking(language):
        event.add("summary", _summary(entry, cancelled=cancelled))
        event.add("description", _description(entry, url))
        event.add("categories", [_line(str(entry.theme))])
    made: bytes = event.to_ical()
    return made


def _clocks(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Start and end on Helsinki's clocks; in UTC when one is in the hour that the autumn's clock change repeats.

    A wall-clock time there means its first occurrence (RFC 5545 §3.3.5), so that the second has no other name.
    """
    local = starts_at.astimezone(HELSINKI), ends_at.astimezone(HELSINKI)
    if any(moment.fold for moment in local):
        return starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    return local


def _summary(entry: Entry, *, cancelled: bool) -> str:
    summary = gettext(SUMMARY, unit=_line(str(entry.unit)))
    return gettext(CANCELLED_SUMMARY, summary=summary) if cancelled else summary


def _description(entry: Entry, url: str) -> str:
    facts = [gettext(THEME, theme=_line(str(entry.theme)))]
    if entry.room:
        facts.append(gettext(ROOM, room=_line(entry.room)))
    own_words = _plain(entry.description or "")
    if len(own_words) > LONGEST_DESCRIPTION:
        own_words = own_words[:LONGEST_DESCRIPTION].rsplit(maxsplit=1)[0] + " …"
    return "\n\n".join(part for part in ("\n".join(facts), own_words, gettext(MORE, url=url)) if part)


def _plain(text: str) -> str:
    """Text as RFC 5545 §3.3.11 allows it: no control characters but the newline."""
    return _CONTROL.sub(" ", _NEWLINE.sub("\n", text)).strip()


def _line(text: str) -> str:
    """Text on one line."""
    return " ".join(_plain(text).split())
