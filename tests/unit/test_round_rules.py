"""The rules of rounds."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kierto.clock import HELSINKI
from kierto.errors import Refused
from kierto.rounds.rules import check_gap, interest_ends
from kierto.seats.rules import moved_far

DAY = date(2027, 2, 16)
days = some.integers(-60, 60).map(lambda away: DAY + timedelta(days=away))


@given(others=some.lists(days, max_size=6), gap=some.integers(0, 30))
def test_meetings_are_the_gap_apart_before_and_after(others: list[date], gap: int) -> None:
    """Rule round-gap."""
    near = any(abs((other - DAY).days) < gap for other in others)
    if not near:
        check_gap(DAY, others, gap)
        return
    with pytest.raises(Refused) as refused:
        check_gap(DAY, others, gap)
    assert refused.value.rule.id == "round-gap"
    assert (refused.value.field, refused.value.values) == ("day", {"days": gap})


def test_exactly_the_gap_is_enough() -> None:
    check_gap(DAY, [DAY - timedelta(days=7), DAY + timedelta(days=7)], 7)
    with pytest.raises(Refused):
        check_gap(DAY, [DAY + timedelta(days=6)], 7)


def test_without_a_gap_meetings_may_share_a_day() -> None:
    check_gap(DAY, [DAY], 0)


@pytest.mark.parametrize(
    ("booked", "days", "starts", "ends"),
    [
        ("2027-02-01T15:00", 7, "2027-03-01T13:00", "2027-02-08T12:00"),
        ("2027-02-01T09:00", 7, "2027-03-01T13:00", "2027-02-08T12:00"),
        ("2027-02-01T23:30", 1, "2027-03-01T13:00", "2027-02-02T12:00"),
        ("2027-03-26T15:00", 7, "2027-05-01T13:00", "2027-04-02T12:00"),  # over the change of clocks
        ("2027-02-01T15:00", 0, "2027-03-01T13:00", None),
        ("2027-02-01T15:00", 7, "2027-02-08T09:00", "2027-02-06T09:00"),
        ("2027-02-01T15:00", 7, "2027-02-04T03:00", "2027-02-02T03:00"),
        ("2027-02-01T15:00", 7, "2027-02-04T02:59", None),
        ("2027-02-01T15:00", 7, "2027-02-02T13:00", None),
    ],
)
def test_interest_ends_at_noon_and_48_hours_before(booked: str, days: int, starts: str, ends: str | None) -> None:
    """Rule seat-interest-first: whole days; too short a time is none at all."""
    there = interest_ends(helsinki(booked), days, helsinki(starts))
    assert there == (helsinki(ends) if ends else None)


def helsinki(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("start", "far"),
    [
        ("2027-02-16T13:00", False),
        ("2027-02-16T13:30", False),
        ("2027-02-16T12:30", False),
        ("2027-02-16T13:31", True),
        ("2027-02-16T12:29", True),
        ("2027-02-17T13:00", True),
    ],
)
def test_another_day_or_over_30_minutes_is_far(start: str, far: bool) -> None:
    """Rule seat-reconfirm."""
    assert moved_far(helsinki("2027-02-16T13:00"), helsinki(start)) is far


def test_a_few_minutes_over_midnight_are_another_day() -> None:
    assert moved_far(helsinki("2027-02-16T23:50"), helsinki("2027-02-17T00:05"))
