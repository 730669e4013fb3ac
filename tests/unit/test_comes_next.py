"""Which turn comes next: what visiting staff of a round's meeting are invited by."""

import pytest

from kierto.rounds.rules import comes_next

TURNS = [(3, "c"), (1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("here", "around", "found"), [(0, False, "a"), (1, False, "b"), (3, False, None), (3, True, "a")]
)
def test_the_first_behind_comes_next(here: int, around: bool, found: str | None) -> None:
    assert comes_next(TURNS, here, around=around) == found


@pytest.mark.parametrize("around", [False, True])
def test_of_none_none_comes_next(around: bool) -> None:
    none: list[tuple[int, str]] = []
    assert comes_next(none, 1, around=around) is None
