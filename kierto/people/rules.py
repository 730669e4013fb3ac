"""Rules about persons and what they are in organisations."""

from collections.abc import Mapping
from datetime import timedelta
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
MERGE_OWN_ONLY = Rule(
    "merge-own-only",
    N_(
        "You cannot join these two here. Somebody else looks after one of them too: ask the other organisation, or let "
        "the person sign in with the address they want to keep."
    ),
)
SEAT_NO_DOUBLE_HAT = Rule(
    "seat-no-double-hat", N_("One person has one seat and one role in a meeting. Nobody is an expert where they work.")
)

ORGANISATION_KEEPS_COORDINATOR = Rule(
    "organisation-keeps-coordinator",
    N_("This is the only coordinator of the organisation. Invite another one first; then this role can end."),
)
KIERTO_KEEPS_ADMINISTRATOR = Rule(
    "kierto-keeps-administrator",
    N_("This is the only administrator of Kierto. Invite another one first; then this role can end."),
)
INVITATION_OPEN = Rule(
    "invitation-open", N_("This invitation was accepted or withdrawn already. Look at the list again.")
)
INVITATION_NUMBER_SILENT = Rule(
    "invitation-number-silent",
    N_(
        "This phone number has not been used here for a long time. It may have a new owner. Call us first, then accept."
    ),
)
JOINING_WORK_ADDRESS = Rule(
    "joining-work-address", N_("Give your work e-mail address. It ends like this: %(domains)s.")
)
JOINING_DOMAINS_SET = Rule(
    "joining-domains-set",
    N_("The organisation has not said yet how its workers’ e-mail addresses end. A joining link needs that first."),
)
JOINING_LINK_WORKS = Rule(
    "joining-link-works", N_("This joining link has ended. Ask your unit’s contact person for a new one.")
)
HOST_WORKS_THERE = Rule("host-works-there", N_("The contact person works in the unit. Choose somebody who does now."))

INVITATION_LASTS = timedelta(days=14)
SENT_AGAIN_AFTER = timedelta(minutes=1)
"""A second press within this time sends no second letter."""

JOINING_ASKED_LASTS = timedelta(hours=24)
"""How long the letter that a joining link sends can be answered."""

JOINING_LINK_DAYS = (7, 30, 90)


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
