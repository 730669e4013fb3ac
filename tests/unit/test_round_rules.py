"""The rules of rounds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kierto.errors import Refused
from kierto.rounds.rules import check_gap

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
