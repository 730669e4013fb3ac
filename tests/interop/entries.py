"""Meetings to render: plain, awkward, cancelled, around the clocks' changes, at the edges of what may be written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kierto.calendars.event import Entry, Status
from kierto.calendars.feed import PUBLIC_NAME, Feed
from kierto.words import Localised

BASE_URL = "https://kierto.example.fi"
FINNISH = Feed(PUBLIC_NAME, "fi", BASE_URL)

AWKWARD = 'Härnösand; "Öster, ö\\n", C:\\nya 😀 ' + "ääkköset, " * 12

PLAIN = Entry(
    uid="0b9a3f5e-7a57-4b5c-9c1e-6d4c9f1a2b30",
    ref="8q2m5v7x0c",
    sequence=0,
    status=Status.CONFIRMED,
    starts_at=datetime(2027, 1, 15, 11, tzinfo=UTC),
    ends_at=datetime(2027, 1, 15, 13, tzinfo=UTC),
    created_at=datetime(2026, 11, 2, 8, 0, 0, 999_999, tzinfo=UTC),
    changed_at=datetime(2026, 11, 3, 9, 30, 15, 123_456, tzinfo=UTC),
    unit=Localised("Kallion terveysasema", "Berghälls hälsostation"),
    address="Eläintarhantie 3 E, Helsinki",
    theme=Localised("Toipuminen", "Återhämtning", "Recovery"),
)
SUMMER = replace(
    PLAIN,
    uid="0b9a3f5e-7a57-4b5c-9c1e-6d4c9f1a2b31",
    starts_at=datetime(2027, 7, 15, 10, tzinfo=UTC),
    ends_at=datetime(2027, 7, 15, 12, tzinfo=UTC),
)
WRITTEN = replace(
    PLAIN,
    uid="0b9a3f5e-7a57-4b5c-9c1e-6d4c9f1a2b32",
    sequence=3,
    unit=Localised(AWKWARD),
    address=AWKWARD,
    theme=Localised("Mieli; päihteet, \\ muut"),
    room="2. krs; huone 4",
    description="Tervetuloa;\r\nkahvia, teetä\\mehua\n\nö" + AWKWARD,
)
CANCELLED = replace(
    PLAIN, uid="0b9a3f5e-7a57-4b5c-9c1e-6d4c9f1a2b33", sequence=1, status=Status.CANCELLED, theme=Localised("Arki")
)
REPEATED_HOUR = replace(
    PLAIN,
    uid="0b9a3f5e-7a57-4b5c-9c1e-6d4c9f1a2b34",
    starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    ends_at=datetime(2027, 10, 31, 1, 15, tzinfo=UTC),
)

ENTRIES = (PLAIN, SUMMER, WRITTEN, CANCELLED, REPEATED_HOUR)


def many(number: int) -> list[Entry]:
    """So many meetings, an hour apart."""
    return [
        replace(
            WRITTEN,
            uid=f"0b9a3f5e-7a57-4b5c-9c1e-{index:012x}",
            starts_at=PLAIN.starts_at + timedelta(hours=index),
            ends_at=PLAIN.ends_at + timedelta(hours=index),
        )
        for index in range(number)
    ]
