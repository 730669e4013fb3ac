"""Rules about persons and what they are in organisations."""

from collections.abc import Mapping
from enum import StrEnum

from kierto.errors import Refused, Rule
from kierto.words import N_

EXPERT_APPROVED = Rule(
    "expert-approved", N_("Only an approved expert is given a seat. Ask your coordinator to approve you first.")
)
PERSON_REACHED_ONCE = Rule(
    "person-reached-once", N_("Somebody already uses this e-mail address or phone number. Give another one.")
)
EXPERT_ONCE = Rule("expert-once", N_("This person is in the organisation’s register of experts already."))
EXPERT_MOVES = Rule(
    "expert-moves", N_("That cannot be done now. Somebody may have decided already: look at the page again.")
)
SEAT_NO_DOUBLE_HAT = Rule(
    "seat-no-double-hat", N_("One person has one seat and one role in a meeting. Nobody is an expert where they work.")
)


class ExpertState(StrEnum):
    """applied → approved → paused → left, or declined, withdrawn."""

    APPLIED = "applied"
    APPROVED = "approved"
    PAUSED = "paused"
    LEFT = "left"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What brings an expert from one state to another."""

    APPLY_AGAIN = "apply_again"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    DECLINE = "decline"
    PAUSE = "pause"
    COME_BACK = "come_back"
    LEAVE = "leave"


_MOVES: Mapping[Move, tuple[frozenset[ExpertState], ExpertState]] = {
    Move.APPLY_AGAIN: (
        frozenset({ExpertState.DECLINED, ExpertState.WITHDRAWN, ExpertState.LEFT}),
        ExpertState.APPLIED,
    ),
    Move.WITHDRAW: (frozenset({ExpertState.APPLIED}), ExpertState.WITHDRAWN),
    Move.APPROVE: (frozenset({ExpertState.APPLIED}), ExpertState.APPROVED),
    Move.DECLINE: (frozenset({ExpertState.APPLIED}), ExpertState.DECLINED),
    Move.PAUSE: (frozenset({ExpertState.APPROVED}), ExpertState.PAUSED),
    Move.COME_BACK: (frozenset({ExpertState.PAUSED}), ExpertState.APPROVED),
    Move.LEAVE: (frozenset({ExpertState.APPROVED, ExpertState.PAUSED}), ExpertState.LEFT),
}


def may_move(now: ExpertState, move: Move) -> bool:
    """Whether the move leads anywhere from this state (expert-moves)."""
    return now in _MOVES[move][0]


def moved(now: ExpertState, move: Move) -> ExpertState:
    """Rule expert-moves: the state that the move leads to. Guarded by the person's lock.

    Raises:
        Refused: expert-moves.
    """
    if not may_move(now, move):
        raise Refused(EXPERT_MOVES)
    return _MOVES[move][1]


def check_not_own(actor_id: int | None, person_id: int) -> None:
    """Rule seat-no-double-hat: nobody approves, declines or pauses themself.

    Raises:
        Refused: seat-no-double-hat.
    """
    if actor_id == person_id:
        raise Refused(
            SEAT_NO_DOUBLE_HAT,
            N_("Nobody decides on their own place in the register. Ask another coordinator to do it."),
        )
ADDRESS_UNDERSTOOD = Rule(
    "address-understood",
    N_("Write your whole e-mail address, such as maija@example.fi, or your phone number, such as 040 123 4567."),
)
