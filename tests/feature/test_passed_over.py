"""What test_stateful.py has found, each as a story of its own: somebody waited while a seat was free for them."""

from datetime import timedelta

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import writing
from kierto.people.actions import add_person, give_role
from kierto.rounds.together import meet_apart, meet_together
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import Cast, Thing


def comes(cast: Cast, person_id: int, role: SeatRole = SeatRole.EXPERT) -> Thing[Seat]:
    with writing():
        return Thing(take_seat(Actor(person_id=person_id), cast.proposed.load(), person_id, role))


def states(*seats: Thing[Seat]) -> list[SeatState]:
    with writing():
        return [seat.load().state for seat in seats]


def test_a_seat_that_was_kept_for_the_second_unit_is_offered_when_it_leaves(cast: Cast) -> None:
    """Rules seat-waiting-order and seat-mix-kept: the mix needs one worker less, so a seat is free."""
    with writing():
        meet_together(cast.actor("coordinator"), cast.proposed_stop.load(), cast.stop.load())
    seats = [comes(cast, cast.id(name)) for name in ("expert", "other_expert", "third_expert")]
    assert states(*seats) == [SeatState.ACCEPTED, SeatState.ACCEPTED, SeatState.WAITING]
    with writing():
        meet_apart(cast.actor("coordinator"), cast.stop.load())
    assert states(*seats) == [SeatState.ACCEPTED, SeatState.ACCEPTED, SeatState.OFFERED]


def test_a_seat_that_a_second_unit_brings_is_offered_to_its_worker_who_waits(cast: Cast) -> None:
    """Rules seat-waiting-order and meeting-mix: the meeting gets a seat more, since its mix needs a worker more.

    Who waits longer works in the first unit: the place is the other's.
    """
    with writing():
        cast.proposed.load().seats = 2
        people = [add_person(name, email=f"{name.lower()}@kierto.test") for name in ("Toini", "Veikko")]
        for person, unit in zip(people, (cast.other_unit, cast.unit), strict=True):
            give_role(cast.actor("coordinator"), person, cast.organisation.id, Role.STAFF, unit.id)
        ours, theirs = (person.id for person in people)
    comes(cast, cast.id("expert"))
    with clock.at(clock.now() + timedelta(minutes=1)):
        waits = comes(cast, ours, SeatRole.HOST_STAFF)
    with clock.at(clock.now() + timedelta(minutes=2)):
        visits = comes(cast, theirs, SeatRole.VISITING_STAFF)
    assert states(waits, visits) == [SeatState.WAITING, SeatState.WAITING]
    with writing():
        meet_together(cast.actor("coordinator"), cast.proposed_stop.load(), cast.stop.load())
    assert states(waits, visits) == [SeatState.WAITING, SeatState.OFFERED]
    with writing():
        assert cast.proposed.load().seats_taken == cast.proposed.load().seats == 3
