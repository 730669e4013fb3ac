"""Two do something at one moment, in two processes: one is first, the other is told, and nothing is left half done."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.meetings.models import Meeting, MeetingState
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.models import Round, RoundState, Stop
from kierto.rounds.swapping import ask_swap
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from tests.cast import NOW, Cast, plan
from tests.databases import Database
from tests.racing import (
    DONE,
    Pair,
    answering,
    booking,
    cancelling,
    closing,
    moving,
    passing_on,
    race,
    settling,
    swapping,
    taking,
    widening,
    withdrawing,
)
from tests.sign_ups import people
from tests.stateful import standing
from tests.stateful.picture import take

EACH = 5
"""So many pairs of each kind."""

START = NOW + timedelta(hours=1)
FIRST, LAST = date(2027, 2, 1), date(2029, 12, 31)
INTO_THE_ROUND = timedelta(days=20)

Outcome = tuple[str, str]
Judged = tuple[Pair, Callable[[Outcome], None]]


class Scene:
    """Rounds of two units with meetings to race for, each pair on days of its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.first, self.second, self.third = people(cast, 3)
        self.on = FIRST

    def day(self, later: int = 0) -> date:
        return self.on + timedelta(days=later)

    def round(self, **changed: int) -> tuple[int, int, int]:
        """Round and two stops. Its days are those after all that were used so far."""
        self.on += INTO_THE_ROUND
        usual = {"seats": 2, "gap_days": 0}
        with writing():
            round_ = create_round(
                SYSTEM, self.cast.organisation.id, plan(f"Kierros {self.on}", FIRST, LAST, **usual | changed)
            )
            choose_units(SYSTEM, round_, [self.cast.unit.id, self.cast.other_unit.id])
            open_round(SYSTEM, round_)
            stops = session.scalars(select(Stop.id).where(Stop.round_id == round_.id).order_by(Stop.position)).all()
            return round_.id, stops[0], stops[1]

    def booked(self, stop_id: int, later: int = 0, hour: int = 9) -> int:
        """The meeting's id."""
        with writing():
            booking(stop_id, self.day(later), hour)
            return session.get_one(Stop, stop_id).meeting_id or 0

    def taken(self, meeting_id: int, person_id: int) -> int:
        """The seat's id."""
        with writing():
            taking(meeting_id, person_id)
            found = select(Seat.id).where(Seat.meeting_id == meeting_id, Seat.person_id == person_id)
            return session.scalars(found).one()


def state(seat_id: int) -> SeatState:
    return session.get_one(Seat, seat_id).state


def start_of(meeting_id: int) -> datetime:
    return session.get_one(Meeting, meeting_id).starts_at


def offers(scene: Scene, number: int) -> Judged:
    """An offer ends as it is answered (seat-waiting-order)."""
    _round, stop, _other = scene.round()
    meeting_id = scene.booked(stop)
    first, second, third = (scene.taken(meeting_id, one) for one in (scene.first, scene.second, scene.third))
    ends = START + timedelta(seconds=10, milliseconds=150 * number)
    with writing():
        withdrawing(first)
        session.get_one(Seat, second).offered_until = ends

    def judge(outcome: Outcome) -> None:
        with clock.at(START + timedelta(minutes=5)), writing():
            passing_on(meeting_id, second)  # a second later the worker looks again
        with reading():
            found = state(second), state(third)
        if outcome == (DONE, DONE):
            assert found == (SeatState.ACCEPTED, SeatState.WAITING)
        else:
            assert outcome == ("seat-waiting-order", DONE)
            assert found == (SeatState.WAITING, SeatState.OFFERED)

    return Pair(partial(answering, second, yes=True), partial(passing_on, meeting_id, second), ends), judge


def ends_as_it_is_booked(scene: Scene, _number: int) -> Judged:
    """Rules round-open and round-meetings-first."""
    round_id, stop, _other = scene.round()

    def judge(outcome: Outcome) -> None:
        assert outcome in ((DONE, "round-meetings-first"), ("round-open", DONE))
        with reading():
            closed = session.get_one(Round, round_id).state is RoundState.CLOSED
            assert closed is (session.get_one(Stop, stop).meeting_id is None)

    return Pair(partial(booking, stop, scene.day(), 9), partial(closing, round_id)), judge


def books_within_the_gap(scene: Scene, _number: int) -> Judged:
    """Rule round-gap."""
    _round, one, other = scene.round(gap_days=7)

    def judge(outcome: Outcome) -> None:
        assert sorted(outcome) == [DONE, "round-gap"]

    return Pair(partial(booking, one, scene.day(), 9), partial(booking, other, scene.day(2), 9)), judge


def widens_the_gap(scene: Scene, _number: int) -> Judged:
    """Rule round-gap, when the round is changed as a unit books."""
    round_id, one, other = scene.round(gap_days=2)
    scene.booked(one)

    def judge(outcome: Outcome) -> None:
        assert sorted(outcome) == [DONE, "round-gap"]

    return Pair(partial(booking, other, scene.day(3), 9), partial(widening, round_id, 7)), judge


def gives_seats_as_one_leaves(scene: Scene, _number: int) -> Judged:
    """Rule seat-interest-first: whoever is first, the one who stays has what there is."""
    _round, stop, _other = scene.round(interest_days=2)
    meeting_id = scene.booked(stop)
    leaves, stays = (scene.taken(meeting_id, one) for one in (scene.first, scene.second))
    with writing():
        session.get_one(Meeting, meeting_id).interest_until = START - timedelta(minutes=1)

    def judge(outcome: Outcome) -> None:
        assert outcome == (DONE, DONE)
        with reading():
            assert state(leaves) is SeatState.WITHDRAWN
            # Given by fair turn, or, when it had been the other's already, offered to who waits.
            assert state(stays) in (SeatState.ACCEPTED, SeatState.OFFERED)
            assert session.get_one(Meeting, meeting_id).seats_taken == 1

    return Pair(partial(settling, meeting_id), partial(withdrawing, leaves)), judge


def swaps_as_one_moves(scene: Scene, _number: int) -> Judged:
    """Rule stop-swap: the question is about the times that both had."""
    _round, one, other = scene.round()
    mine, theirs = scene.booked(one), scene.booked(other, 3)
    with writing():
        swap = ask_swap(SYSTEM, session.get_one(Stop, one), session.get_one(Stop, other), override=True)
        session.flush()
        swap_id, before, theirs_before = swap.id, start_of(mine), start_of(theirs)
    to = scene.day(6)

    def judge(outcome: Outcome) -> None:
        assert outcome in ((DONE, DONE), ("stop-swap", DONE))
        with reading():
            assert start_of(mine) == (theirs_before if outcome[0] == DONE else before)
            assert clock.local(start_of(theirs)).date() == to

    return Pair(partial(swapping, swap_id), partial(moving, other, to, 9)), judge


def cancels_as_one_comes(scene: Scene, _number: int) -> Judged:
    """Rule seat-before-start."""
    _round, stop, _other = scene.round()
    meeting_id = scene.booked(stop)

    def judge(outcome: Outcome) -> None:
        assert outcome in ((DONE, DONE), (DONE, "seat-before-start"))
        with reading():
            meeting = session.get_one(Meeting, meeting_id)
            assert meeting.state is MeetingState.CANCELLED
            assert meeting.seats_taken == (outcome[1] == DONE)

    return Pair(partial(cancelling, meeting_id), partial(taking, meeting_id, scene.first)), judge


def comes_to_two(scene: Scene, _number: int) -> Judged:
    """Rule person-one-place."""
    _round, one, other = scene.round()
    meetings = scene.booked(one), scene.booked(other, hour=10)

    def judge(outcome: Outcome) -> None:
        assert sorted(outcome) == [DONE, "person-one-place"]

    first, second = (partial(taking, meeting_id, scene.first) for meeting_id in meetings)
    return Pair(first, second), judge


KINDS = (
    ends_as_it_is_booked,
    books_within_the_gap,
    widens_the_gap,
    gives_seats_as_one_leaves,
    swaps_as_one_moves,
    cancels_as_one_comes,
    comes_to_two,
)


def judged(cast: Cast, database: Database, kinds: Sequence[Callable[[Scene, int], Judged]]) -> list[Outcome]:
    """Race every kind, judge each pair, and let the checker look at all that was left behind."""
    scene = Scene(cast)
    cases = [kind(scene, number) for kind in kinds for number in range(EACH)]
    outcomes = race(database.settings, START, [pair for pair, _judge in cases])
    for (_pair, judge), outcome in zip(cases, outcomes, strict=True):
        judge(outcome)
    session.remove()
    with reading():
        found = standing.faults(take(None, START + timedelta(minutes=1)))
    assert not found
    return outcomes


def test_of_two_at_one_moment_one_is_first(cast: Cast, database: Database) -> None:
    judged(cast, database, KINDS)


def test_an_offer_is_answered_or_passed_on_never_both(cast: Cast, database: Database) -> None:
    judged(cast, database, [offers])
