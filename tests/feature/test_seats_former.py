"""The people of a cancelled meeting that is booked again (seat-interest-first), also when it is cancelled once more."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Stop
from kierto.seats.actions import decline
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.worker.clocks import run_out
from tests.cast import FREE_ON, NOW, Cast, Thing
from tests.scenes import experts_take
from tests.scenes_seats import AT, kinds, own, states


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


def test_who_waited_and_lets_the_first_offer_pass_is_among_the_interested(cast: Cast) -> None:
    """As with those who were offered a seat at once: others may say that they are interested meanwhile."""
    seats = experts_take(cast, cast.confirmed, 1)
    cancelled(cast, cast.confirmed)
    rounds_seats(cast, 2)
    now = same([cast.seat, *seats], booked(cast, cast.confirmed_stop))
    for expected in ([SeatState.INVITED, SeatState.OFFERED], [SeatState.INVITED, SeatState.INVITED]):
        with reading():
            until = max(seat.load().offered_until or NOW for seat in now)
        with clock.at(until):
            run_out()
            assert states(*now) == expected
