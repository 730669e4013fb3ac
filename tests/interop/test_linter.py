"""The linter finds nothing in a sound feed, and each fault that is planted in one."""

import pytest

from kierto.calendars.feed import body
from tests.interop.entries import CANCELLED, ENTRIES, FINNISH, PLAIN
from tests.interop.linter import lint

SOUND = body(FINNISH, [PLAIN, CANCELLED])
UID = f"UID:{PLAIN.uid}\r\n".encode()
ZONE = SOUND[SOUND.index(b"BEGIN:VTIMEZONE") : SOUND.index(b"BEGIN:VEVENT")]
EVENTS = SOUND[SOUND.index(b"BEGIN:VEVENT") : SOUND.index(b"END:VCALENDAR")]

PLANTED = [
    (1, b"\r\n", b"\n"),
    (1, b"STATUS:CONFIRMED", b"STATUS:CONF\rIRMED"),
    (1, b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
    (2, b"NAME:", b"NAME:" + b"a" * 75),
    (3, "Eläintarhantie".encode(), b"El" + "ä".encode()[:1] + b"\r\n " + "ä".encode()[1:]),
    (4, b"\\, Helsinki", b", Helsinki"),
    (4, b"\\, Helsinki", b"\\x Helsinki"),
    (4, b"STATUS:", b"COMMENT:\x07\r\nSTATUS:"),
    (5, b"VERSION:2.0\r\n", b""),
    (5, b"PRODID", b"X-PRODID"),
    (5, b"END:VEVENT\r\n", b""),
    (5, b"UID:", b"UID"),
    (6, ZONE + EVENTS, b""),
    (7, UID, UID * 2),
    (7, b"DTSTAMP:20261103T093015Z", b"DTSTAMP:20261103T093015"),
    (7, b"DTSTAMP:20261103T093015Z\r\n", b""),
    (8, UID, f"UID:{CANCELLED.uid}\r\n".encode()),
    (10, UID, b"UID:1@kierto.example.fi\r\n"),
    (15, b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"),
    (15, b"LAST-MODIFIED:20261103T093015Z", b"LAST-MODIFIED:20261103T093016Z"),
    (16, ZONE, b""),
    (16, ZONE, ZONE * 2),
    (17, b"END:DAYLIGHT\r\n", b"END:DAYLIGHT\r\nBEGIN:DAYLIGHT\r\nRRULE:FREQ=YEARLY\r\nEND:DAYLIGHT\r\n"),
    (18, b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", b"RDATE:20270328T030000"),
    (21, b"DTSTART;TZID=Europe/Helsinki:20270115", b"DTSTART:20270115"),
    (21, b"T150000", b"T150000+0200"),
    (22, b"DTEND;TZID=Europe/Helsinki:20270115T150000", b"DTEND;TZID=Europe/Helsinki:20270115T130000"),
    (22, b"DTEND;TZID=Europe/Helsinki:20270115T150000", b"DURATION:PT2H"),
    (23, b";VALUE=DURATION", b""),
    (23, b"X-PUBLISHED-TTL", b"X-TTL"),
    (24, b"X-WR-CALNAME:", b"X-WR-CALNAME:Muu "),
    (25, b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE"),
    (26, b"STATUS:CONFIRMED", b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nSTATUS:CONFIRMED"),
    (27, b"STATUS:CONFIRMED", b"ATTENDEE:urn:x\r\nSTATUS:CONFIRMED"),
    (27, b"LOCATION:", b"LOCATION:aino@example.fi "),
    (27, b"STATUS:CONFIRMED", b"SOURCE:https://kierto.example.fi/calendar.ics\r\nSTATUS:CONFIRMED"),
    (28, EVENTS, EVENTS * 1_100),
    (37, b"URL:https://kierto.example.fi/meetings/8q2m5v7x0c\r\n", b""),
    (37, b"LOCATION:", b"X-LOCATION:"),
    (37, b"CATEGORIES:Toipuminen\r\n", b""),
]


def test_a_sound_feed_has_no_fault() -> None:
    assert lint(SOUND) == []
    assert lint(body(FINNISH, ENTRIES)) == []


@pytest.mark.parametrize(("line", "was", "becomes"), PLANTED, ids=lambda value: str(value)[:30])
def test_a_planted_fault_is_found(line: int, was: bytes, becomes: bytes) -> None:
    times = -1 if was == b"\r\n" else 1
    planted = SOUND.replace(was, becomes, times)
    assert planted != SOUND
    assert line in {fault.line for fault in lint(planted)}
