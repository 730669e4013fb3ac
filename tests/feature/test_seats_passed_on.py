"""To whom a freed seat is not offered: who is in another meeting then, who is leaving, whose turn it is not yet."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Role
from kierto.database import session, writing
from kierto.meetings.actions import hold_anyway
from kierto.meetings.models import Meeting
from kierto.people.actions import give_role
from kierto.people.models import Expert, Member, Person
from kierto.rounds.booking import book_stop, move_stop
from kierto.rounds.together import meet_together
from kierto.seats.actions import withdraw
from kierto.seats.leaving import leave, pause
from kierto.seats.models import Seat
from kierto.seats.offering import offer_freed, waited_for
from kierto.seats.rules import SeatState
from kierto.seats.working import end_role
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.client import statements
from tests.scenes import experts_take, seat_taken
from tests.scenes_seats import STAFF, book, expert_of_id, kinds, own, says_yes, states

Verb = Callable[[Actor, Expert], object]
ENDS = clock.instant(NOW.date() + timedelta(days=7), time(13))
"""Days of interest that begin with the cast are over by then."""


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def gives_up(seat: Thing[Seat]) -> None:
    with writing():
        withdraw(own(seat), seat.load())


def elsewhere(cast: Cast, at: time = time(13)) -> Thing[Meeting]:
    """A meeting in another unit on the day of `confirmed`, which lasts from 13 to 15."""
    with writing():
        return Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, at, override=True))


def put(cast: Cast, name: str, meeting: Thing[Meeting], state: SeatState) -> Thing[Seat]:
    """The seat that one of the cast's experts was invited to, as it would be in the state."""
    with writing():
        seat = next(one for one in seats_in(meeting) if one.person_id == cast.id(name))
        seat.state = state
        meeting.load().seats_taken += seat.holds
        seat.waiting_since = NOW if state is SeatState.WAITING else None
        return Thing(seat)


def seats_in(meeting: Thing[Meeting]) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.meeting_id == meeting.id)))


# ---- who is in another meeting ----


def test_who_is_in_another_meeting_is_not_offered_a_seat(cast: Cast) -> None:
    """Rules seat-waiting-order and person-one-place: they keep their place, the next one is offered it."""
    first, _second = experts_take(cast, cast.confirmed, 2)
    waits = seat_taken(cast, "other_expert", cast.confirmed)
    with clock.at(clock.now() + timedelta(minutes=1)):
        after = seat_taken(cast, "third_expert", cast.confirmed)
    seat_taken(cast, "other_expert", elsewhere(cast))
    gives_up(first)
    assert states(waits, after) == [SeatState.WAITING, SeatState.OFFERED]
    with writing():
        assert waits.load().waiting_since is not None
        assert waits.load().passed_at is None


@pytest.mark.parametrize("at", [time(11), time(15)])
def test_a_meeting_that_only_touches_is_no_other_place(cast: Cast, at: time) -> None:
    first, _second = experts_take(cast, cast.confirmed, 2)
    waits = seat_taken(cast, "other_expert", cast.confirmed)
    seat_taken(cast, "other_expert", elsewhere(cast, at))
    gives_up(first)
    assert states(waits) == [SeatState.OFFERED]


def test_who_is_free_again_is_offered_what_is_still_free(cast: Cast) -> None:
    """Rule seat-waiting-order: the worker finds that a seat is free for somebody who waits, once."""
    first, _second = experts_take(cast, cast.confirmed, 2)
    waits = seat_taken(cast, "other_expert", cast.confirmed)
    other = seat_taken(cast, "other_expert", elsewhere(cast))
    gives_up(first)
    run_out()
    assert states(waits) == [SeatState.WAITING]
    gives_up(other)
    with writing():
        assert waited_for() == [cast.confirmed.id]
    run_out()
    assert states(waits) == [SeatState.OFFERED]
    with writing():
        assert waited_for() == []


def test_who_is_free_since_the_meeting_moved_is_offered_what_is_free(cast: Cast) -> None:
    first, _second = experts_take(cast, cast.confirmed, 2)
    waits = seat_taken(cast, "other_expert", cast.confirmed)
    seat_taken(cast, "other_expert", elsewhere(cast))
    gives_up(first)
    with writing():
        move_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, time(9), override=True)
    run_out()
    assert states(waits) == [SeatState.OFFERED]


def test_nobody_is_looked_for_where_the_mix_keeps_the_seats(cast: Cast) -> None:
    """Rule seat-mix-kept: a free seat that is kept for a worker is waited for by no expert."""
    meeting = book(cast, days=0)
    seats = experts_take(cast, meeting, 4)
    assert states(*seats)[-1] is SeatState.WAITING
    with writing():
        assert waited_for() == []


def test_the_queries_do_not_grow_with_who_waits(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 2)
    counted = []
    for first in (200, 300):
        experts_take(cast, cast.confirmed, 3, first)
        with writing(), statements() as ran:
            offer_freed(SYSTEM, cast.confirmed.load())
            waited_for()
        counted.append(ran.total())
    assert counted[0] == counted[1] > 0


# ---- who is just leaving ----


@pytest.mark.parametrize("verb", [pause, leave])
def test_the_interested_have_their_turn_before_a_left_seat_is_offered(cast: Cast, verb: Verb) -> None:
    """Rule seat-interest-first: the days are over, and nobody has looked yet."""
    meeting = book(cast)
    with writing():
        meeting.load().seats = 2
    says_yes(meeting, cast.id("staff"), STAFF)
    leaves = put(cast, "expert", meeting, SeatState.ACCEPTED)
    waits = put(cast, "third_expert", meeting, SeatState.WAITING)
    interested = says_yes(meeting, cast.id("other_expert"))
    with clock.at(ENDS), writing():
        verb(cast.actor("coordinator" if verb is pause else "expert"), expert_of_id(cast.id("expert")))
    assert states(leaves, interested, waits) == [SeatState.WITHDRAWN, SeatState.ACCEPTED, SeatState.WAITING]
    assert "seat.offered" not in kinds()


def test_who_leaves_is_given_nothing_first(cast: Cast) -> None:
    """What is due is given when they are out of it."""
    meeting = book(cast)
    leaves = says_yes(meeting, cast.id("expert"))
    with clock.at(ENDS), writing():
        pause(cast.actor("coordinator"), expert_of_id(cast.id("expert")))
    assert states(leaves) == [SeatState.WITHDRAWN]
    assert "seat.given" not in kinds()


def test_a_worker_who_leaves_lets_the_interested_go_first(cast: Cast) -> None:
    """Rule seat-interest-first, of a seat that came with a unit."""
    meeting = book(cast)
    with writing():
        found = meeting.load()
        found.mix_experts, found.seats, found.mix_released = 0, 1, True
    says_yes(meeting, cast.id("staff"), STAFF)
    waits = put(cast, "third_expert", meeting, SeatState.WAITING)
    interested = says_yes(meeting, cast.id("other_expert"))
    with clock.at(ENDS), writing():
        member = session.scalars(select(Member).where(Member.person_id == cast.id("staff"))).one()
        end_role(cast.actor("host"), member)
    assert states(interested, waits) == [SeatState.ACCEPTED, SeatState.WAITING]
    assert "seat.offered" not in kinds()


def test_of_several_who_leave_at_once_nobody_is_offered_anothers_seat(cast: Cast) -> None:
    """Rule seat-no-double-hat: two experts work in the unit that joins; one has a seat, the other waits."""
    taken = experts_take(cast, cast.proposed, 4)
    assert states(*taken) == [*[SeatState.ACCEPTED] * 3, SeatState.WAITING]
    with writing():
        cast.proposed.load().mix_released = True
        for seat in (taken[0], taken[3]):
            person = session.get_one(Person, seat.load().person_id)
            give_role(SYSTEM, person, cast.organisation.id, Role.STAFF, cast.unit.id)
    with writing():
        meet_together(cast.actor("coordinator"), cast.proposed_stop.load(), cast.stop.load())
    assert states(taken[0], taken[3]) == [SeatState.WITHDRAWN, SeatState.WITHDRAWN]
    assert "seat.offered" not in kinds()


# ---- a meeting that is held anyway is moved ----


def test_a_move_that_asks_the_last_expert_again_ends_that_it_is_held_anyway(cast: Cast) -> None:
    """Rules meeting-mix and seat-reconfirm: without an expert nothing can be agreed, so it is decided anew."""
    with writing():
        worker = next(one for one in seats_in(cast.confirmed) if one.person_id == cast.id("worker"))
        withdraw(cast.actor("worker"), worker)
    with writing():
        hold_anyway(cast.actor("coordinator"), cast.confirmed.load(), "Pidetään silti.")
    lost = kinds().count("meeting.mix_lost")
    with writing():
        move_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, time(13, 20), override=True)
        assert cast.confirmed.load().override_reason == "Pidetään silti.", "nobody is asked again"
    with writing():
        move_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, time(9), override=True)
    assert states(cast.seat) == [SeatState.RECONFIRM]
    assert kinds().count("meeting.mix_lost") == lost + 1
    with writing():
        assert cast.confirmed.load().override_reason is None
