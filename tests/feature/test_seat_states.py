"""What each verb makes of a seat in each state: one table, so that no state is forgotten."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.seats import queries
from kierto.seats.actions import answer_move, answer_offer, decline, take_seat, withdraw
from kierto.seats.calling import ask_to_call, called, take_call_back
from kierto.seats.leaving import pause
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatRole, SeatState
from tests.cast import CONFIRMED_ON, NOW, Cast
from tests.refusals import refused
from tests.scenes import experts_take
from tests.scenes_experts import expert_of

INVITED, INTERESTED, WAITING, OFFERED = (
    SeatState.INVITED,
    SeatState.INTERESTED,
    SeatState.WAITING,
    SeatState.OFFERED,
)
ACCEPTED, RECONFIRM, DECLINED, WITHDRAWN = (
    SeatState.ACCEPTED,
    SeatState.RECONFIRM,
    SeatState.DECLINED,
    SeatState.WITHDRAWN,
)
BEFORE = (INVITED, INTERESTED, WAITING, OFFERED, ACCEPTED, RECONFIRM, DECLINED, WITHDRAWN)
"""Every state before the meeting; `attended` and `absent` come after it, when no seat changes."""

LATER = NOW + timedelta(minutes=1)
Verb = Callable[[Actor, Seat], object]


def _take(actor: Actor, seat: Seat) -> Seat:
    return take_seat(actor, seat.meeting, seat.person_id, SeatRole.EXPERT, how=Answered.LINK)


def _offer(yes: bool) -> Verb:
    return lambda actor, seat: answer_offer(actor, seat, yes=yes, how=Answered.LINK)


def _move(yes: bool) -> Verb:
    return lambda actor, seat: answer_move(actor, seat, yes=yes, how=Answered.LINK)


def _decline(actor: Actor, seat: Seat) -> Seat:
    return decline(actor, seat, how=Answered.LINK)


def _withdraw(actor: Actor, seat: Seat) -> Seat:
    return withdraw(actor, seat, how=Answered.LINK)


NO = {
    INVITED: DECLINED,
    INTERESTED: DECLINED,
    WAITING: WITHDRAWN,
    OFFERED: DECLINED,
    ACCEPTED: WITHDRAWN,
    RECONFIRM: WITHDRAWN,
    DECLINED: DECLINED,
    WITHDRAWN: WITHDRAWN,
}
OVER, NOT_ASKED = "seat-waiting-order", "seat-reconfirm"

TABLE: dict[str, tuple[Verb, dict[SeatState, SeatState | str]]] = {
    "take, with room": (_take, dict.fromkeys(BEFORE, ACCEPTED)),
    "decline": (_decline, dict(NO)),
    "withdraw": (_withdraw, dict(NO)),
    "yes to an offer": (_offer(True), dict.fromkeys(BEFORE, OVER) | {OFFERED: ACCEPTED, ACCEPTED: ACCEPTED}),
    "no to an offer": (_offer(False), dict.fromkeys(BEFORE, OVER) | {OFFERED: DECLINED}),
    "yes after a move": (_move(True), dict.fromkeys(BEFORE, NOT_ASKED) | {RECONFIRM: ACCEPTED, ACCEPTED: ACCEPTED}),
    "no after a move": (_move(False), dict.fromkeys(BEFORE, NOT_ASKED) | {RECONFIRM: WITHDRAWN}),
    "ask for a call": (ask_to_call, {state: state for state in BEFORE}),
    "need no call": (take_call_back, {state: state for state in BEFORE}),
    "called": (called, {state: state for state in BEFORE}),
}


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(LATER):
        yield


def put(cast: Cast, state: SeatState) -> None:
    """The expert's seat in the confirmed meeting, as it would be in the state."""
    with writing():
        seat, meeting = cast.seat.load(), cast.confirmed.load()
        before = seat.holds
        seat.state = state
        meeting.seats_taken += seat.holds - before
        seat.waiting_since = NOW if state in (WAITING, OFFERED) else None
        seat.offered_until = LATER + timedelta(hours=1) if state is OFFERED else None
        seat.interested_since = NOW if state is INTERESTED else None


def run(cast: Cast, verb: Verb) -> str | None:
    """Do it as the seat's person; which rule refused it, if one did."""
    try:
        with writing():
            seat = cast.seat.load()
            verb(Actor(person_id=seat.person_id), seat)
    except Refused as fault:
        return fault.rule.id
    return None


def check_counts(cast: Cast) -> None:
    with reading():
        meeting, seat = cast.confirmed.load(), cast.seat.load()
        assert meeting.seats_taken == len(queries.seats_of(meeting, *SeatState.holding()))
        assert (seat.offered_until is None) or seat.state is OFFERED
        assert (seat.waiting_since is None) or seat.state in (WAITING, OFFERED)
        assert (seat.interested_since is None) or seat.state is INTERESTED


@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize("name", TABLE)
def test_what_each_verb_makes_of_each_state(cast: Cast, name: str, state: SeatState) -> None:
    """seat-waiting-order, seat-reconfirm, seat-withdraw-freely: no verb leaves a seat between two states."""
    verb, outcomes = TABLE[name]
    put(cast, state)
    expected = outcomes[state]
    rule = run(cast, verb)
    with reading():
        found = cast.seat.load()
        if isinstance(expected, SeatState):
            assert (rule, found.state) == (None, expected)
        else:
            assert (rule, found.state) == (expected, state)
        if found.state is not state:
            assert (found.answered, found.answered_by) == (Answered.LINK, cast.id("expert"))
            assert found.answered_at is not None
    check_counts(cast)


def test_the_table_knows_every_state() -> None:
    assert set(BEFORE) | {SeatState.ATTENDED, SeatState.ABSENT} == set(SeatState)
    assert all(set(outcomes) == set(BEFORE) for _verb, outcomes in TABLE.values())


@pytest.mark.parametrize("name", TABLE)
def test_no_seat_changes_once_the_meeting_has_begun(cast: Cast, name: str) -> None:
    """Rule seat-before-start."""
    for state in (ACCEPTED, SeatState.ATTENDED):
        put(cast, state)
        with clock.at(clock.instant(CONFIRMED_ON, clock.local(_starts(cast)).time())):
            assert run(cast, TABLE[name][0]) == "seat-before-start"
        with reading():
            assert cast.seat.load().state is state


def _starts(cast: Cast) -> datetime:
    with reading():
        return cast.confirmed.load().starts_at


@pytest.mark.parametrize("state", [state for state in BEFORE if state not in SeatState.holding()])
def test_without_room_one_waits(cast: Cast, state: SeatState) -> None:
    """seat-capacity: also who was interested, invited, or had given up."""
    put(cast, state)
    experts_take(cast, cast.confirmed, 3)
    assert run(cast, _take) is None
    with reading():
        assert cast.seat.load().state is WAITING
    check_counts(cast)


@pytest.mark.parametrize("state", [INVITED, INTERESTED, DECLINED, WITHDRAWN])
def test_during_the_days_of_interest_one_is_interested(cast: Cast, state: SeatState) -> None:
    """Rule seat-interest-first; who was offered a seat, or has one, says yes to it all the same."""
    with writing():
        cast.confirmed.load().interest_until = LATER + timedelta(days=1)
    put(cast, state)
    assert run(cast, _take) is None
    with reading():
        assert cast.seat.load().state is INTERESTED
    for held in (OFFERED, RECONFIRM, ACCEPTED):
        put(cast, held)
        assert run(cast, _take) is None
        with reading():
            assert cast.seat.load().state is ACCEPTED
    check_counts(cast)


@pytest.mark.parametrize("state", BEFORE)
def test_a_break_ends_every_coming_seat(cast: Cast, state: SeatState) -> None:
    """What happens when: expert paused. An invitation goes without a word."""
    put(cast, state)
    own = expert_of(cast, "expert")
    with writing():
        pause(cast.actor("coordinator"), own.load())
    with reading():
        after = cast.seat.load().state
        assert after is (state if state in (DECLINED, WITHDRAWN) else DECLINED if state is OFFERED else WITHDRAWN)
        told = session.scalars(
            select(Event.kind).where(Event.subject == "seats", Event.subject_id == cast.seat.id, Event.at >= LATER)
        ).all()
        quiet = (INVITED, DECLINED, WITHDRAWN)
        assert list(told) == (
            [] if state in quiet else ["seat.offer_declined"] if state is OFFERED else ["seat.withdrawn"]
        )
    check_counts(cast)


def test_an_offer_of_the_same_seat_can_be_missed_and_taken_again(cast: Cast) -> None:
    """Rule seat-waiting-order: “I come” to an offer that has ended is told so, not counted."""
    put(cast, OFFERED)
    with clock.at(LATER + timedelta(hours=2)), refused("seat-waiting-order"):
        seat = cast.seat.load()
        _take(Actor(person_id=seat.person_id), seat)
    check_counts(cast)


def test_a_facilitator_holds_no_seat(cast: Cast) -> None:
    """Leaving changes no counter, and passes no seat on."""
    put(cast, ACCEPTED)
    with writing():
        seat, meeting = cast.seat.load(), cast.confirmed.load()
        seat.role = SeatRole.FACILITATOR
        meeting.seats_taken -= 1
        taken = meeting.seats_taken
    waiting = experts_take(cast, cast.confirmed, 4)[-1]
    assert run(cast, _take) is None
    assert run(cast, _withdraw) is None
    with reading():
        assert cast.seat.load().state is WITHDRAWN
        assert waiting.load().state is WAITING
        assert cast.confirmed.load().seats_taken == 4 > taken
