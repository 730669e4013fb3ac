"""The people of a cancelled meeting that is booked again (seat-interest-first), also when it is cancelled once more."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import reading, session, writing
from kierto.events.catalogue.seats import SeatNotGiven
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Stop
from kierto.rounds.together import meet_apart, meet_together
from kierto.seats.actions import decline, withdraw
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.worker.clocks import run_out
from tests.cast import FREE_ON, NOW, Cast, Thing
from tests.scenes import experts_take, seat_in, seat_taken
from tests.scenes_letters import SCENES, Happened, everyone, happen, mail_of, nobody_waits
from tests.scenes_seats import AT, kinds, own, state_of, states

Verb = Callable[[Actor, Seat], object]


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def cancelled(cast: Cast, meeting: Thing[Meeting]) -> None:
    with writing():
        cancel_meeting(cast.actor("coordinator"), meeting.load(), "Sairastuminen")


def booked(cast: Cast, stop: Thing[Stop], on: date = FREE_ON, at: time = AT) -> Thing[Meeting]:
    with writing():
        return Thing(book_stop(cast.actor("coordinator"), stop.load(), on, at, override=True))


def rounds_seats(cast: Cast, seats: int, days: int = 7) -> None:
    """What the spring's meetings are booked with from now on."""
    with writing():
        cast.spring.load().seats, cast.spring.load().interest_days = seats, days


def same(seats: Sequence[Thing[Seat]], meeting: Thing[Meeting]) -> list[Thing[Seat]]:
    """The seats of the same people in another meeting."""
    with reading():
        people = [seat.load().person_id for seat in seats]
        found = {one.person_id: one for one in session.scalars(select(Seat).where(Seat.meeting_id == meeting.id))}
        return [Thing(found[id_]) for id_ in people]


# ---- too many for the seats ----


@pytest.mark.parametrize("days", [0, 7])
def test_who_finds_no_room_waits_in_order_and_is_told(cast: Cast, days: int) -> None:
    """Rules seat-interest-first and seat-waiting-order: the cast's expert came first, then these."""
    seats = experts_take(cast, cast.confirmed, 2)
    cancelled(cast, cast.confirmed)
    rounds_seats(cast, 2, days)
    new = booked(cast, cast.confirmed_stop)
    now = same([cast.seat, *seats], new)
    assert states(*now) == [SeatState.OFFERED, SeatState.WAITING, SeatState.WAITING]
    assert kinds().count("seat.not_given") == 2
    with clock.at(clock.now() + timedelta(hours=1)):
        with writing():
            decline(own(now[0]), now[0].load())
        assert states(*now) == [SeatState.DECLINED, SeatState.OFFERED, SeatState.WAITING]
        with reading():
            assert now[1].load().asked_first


def test_who_waited_and_lets_the_first_offer_pass_keeps_their_place(cast: Cast) -> None:
    """Rule seat-waiting-order; who was offered a seat at once may still say that they are interested."""
    seats = experts_take(cast, cast.confirmed, 1)
    cancelled(cast, cast.confirmed)
    rounds_seats(cast, 2)
    now = same([cast.seat, *seats], booked(cast, cast.confirmed_stop))
    for expected in ([SeatState.INVITED, SeatState.OFFERED], [SeatState.INVITED, SeatState.WAITING]):
        with reading():
            until = max(seat.load().offered_until or NOW for seat in now)
        with clock.at(until):
            run_out()
            assert states(*now) == expected


# ---- cancelled more than once ----


def test_a_first_offer_that_nobody_answered_is_made_again(cast: Cast) -> None:
    """Rule seat-interest-first: the second meeting was cancelled before the expert answered."""
    cancelled(cast, cast.confirmed)
    second = booked(cast, cast.confirmed_stop)
    assert state_of(cast, "expert", second) is SeatState.OFFERED
    cancelled(cast, second)
    third = booked(cast, cast.confirmed_stop)
    assert [state_of(cast, name, third) for name in ("expert", "worker")] == [SeatState.OFFERED] * 2


def test_who_was_elsewhere_the_second_time_is_asked_the_third(cast: Cast) -> None:
    """Rules seat-interest-first and person-one-place."""
    cancelled(cast, cast.confirmed)
    seat_taken(cast, "expert", booked(cast, cast.autumn_stop, FREE_ON))
    second = booked(cast, cast.confirmed_stop)
    assert state_of(cast, "expert", second) is None
    cancelled(cast, second)
    third = booked(cast, cast.confirmed_stop, FREE_ON + timedelta(days=1))
    assert state_of(cast, "expert", third) is SeatState.OFFERED


@pytest.mark.parametrize("verb", [decline, withdraw])
def test_who_said_no_last_is_invited_like_others(cast: Cast, verb: Verb) -> None:
    cancelled(cast, cast.confirmed)
    second = booked(cast, cast.confirmed_stop)
    seat_taken(cast, "expert", second)
    with writing():
        seat = seat_in(cast, "expert", second)
        assert seat is not None
        verb(cast.actor("expert"), seat)
    cancelled(cast, second)
    third = booked(cast, cast.confirmed_stop)
    assert state_of(cast, "expert", third) is SeatState.INVITED


# ---- and two units together ----


def test_a_guests_former_people_are_asked_first_in_the_meeting_of_both(cast: Cast) -> None:
    """Rule seat-interest-first: its own meeting was cancelled, and it meets with another unit instead."""
    cancelled(cast, cast.confirmed)
    with writing():
        meet_together(cast.actor("coordinator"), cast.proposed_stop.load(), cast.confirmed_stop.load())
    for name in ("expert", "worker"):
        with reading():
            seat = seat_in(cast, name, cast.proposed)
            assert seat is not None
            assert (seat.state, seat.asked_first) == (SeatState.OFFERED, True)
    assert kinds().count("seat.offered") == 2


def test_a_guest_that_leaves_again_still_knows_its_former_people(cast: Cast) -> None:
    cancelled(cast, cast.confirmed)
    with writing():
        meet_together(cast.actor("coordinator"), cast.proposed_stop.load(), cast.confirmed_stop.load())
    with writing():
        meet_apart(cast.actor("coordinator"), cast.confirmed_stop.load())
    again = booked(cast, cast.confirmed_stop)
    assert [state_of(cast, name, again) for name in ("expert", "worker")] == [SeatState.OFFERED] * 2


# ---- what they read ----


def not_given_to(cast: Cast, *, asked_first: bool = False) -> str:
    """The letter to an expert who waits for a seat in the proposed meeting, in Finnish."""

    def scene(cast: Cast) -> Happened:
        seat, data = SCENES[SeatNotGiven.kind][0](cast)
        assert isinstance(seat, Seat)
        seat.asked_first = asked_first
        return seat, data

    nobody_waits()
    everyone(language="fi")
    (message,) = happen(cast, scene)
    return mail_of(message, cast.app.config["KIERTO"])[1]


def test_who_gets_no_seat_reads_why(cast: Cast) -> None:
    """Rule seat-fair-turn: whom the meeting suits goes first; that is all that is said to most."""
    assert "joille kokous sopii" in not_given_to(cast)


def test_who_had_a_seat_before_reads_that_none_is_free(cast: Cast) -> None:
    text = not_given_to(cast, asked_first=True)
    assert "Peruttu kokouksesi sai uuden ajan. Sinulle ei ole nyt vapaata paikkaa." in text
    assert "joille kokous sopii" not in text


def test_who_is_in_another_meeting_reads_what_they_can_do(cast: Cast) -> None:
    with writing():
        other, meeting = cast.confirmed.load(), cast.proposed.load()
        meeting.starts_at, meeting.ends_at = other.starts_at, other.ends_at
    seat_taken(cast, "other_expert", cast.confirmed)
    text = not_given_to(cast)
    assert "Jos perut sen paikan" in text
    assert "Sinun ei tarvitse tehdä mitään" not in text
