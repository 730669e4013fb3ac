"""Each line of the list in docs/calendars.md that a feed's bytes alone can show, on the public feed's own renderer."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kierto.calendars import feed
from kierto.calendars.event import CANCELLED_SUMMARY, Entry, fragment
from kierto.calendars.feed import Feed, body
from kierto.clock import HELSINKI
from kierto.words import LANGUAGES, Language, gettext, speaking
from tests.interop.entries import BASE_URL, CANCELLED, ENTRIES, FINNISH, PLAIN, WRITTEN, many
from tests.interop.linter import Component, Fault, lint, of, read
from tests.interop.parsers import by_vobject

EVERY = {language: body(Feed(feed.PUBLIC_NAME, language, BASE_URL), ENTRIES) for language in LANGUAGES}
EMPTY = body(FINNISH, [])


def broken(line: int) -> list[Fault]:
    """Where any of the feeds breaks the line."""
    return [fault for made in (*EVERY.values(), EMPTY) for fault in of(lint(made), line)]


def event_of(entry: Entry, language: Language = "fi") -> Component:
    """The VEVENT of a meeting, in a feed of its own."""
    return read(body(Feed(feed.PUBLIC_NAME, language, BASE_URL), [entry])).parts("VEVENT")[0]


def test_line_01_every_line_ends_crlf() -> None:
    assert not broken(1)


def test_line_02_no_line_over_75_octets() -> None:
    assert not broken(2)
    assert any(len(line) > 70 for line in EVERY["fi"].split(b"\r\n"))


def test_line_03_each_physical_line_is_utf_8() -> None:
    assert not broken(3)


@pytest.mark.parametrize("start", range(4))
def test_line_03_no_fold_splits_a_character(start: int) -> None:
    """Wherever the text of four-octet characters starts, folding falls between two of them."""
    made = body(FINNISH, [replace(PLAIN, address="x" * start + "😀" * 60)])
    assert not of(lint(made), 3)
    assert by_vobject(made)[0].location == "x" * start + "😀" * 60


def test_line_04_text_is_escaped() -> None:
    assert not broken(4)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_line_04_every_newline_is_one(newline: str) -> None:
    made = body(FINNISH, [replace(PLAIN, description=f"eka{newline}toka")])
    assert not lint(made)
    assert "\neka\ntoka\n" in by_vobject(made)[0].description


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x0b", "\x1b", "\x7f"])
def test_line_04_control_characters_become_spaces(control: str) -> None:
    made = body(FINNISH, [replace(PLAIN, address=f"Katu{control}1")])
    assert not lint(made)
    assert by_vobject(made)[0].location == "Katu 1"


def test_line_05_starts_with_vcalendar_version_and_prodid() -> None:
    assert not broken(5)
    assert EMPTY.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")


def test_line_06_an_empty_feed_has_its_zone() -> None:
    assert not broken(6)
    assert [part.name for part in read(EMPTY).components] == ["VTIMEZONE"]


def test_line_07_one_uid_and_one_dtstamp() -> None:
    assert not broken(7)


def test_line_08_uids_are_unique() -> None:
    assert not broken(8)


def test_line_10_a_uid_is_a_uuid() -> None:
    assert not broken(10)


def test_line_13_and_14_sequence_is_the_meetings_own() -> None:
    assert event_of(WRITTEN).value("SEQUENCE") == str(WRITTEN.sequence)


def test_line_15_no_method_and_dtstamp_is_last_modified() -> None:
    assert not broken(15)
    assert event_of(PLAIN).value("DTSTAMP") == "20261103T093015Z"


def test_line_16_every_tzid_has_one_zone() -> None:
    assert not broken(16)
    assert {line.parameters.get("TZID") for line in event_of(PLAIN).properties} == {None, "Europe/Helsinki"}


def test_line_17_one_standard_and_one_daylight() -> None:
    assert not broken(17)


def test_line_18_the_zone_has_rules_and_no_dates() -> None:
    assert not broken(18)


def _offset(moment: datetime) -> timedelta | None:
    return moment.astimezone(HELSINKI).utcoffset()


@pytest.mark.parametrize("year", range(2026, 2037))
def test_line_20_the_zone_equals_zoneinfo_around_each_change(year: int) -> None:
    """A day before to two days after, by the quarter of an hour near it, as vobject reads the feed's own zone."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(366)]
    changes = [day for day in days if _offset(day) != _offset(day + timedelta(days=1))]
    assert len(changes) == 2
    entries = [
        replace(PLAIN, uid=f"0b9a3f5e-7a57-4b5c-9c1e-{index:012x}", starts_at=start, ends_at=start + timedelta(hours=1))
        for index, start in enumerate(
            change + timedelta(minutes=15 * quarter)
            for change in changes
            for quarter in (*range(-96, 192, 12), *range(-8, 12))
        )
    ]
    understood = {event.uid: event for event in by_vobject(body(FINNISH, entries))}
    wrong = [entry for entry in entries if understood[entry.uid].starts_at != entry.starts_at]
    assert not wrong


def test_line_21_no_floating_or_fixed_offset_times() -> None:
    assert not broken(21)


def test_line_22_dtend_is_after_dtstart_without_duration() -> None:
    assert not broken(22)


def test_line_23_refresh_interval_is_a_duration() -> None:
    assert not broken(23)
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in EMPTY


@pytest.mark.parametrize("language", LANGUAGES)
def test_line_24_the_name_says_which_calendar_it_is(language: Language) -> None:
    assert not broken(24)
    with speaking(language):
        assert read(EVERY[language]).value("NAME") == gettext(feed.PUBLIC_NAME)


@pytest.mark.parametrize("language", LANGUAGES)
def test_line_25_a_cancelled_meeting_says_so(language: Language) -> None:
    assert not broken(25)
    event = event_of(CANCELLED, language)
    with speaking(language):
        prefix = gettext(CANCELLED_SUMMARY, summary="")
    assert event.value("STATUS") == "CANCELLED"
    assert event.value("TRANSP") == "TRANSPARENT"
    assert (event.value("SUMMARY") or "").startswith(prefix)
    assert not (event_of(PLAIN, language).value("SUMMARY") or "").startswith(prefix)
    assert event_of(PLAIN).value("STATUS") == "CONFIRMED"


def test_line_26_no_alarm() -> None:
    assert not broken(26)


def test_line_27_no_person() -> None:
    """Nothing that an event is made of could hold a person, and nothing rendered does."""
    assert not broken(27)
    names = {line.name for line in event_of(WRITTEN).properties}
    assert names == {
        "CATEGORIES",
        "CREATED",
        "DESCRIPTION",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "LAST-MODIFIED",
        "LOCATION",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "UID",
        "URL",
    }


def test_line_28_a_feed_stays_under_a_megabyte() -> None:
    """The nearest, which come first, are kept, and the feed is whole."""
    entries = many(1_200)
    made = body(FINNISH, entries)
    kept = [event.value("UID") for event in read(made).parts("VEVENT")]
    assert 990_000 < len(made) <= feed.MOST_BYTES
    assert kept == [entry.uid for entry in entries[: len(kept)]]
    assert not of(lint(made), 28)


@pytest.mark.parametrize("language", LANGUAGES)
def test_line_37_url_location_and_categories(language: Language) -> None:
    assert not broken(37)
    event = event_of(PLAIN, language)
    assert event.value("URL") == f"{BASE_URL}/meetings/{PLAIN.ref}"
    assert event.value("LOCATION") == "Eläintarhantie 3 E\\, Helsinki"
    assert event.value("CATEGORIES") == PLAIN.theme.text(language).value


def test_every_fragment_stands_alone() -> None:
    """A fragment can be kept and joined to any other."""
    made = body(FINNISH, ENTRIES)
    parts = [fragment(entry, "fi", BASE_URL) for entry in ENTRIES]
    assert made.endswith(b"".join(parts) + b"END:VCALENDAR\r\n")
    assert all(re.fullmatch(rb"BEGIN:VEVENT\r\n.*END:VEVENT\r\n", part, re.DOTALL) for part in parts)
