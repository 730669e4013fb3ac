from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kierto.calendars.event import (
    CANCELLED_SUMMARY,
    LONGEST_DESCRIPTION,
    MORE,
    ROOM,
    SUMMARY,
    THEME,
    Entry,
    Status,
    fragment,
)
from kierto.words import LANGUAGES, Language, Localised, gettext, speaking

HOST = "https://kierto.example.fi"
ENTRY = Entry(
    uid="5f0c9a52-7a8c-4d53-9d35-1f3f5d2c7a10",
    ref="7h3k9m2p5r",
    sequence=2,
    status=Status.CONFIRMED,
    starts_at=datetime(2027, 7, 15, 10, tzinfo=UTC),
    ends_at=datetime(2027, 7, 15, 12, tzinfo=UTC),
    created_at=datetime(2027, 3, 1, 6, 0, 0, 999_000, tzinfo=UTC),
    changed_at=datetime(2027, 4, 1, 6, 30, 59, 999_000, tzinfo=UTC),
    unit=Localised("Haagan terveysasema", "Haga hälsostation"),
    address="Ajurinaukio 1, Helsinki",
    theme=Localised("Toipuminen", "Återhämtning", "Recovery"),
)


def lines(entry: Entry, language: Language = "fi") -> dict[str, str]:
    """The event's properties by name (with parameters), unfolded."""
    made = fragment(entry, language, HOST).decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in made.splitlines()[1:-1])


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def test_facts() -> None:
    made = lines(ENTRY)
    assert made["UID"] == ENTRY.uid
    assert made["SEQUENCE"] == "2"
    assert made["STATUS"] == "CONFIRMED"
    assert made["TRANSP"] == "OPAQUE"
    assert made["LOCATION"] == "Ajurinaukio 1\\, Helsinki"
    assert made["URL"] == f"{HOST}/meetings/7h3k9m2p5r"


def test_times_are_helsinkis_clocks() -> None:
    made = lines(ENTRY)
    assert made["DTSTART;TZID=Europe/Helsinki"] == "20270715T130000"
    assert made["DTEND;TZID=Europe/Helsinki"] == "20270715T150000"


def test_revisions_are_whole_seconds_in_utc() -> None:
    made = lines(ENTRY)
    assert made["DTSTAMP"] == made["LAST-MODIFIED"] == "20270401T063059Z"
    assert made["CREATED"] == "20270301T060000Z"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_the_feeds(language: Language) -> None:
    """Whatever language is spoken around it."""
    with speaking("en" if language == "fi" else "fi"):
        made = lines(ENTRY, language)
    with speaking(language):
        assert made["SUMMARY"] == escaped(gettext(SUMMARY, unit=str(ENTRY.unit)))
        assert made["CATEGORIES"] == str(ENTRY.theme)
        assert made["DESCRIPTION"] == escaped(
            gettext(THEME, theme=str(ENTRY.theme)) + "\n\n" + gettext(MORE, url=made["URL"])
        )


def test_a_name_missing_in_a_language_is_said_in_finnish() -> None:
    assert "Haagan terveysasema" in lines(ENTRY, "en")["SUMMARY"]
    assert "Haga hälsostation" in lines(ENTRY, "sv")["SUMMARY"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cancelled_meeting_is_marked_and_takes_no_time(language: Language) -> None:
    made = lines(replace(ENTRY, status=Status.CANCELLED, sequence=3), language)
    with speaking(language):
        summary = gettext(SUMMARY, unit=str(ENTRY.unit))
        assert made["SUMMARY"] == escaped(gettext(CANCELLED_SUMMARY, summary=summary))
    assert (made["STATUS"], made["TRANSP"], made["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", "3")


def test_room_and_own_words_are_in_the_description() -> None:
    made = lines(replace(ENTRY, room="Kabinetti 2;", description="Puhumme arjesta.\r\n\r\nKahvia!"), "fi")
    with speaking("fi"):
        facts = gettext(THEME, theme="Toipuminen") + "\n" + gettext(ROOM, room="Kabinetti 2;")
        more = gettext(MORE, url=made["URL"])
    assert made["DESCRIPTION"] == escaped(f"{facts}\n\nPuhumme arjesta.\n\nKahvia!\n\n{more}")


def test_long_words_end_at_a_word() -> None:
    made = lines(replace(ENTRY, description="sana " * 1_000))["DESCRIPTION"]
    assert "sana sana …\\n\\n" in made
    assert len(made) < LONGEST_DESCRIPTION + 200


def test_one_word_longer_than_all_is_cut() -> None:
    made = lines(replace(ENTRY, description="a" * 5_000))["DESCRIPTION"]
    assert f"{'a' * LONGEST_DESCRIPTION} …\\n\\n" in made


def test_a_kept_fragment_is_of_these_facts_only() -> None:
    """The cache's key is everything that the bytes are made of."""
    first = fragment(ENTRY, "fi", HOST)
    assert fragment(replace(ENTRY), "fi", HOST) is first
    later = replace(ENTRY, changed_at=ENTRY.changed_at + timedelta(seconds=1))
    others = [
        fragment(ENTRY, "sv", HOST),
        fragment(ENTRY, "fi", "https://muu.example.fi"),
        fragment(later, "fi", HOST),
        fragment(replace(ENTRY, address="Muu katu 1, Helsinki"), "fi", HOST),
    ]
    assert len({first, *others}) == 5
