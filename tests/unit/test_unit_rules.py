"""Rules of units, and hosting hours as people write them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kierto.errors import Refused
from kierto.meetings.rules import Span, check_hosting
from kierto.units.hosting import read, written
from kierto.units.rules import Hours, check_back, check_hours

MORNING, AFTERNOON = Hours(2, time(9), time(11)), Hours(2, time(13), time(16, 30))


@pytest.mark.parametrize(
    "text",
    [
        "9–11, 13–16.30",
        "9-11,13-16:30",
        "9.00 – 11.00; 13.00 – 16.30",
        "klo 9–11 ja 13–16.30",
        "09:00-11:00 och 13:00-16:30",
        "9 11, 13 16.30",
        "kl. 9—11 and 13—16.30,",
    ],
)
def test_hours_are_read_as_people_write_them(text: str) -> None:
    assert read(2, text) == [MORNING, AFTERNOON]


def test_what_is_written_is_read_again() -> None:
    assert written([AFTERNOON, MORNING]) == "9–11, 13–16.30"
    assert read(2, written([AFTERNOON, MORNING])) == [MORNING, AFTERNOON]
    assert read(2, "  ") == []
    assert written([]) == ""


@pytest.mark.parametrize("text", ["mornings", "9", "9–25", "9–11.75", "9–11 13–16", "-", "9–", "9–11–13"])
def test_what_is_no_hours_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are not shown to anyone
        read(2, text)


def test_hours_end_after_they_begin() -> None:
    """Rule unit-hours-in-order."""
    with pytest.raises(Refused, match="unit-hours-in-order") as fault:
        check_hours([MORNING, Hours(4, time(12), time(12))])
    assert fault.value.field == "day_4"


def test_hours_of_a_day_do_not_overlap() -> None:
    """Rule unit-hours-apart: one may begin when another ends."""
    check_hours([Hours(2, time(11), time(13)), MORNING, AFTERNOON, Hours(3, time(9), time(11))])
    with pytest.raises(Refused, match="unit-hours-apart") as fault:
        check_hours([AFTERNOON, Hours(2, time(10, 59), time(12)), MORNING])
    assert fault.value.field == "day_2"


def test_a_unit_comes_back_within_90_days() -> None:
    """Rule unit-back."""
    check_back(date(2027, 1, 1), date(2027, 4, 1))
    with pytest.raises(Refused, match="unit-back"):
        check_back(date(2027, 1, 1), date(2027, 4, 2))


def span(start: str, end: str) -> Span:
    helsinki = ZoneInfo("Europe/Helsinki")
    return Span(*(datetime.fromisoformat(f"2027-01-12T{at}").replace(tzinfo=helsinki) for at in (start, end)))


def test_offered_times_keep_to_hours_and_blocked_days() -> None:
    """Rule meeting-unit-free: within its hosting hours, where it has given any; 12.1.2027 is a Tuesday."""
    check_hosting(span("07:00", "20:00"), [], [])
    check_hosting(span("13:00", "16:30"), [MORNING, AFTERNOON], [(date(2027, 1, 13), date(2027, 1, 15))])
    for start, end in (("12:30", "14:30"), ("10:00", "14:00"), ("15:00", "17:00")):
        with pytest.raises(Refused, match="meeting-unit-free"):
            check_hosting(span(start, end), [MORNING, AFTERNOON], [])
    with pytest.raises(Refused, match="meeting-unit-free"):
        check_hosting(span("13:00", "15:00"), [], [(date(2027, 1, 11), date(2027, 1, 12))])
    with pytest.raises(Refused, match="meeting-unit-free"):
        check_hosting(span("13:00", "15:00"), [Hours(3, time(9), time(16))], [])
