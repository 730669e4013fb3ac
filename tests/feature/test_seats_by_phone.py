"""Offers to people whom only a call reaches (seat-waiting-order), when the meeting is near or moved near."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from flask import Flask

from kierto import clock
from kierto.database import session, writing
from kierto.people.models import Person
from kierto.rounds.booking import move_stop
from kierto.seats.actions import withdraw
from kierto.seats.models import Seat
from kierto.seats.offering import offers_run_out
from kierto.seats.recording import Reason, calls_to_make, reason_of, record_call
from kierto.seats.rules import SeatState
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.scenes import experts_take, seat_in, seat_taken
from tests.scenes_seats import own, states

DAY = timedelta(days=1)
BEFORE = clock.instant(CONFIRMED_ON - 4 * DAY, time(10))
"""A Friday; the meeting is on Tuesday from 13 on."""


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(NOW + timedelta(minutes=1)):
        yield


@pytest.fixture
def waits(cast: Cast) -> Thing[Seat]:
    """Somebody without an e-mail address waits for a seat of the confirmed meeting, which is full."""
    experts_take(cast, cast.confirmed, 2)
    with writing():
        person = session.get_one(Person, cast.id("other_expert"))
        person.email, person.phone = None, None
    return seat_taken(cast, "other_expert", cast.confirmed)


def freed(cast: Cast, at: datetime) -> None:
    with clock.at(at), writing():
        withdraw(own(cast.seat), cast.seat.load())


def until(seat: Thing[Seat]) -> datetime | None:
    with writing():
        assert seat.load().state is SeatState.OFFERED
        return seat.load().offered_until


def calls(cast: Cast) -> list[tuple[int, Reason]]:
    with writing():
        found = [(call.seat.id, call.reason) for call in calls_to_make(cast.actor("coordinator"), 9)]
        assert all(reason_of(session.get_one(Seat, seat_id)) is reason for seat_id, reason in found)
        return found


def moved(cast: Cast, at: datetime, hour: int = 15) -> datetime:
    """The meeting begins on Saturday at that hour now."""
    with clock.at(at), writing():
        on = clock.local(BEFORE).date() + DAY
        return move_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), on, time(hour), override=True).starts_at


def test_an_offer_that_is_moved_within_a_day_lasts_until_the_meeting(cast: Cast, waits: Thing[Seat]) -> None:
    """There is no day left of which it could end before: as an offer does that is made then. Somebody is to call."""
    freed(cast, BEFORE)
    assert until(waits) is None
    begins = moved(cast, BEFORE + timedelta(hours=8))
    assert begins - BEFORE < timedelta(hours=8) + DAY
    assert until(waits) == begins
    with clock.at(BEFORE + timedelta(hours=9)):
        run_out()
        assert states(waits) == [SeatState.OFFERED]
        assert (waits.id, Reason.OFFERED) in calls(cast)
        with writing():
            record_call(cast.actor("coordinator"), waits.load())
        assert waits.id not in dict(calls(cast))
        assert until(waits) == begins
    with clock.at(begins), writing():
        assert (cast.confirmed.id, waits.id) in offers_run_out()


def test_an_offer_that_is_moved_to_a_later_time_still_waits_for_the_call(cast: Cast, waits: Thing[Seat]) -> None:
    freed(cast, BEFORE)
    moved(cast, BEFORE + timedelta(hours=4))
    assert until(waits) is None
    with clock.at(BEFORE + timedelta(hours=4, minutes=30)):
        assert (waits.id, Reason.OFFERED) in calls(cast)


def test_its_clock_does_not_start_by_a_move_there_and_back(cast: Cast, waits: Thing[Seat]) -> None:
    freed(cast, BEFORE)
    moved(cast, BEFORE + timedelta(hours=8))
    with clock.at(BEFORE + timedelta(hours=9)), writing():
        move_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, time(13))
    assert until(waits) is None


def test_an_offer_that_is_made_within_a_day_is_called_about(cast: Cast, waits: Thing[Seat]) -> None:
    near = clock.instant(CONFIRMED_ON, time(9))
    freed(cast, near)
    with clock.at(near):
        assert until(waits) == clock.instant(CONFIRMED_ON, time(13))
        assert calls(cast) == [(waits.id, Reason.OFFERED)]
        with writing():
            record_call(cast.actor("coordinator"), waits.load())
        assert calls(cast) == []


def test_who_is_offered_it_again_is_called_again(cast: Cast, waits: Thing[Seat]) -> None:
    """A call about an earlier offer is none about this one."""
    freed(cast, BEFORE)
    with clock.at(BEFORE), writing():
        record_call(cast.actor("coordinator"), waits.load())
    ends = until(waits)
    assert ends is not None
    with clock.at(ends):
        run_out()
    assert states(waits) == [SeatState.WAITING]
    near = clock.instant(CONFIRMED_ON, time(9))
    seat_taken(cast, "third_expert", cast.confirmed)
    with clock.at(near), writing():
        leaves = seat_in(cast, "third_expert", cast.confirmed)
        assert leaves is not None
        withdraw(cast.actor("third_expert"), leaves)
    with clock.at(near):
        assert calls(cast) == [(waits.id, Reason.OFFERED)]
