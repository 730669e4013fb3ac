"""Every state has its word: no page can meet one that nobody named."""

from enum import StrEnum

import pytest

from kierto.web import states
from kierto.words import speaking

COLOURS = {"info", "success", "warning", "neutral", "danger"}
KINDS = list(states._STATES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_has_a_word_and_a_colour(kind: type[StrEnum]) -> None:
    with speaking("en"):
        described = [states.described(state) for state in kind]
    assert all(word for word, _color in described)
    assert {color for _word, color in described} <= COLOURS
    assert len({word for word, _color in described}) == len(list(kind))


def test_the_same_value_of_two_kinds_is_not_mixed_up() -> None:
    """StrEnum members compare by value: a seat that waits is no stop that waits."""
    from kierto.rounds.models import StopState
    from kierto.seats.rules import SeatState

    with speaking("en"):
        assert states.described(SeatState.WAITING) != states.described(StopState.WAITING)
