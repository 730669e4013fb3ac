"""A meeting is moved: who is asked again, and what their answers make of it (seat-reconfirm)."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from flask import Flask

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import lock_one, reading, session, writing
from kierto.experts.profile import Limits, write_limits
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.actions import give_role
from kierto.rounds.booking import book_stop
from kierto.seats import queries
from kierto.seats.actions import answer_move, take_seat, withdraw
from kierto.seats.facilitating import name_facilitator, remove_facilitator
from kierto.seats.moving import move_seats
from kierto.seats.rules import Answered, SeatState
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.refusals import refused
from tests.scenes import experts_take, seat_taken
from tests.scenes_rounds import moved
from tests.scenes_seats import AT, EXPERT, STAFF, expert_of_id, kinds, own, state_of, states, taken
from tests.together import at_once

LATER = NOW + timedelta(minutes=1)
AT_LATER = time(15)
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(LATER):
        yield


def test_a_far_move_asks_everybody_again_and_the_mix_is_lost_until_they_answer(cast: Cast) -> None:
    """Rules seat-reconfirm and meeting-mix: their seats are held."""
    assert moved(cast, cast.confirmed, timedelta(days=7)) == 2
    assert state_of(cast, "expert", cast.confirmed) is SeatState.RECONFIRM
    assert taken(cast.confirmed) == 2
    assert kinds().count("seat.asked_again") == 2
    assert kinds().count("meeting.mix_lost") == 1
    with reading():
        assert not queries.has_mix(cast.confirmed.load())
        assert cast.confirmed.load().state is MeetingState.CONFIRMED
    with writing():
        answer_move(cast.actor("expert"), cast.seat.load(), yes=True)
        answer_move(cast.actor("expert"), cast.seat.load(), yes=True)
    assert state_of(cast, "expert", cast.confirmed) is SeatState.ACCEPTED
    assert kinds().count("seat.reconfirmed") == 1
    with writing():
        take_seat(cast.actor("worker"), cast.confirmed.load(), cast.id("worker"), STAFF)
    with reading():
        assert queries.has_mix(cast.confirmed.load())


def test_small_moves_add_up_for_who_leads_the_meeting(cast: Cast) -> None:
    """Rule seat-reconfirm: named anew, they have agreed to the time of then."""
    small = timedelta(minutes=20)
    with writing():
        leads = Thing(name_facilitator(cast.actor("coordinator"), cast.confirmed.load(), cast.id("decision_maker")))
    moved(cast, cast.confirmed, small)
    assert states(leads) == [SeatState.ACCEPTED]
    with writing():
        remove_facilitator(cast.actor("coordinator"), leads.load())
        name_facilitator(cast.actor("coordinator"), cast.confirmed.load(), cast.id("decision_maker"))
    for expected in (SeatState.ACCEPTED, SeatState.RECONFIRM):
        moved(cast, cast.confirmed, small)
        assert states(leads) == [expected]


def test_a_near_move_asks_nobody(cast: Cast) -> None:
    assert moved(cast, cast.confirmed, timedelta(minutes=30)) == 0
    assert state_of(cast, "expert", cast.confirmed) is SeatState.ACCEPTED
    assert kinds() == []


def test_small_moves_add_up(cast: Cast) -> None:
    """Rule seat-reconfirm: judged against the time that people agreed to, not against the last one."""
    with writing():
        take_seat(cast.actor("other_expert"), cast.confirmed.load(), cast.id("other_expert"), EXPERT)
    assert moved(cast, cast.confirmed, timedelta(minutes=20)) == 0
    late = experts_take(cast, cast.confirmed, 1)[0]
    assert moved(cast, cast.confirmed, timedelta(minutes=20)) == 3
    assert states(cast.seat, late) == [SeatState.RECONFIRM, SeatState.ACCEPTED], "20 minutes from when they said yes"
    assert moved(cast, cast.confirmed, timedelta(minutes=-20)) == 0, "they have been asked about a time near this one"
    with writing():
        answer_move(cast.actor("expert"), cast.seat.load(), yes=True)
    assert moved(cast, cast.confirmed, timedelta(minutes=-30)) == 2, "who was asked about a time that is far again"
    assert states(cast.seat, late) == [SeatState.ACCEPTED, SeatState.ACCEPTED]


def test_a_small_move_back_asks_nobody(cast: Cast) -> None:
    """Rule seat-reconfirm: 40 minutes from the last time, 20 from the time that people agreed to."""
    assert moved(cast, cast.confirmed, timedelta(minutes=20)) == 0
    assert moved(cast, cast.confirmed, timedelta(minutes=-40)) == 0
    assert kinds() == []


def test_who_moves_step_by_step_is_not_asked_by_the_last_step_of_another(cast: Cast) -> None:
    """Rule seat-reconfirm: who moved a meeting knows the time that it has since."""
    assert moved(cast, cast.confirmed, timedelta(minutes=20), name="worker") == 0
    assert moved(cast, cast.confirmed, timedelta(minutes=20)) == 1
    assert state_of(cast, "worker", cast.confirmed) is SeatState.ACCEPTED


def test_a_no_after_a_move_passes_the_seat_on(cast: Cast) -> None:
    """Rule seat-waiting-order."""
    seats = experts_take(cast, cast.confirmed, 3)
    moved(cast, cast.confirmed, timedelta(days=7))
    with writing():
        answer_move(cast.actor("expert"), cast.seat.load(), yes=False, how=Answered.LINK)
    assert states(cast.seat, seats[2]) == [SeatState.WITHDRAWN, SeatState.OFFERED]
    assert taken(cast.confirmed) == 4
    with reading():
        assert cast.seat.load().answered is Answered.LINK


def test_giving_up_after_a_move_is_the_same_press_as_ever(cast: Cast) -> None:
    """Rule seat-withdraw-freely."""
    moved(cast, cast.confirmed, timedelta(days=7))
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    assert states(cast.seat) == [SeatState.WITHDRAWN]
    assert taken(cast.confirmed) == 1


def test_who_moved_it_is_not_asked_unless_elsewhere(cast: Cast) -> None:
    assert moved(cast, cast.confirmed, timedelta(days=7), name="worker") == 1
    assert state_of(cast, "worker", cast.confirmed) is SeatState.ACCEPTED
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT))
        give_role(SYSTEM, cast.people["worker"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    seat_taken(cast, "worker", other, STAFF)
    assert moved(cast, cast.confirmed, timedelta(days=-7), name="worker") == 2
    assert state_of(cast, "worker", cast.confirmed) is SeatState.RECONFIRM
    assert state_of(cast, "worker", other) is SeatState.ACCEPTED


def test_two_places_after_a_move_are_settled_by_the_person(cast: Cast) -> None:
    """Rule person-one-place: yes is possible once the other seat is given up."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT_LATER))
    elsewhere = seat_taken(cast, "expert", other)
    assert moved(cast, cast.confirmed, timedelta(minutes=20)) == 1
    assert states(cast.seat, elsewhere) == [SeatState.RECONFIRM, SeatState.ACCEPTED]
    with refused("person-one-place"):
        answer_move(cast.actor("expert"), cast.seat.load(), yes=True)
    with writing():
        withdraw(cast.actor("expert"), elsewhere.load())
    with writing():
        answer_move(cast.actor("expert"), cast.seat.load(), yes=True)
    assert states(cast.seat) == [SeatState.ACCEPTED]


def test_who_is_not_asked_has_nothing_to_answer(cast: Cast) -> None:
    """Rule seat-reconfirm."""
    with refused("seat-reconfirm"):
        answer_move(cast.actor("expert"), cast.seat.load(), yes=False)


def test_an_offer_ends_before_the_new_time(cast: Cast) -> None:
    """Rule seat-waiting-order; a facilitator and who waits are not in the way."""
    seats = experts_take(cast, cast.confirmed, 3)
    with writing():
        withdraw(own(seats[0]), seats[0].load())
    assert states(seats[2]) == [SeatState.OFFERED]
    with reading():
        starts, until = cast.confirmed.load().starts_at, seats[2].load().offered_until
    assert until is not None
    earlier = until + timedelta(hours=1) - starts
    moved(cast, cast.confirmed, earlier)
    with reading():
        assert seats[2].load().offered_until == starts + earlier - DAY
        assert seats[2].load().state is SeatState.OFFERED


def test_whom_it_suits_only_now_is_invited(cast: Cast) -> None:
    with writing():
        write_limits(SYSTEM, expert_of_id(cast.id("third_expert")), Limits(earliest_start=AT_LATER))
    with writing():
        new = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON + timedelta(days=1), AT))
    assert state_of(cast, "third_expert", new) is None
    moved(cast, new, timedelta(hours=2))
    assert state_of(cast, "third_expert", new) is SeatState.INVITED


def test_moving_and_coming_elsewhere_at_one_moment(app: Flask, cast: Cast) -> None:
    """Rule person-one-place: whoever is first, nobody has two accepted seats at one time."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT_LATER))
    actor, coordinator = cast.actor("expert"), cast.actor("coordinator")

    def move() -> int:
        found = lock_one(Meeting, cast.confirmed.id)
        before = found.span
        found.starts_at, found.ends_at = (moment + timedelta(minutes=30) for moment in before)
        return move_seats(coordinator, found, before)

    def come() -> int:
        return take_seat(actor, session.get_one(Meeting, other.id), cast.id("expert"), EXPERT).id

    at_once(app, [move, come])
    found = (state_of(cast, "expert", cast.confirmed), state_of(cast, "expert", other))
    assert found in ((SeatState.RECONFIRM, SeatState.ACCEPTED), (SeatState.ACCEPTED, SeatState.INVITED))
