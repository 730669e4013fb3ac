"""Independent parsers understand every event of the public feed alike: times, words, state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kierto.calendars.event import Status
from kierto.calendars.feed import body
from kierto.clock import HELSINKI
from tests.conftest import REQUIRED
from tests.interop.entries import AWKWARD, CANCELLED, ENTRIES, FINNISH, PLAIN, SUMMER, WRITTEN
from tests.interop.linter import lint
from tests.interop.parsers import NO_NODE, PARSERS, Read, by_vobject, node

FEED = body(FINNISH, ENTRIES)


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest) -> Callable[[bytes], list[Read]]:
    if request.param == "ical.js" and node() is None:
        (pytest.fail if REQUIRED else pytest.skip)(NO_NODE)
    return PARSERS[request.param]


def test_every_event_is_read_with_its_time_and_state(parser: Callable[[bytes], list[Read]]) -> None:
    understood = {event.uid: event for event in parser(FEED)}
    assert understood.keys() == {entry.uid for entry in ENTRIES}
    for entry in ENTRIES:
        event = understood[entry.uid]
        assert (event.starts_at, event.ends_at) == (entry.starts_at, entry.ends_at)
        assert (event.status, event.sequence) == (entry.status, entry.sequence)


def test_line_04_words_come_back_as_they_were_written(parser: Callable[[bytes], list[Read]]) -> None:
    event = next(event for event in parser(FEED) if event.uid == WRITTEN.uid)
    words = " ".join(AWKWARD.split())
    assert words in event.summary
    assert event.location == words
    assert f"\n\nTervetuloa;\nkahvia, teetä\\mehua\n\nö{AWKWARD.rstrip()}\n\n" in event.description
    assert "2. krs; huone 4\n" in event.description


def test_line_19_july_and_january_are_read_right(parser: Callable[[bytes], list[Read]]) -> None:
    """13 o'clock in Helsinki is 10 UTC in July and 11 UTC in January."""
    hours = {event.uid: event.starts_at.hour for event in parser(body(FINNISH, [PLAIN, SUMMER]))}
    assert hours == {SUMMER.uid: 10, PLAIN.uid: 11}


def test_line_25_a_cancelled_meeting_is_understood_as_cancelled(parser: Callable[[bytes], list[Read]]) -> None:
    cancelled = [event.uid for event in parser(FEED) if event.status == Status.CANCELLED]
    assert cancelled == [CANCELLED.uid]


def test_an_empty_feed_is_understood(parser: Callable[[bytes], list[Read]]) -> None:
    assert parser(body(FINNISH, [])) == []


_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 11 * 366 * 24 * 60).map(lambda minutes: _FIRST + timedelta(minutes=minutes))


@settings(max_examples=150, deadline=None)
@given(
    starts_at=MOMENTS,
    minutes=st.integers(1, 12 * 60),
    words=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300),
)
def test_any_time_and_any_words(starts_at: datetime, minutes: int, words: str) -> None:
    """Whenever a meeting is and whatever is written of it, the feed is sound and says it."""
    entry = replace(
        PLAIN,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        address=f"({words})",
        description=words,
    )
    made = body(FINNISH, [entry])
    assert [fault for fault in lint(made) if fault.line != 27] == []
    (event,) = by_vobject(made)
    assert (event.starts_at, event.ends_at) == (entry.starts_at, entry.ends_at)
    assert event.location == " ".join(f"({words})".split())


def test_the_repeated_hour_of_autumn_is_told_in_utc() -> None:
    """A wall-clock time in it would mean its first occurrence (RFC 5545 §3.3.5), and end before it begins."""
    repeated = ENTRIES[-1]
    assert repeated.ends_at.astimezone(HELSINKI).fold
    assert b"DTSTART:20271031T003000Z\r\nDTEND:20271031T011500Z\r\n" in body(FINNISH, [repeated])
