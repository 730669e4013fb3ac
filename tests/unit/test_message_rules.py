"""Hours at which messages leave, at their edges and over changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kierto.clock import instant, local
from kierto.messages.rules import (
    AFTERNOON,
    WAKING,
    Hours,
    cannot_wait,
    hours_of,
    leaves_at,
    may_leave,
)

DAY = date(2027, 1, 12)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""Helsinki's clocks go from 3 to 4, and from 4 to 3."""

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("day", [DAY, SPRING, AUTUMN])
@pytest.mark.parametrize("hours", [WAKING, AFTERNOON])
def test_the_hours_begin_and_end_on_the_second(day: date, hours: Hours) -> None:
    begins, ends = instant(day, hours.begins), instant(day, hours.ends)
    assert not may_leave(begins - SECOND, hours)
    assert may_leave(begins, hours)
    assert may_leave(ends - SECOND, hours)
    assert not may_leave(ends, hours)
    assert leaves_at(begins - SECOND, hours) == begins
    assert leaves_at(begins, hours) == begins
    assert leaves_at(ends, hours) == instant(day + timedelta(days=1), hours.begins)


def test_nothing_leaves_between_20_and_9() -> None:
    assert (Hours(time(9), time(20)), Hours(time(12), time(18))) == (WAKING, AFTERNOON)
    assert hours_of("seat.offered") == WAKING
    assert hours_of("meeting.experts_reminded") == AFTERNOON


@pytest.mark.parametrize(
    ("evening", "hours_waited"),
    [(DAY, 12), (SPRING - timedelta(days=1), 11), (AUTUMN - timedelta(days=1), 13)],
)
def test_the_night_in_which_clocks_change_is_shorter_or_longer(evening: date, hours_waited: int) -> None:
    nine_in_the_evening = instant(evening, time(21))
    assert leaves_at(nine_in_the_evening) - nine_in_the_evening == timedelta(hours=hours_waited)


def test_the_hour_that_comes_twice_is_night_both_times() -> None:
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert (local(first).time(), local(second).time()) == (time(3, 30), time(3, 30))
    assert {leaves_at(first), leaves_at(second)} == {instant(AUTUMN, time(9))}


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - it gets its zone
    hours=st.sampled_from([WAKING, AFTERNOON]),
)
def test_a_message_leaves_at_the_first_moment_of_its_hours(moment: datetime, hours: Hours) -> None:
    leaves = leaves_at(moment, hours)
    assert may_leave(leaves, hours)
    assert moment <= leaves <= moment + timedelta(hours=25)
    if leaves > moment:
        assert not may_leave(moment, hours)
        assert local(leaves).time() == hours.begins


@pytest.mark.parametrize(
    ("said_at", "begins_at", "urgent"),
    [
        (time(22), time(11, 59), True),  # the next morning: at 9 people are on their way
        (time(22), time(12), False),
        (time(19, 59), time(9), False),  # no quiet hours yet: it leaves at once anyway
    ],
)
def test_what_would_come_too_late_does_not_rest(said_at: time, begins_at: time, *, urgent: bool) -> None:
    begins = instant(DAY + timedelta(days=1), begins_at)
    assert cannot_wait(instant(DAY, said_at), begins) is urgent


def test_news_of_a_meeting_that_has_begun_are_urgent_at_night_only() -> None:
    begun = instant(DAY, time(10))
    assert cannot_wait(instant(DAY, time(21)), begun)
    assert not cannot_wait(instant(DAY, time(10)), begun)
