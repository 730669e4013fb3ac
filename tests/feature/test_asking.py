"""Asking people by a call where nothing else helps; who answered, how and for which fee; two places on one day."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.rounds.booking import book_stop
from kierto.seats.actions import answer_move, answer_offer, decline, take_seat, withdraw
from kierto.seats.calling import ask_to_call, called, take_call_back
from kierto.seats.days import elsewhere_that_day
from kierto.seats.models import Seat
from kierto.seats.offering import offers_run_out, only_by_phone, pass_on_offer
from kierto.seats.rules import Answered, SeatState
from kierto.units.fees import Rates, set_rates
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.databases import Database
from tests.refusals import refused
from tests.scenes import experts_take, seat_in, seat_taken
from tests.scenes_rounds import moved
from tests.scenes_seats import EXPERT, kinds, own, states, taken

LATER = NOW + timedelta(minutes=1)
AT_LATER = time(15)
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(LATER):
        yield


def waiting_by_phone(cast: Cast) -> tuple[Thing[Seat], list[Thing[Seat]]]:
    """A full meeting; the first in line can only be phoned. Their seat, and those of the new experts."""
    seats = experts_take(cast, cast.confirmed, 2)
    waiting = seat_taken(cast, "other_expert", cast.confirmed)
    with writing():
        cast.people["other_expert"].load().email = None
    return waiting, seats


def test_whom_only_a_call_reaches(cast: Cast, database: Database) -> None:
    """No e-mail, and no phone that texts reach, or one long silent."""
    with writing():
        person = cast.people["expert"].load()
        assert not only_by_phone(person)
        person.email, person.phone = None, "+358401234567"
        assert not only_by_phone(person), "a text reaches them"
        person.phone_proved_at = NOW - timedelta(days=366)
        assert only_by_phone(person), "the number may be somebody else's by now"
        person.phone_proved_at, person.phone = NOW, None
        assert only_by_phone(person)
    with database.another_app(mail_url="smtp://127.0.0.1:9").app_context(), reading():
        person = session.get_one(Person, cast.id("other_expert"))
        assert not only_by_phone(person)
        session.expunge(person)
        person.email, person.phone = None, "+358401234567"
        assert only_by_phone(person), "no texts leave here"


def test_an_offer_to_who_can_only_be_phoned_waits_for_the_call(cast: Cast) -> None:
    """Rule seat-waiting-order: the clock starts when the call is recorded."""
    waiting, seats = waiting_by_phone(cast)
    with writing():
        withdraw(own(seats[0]), seats[0].load())
    with reading():
        assert (waiting.load().state, waiting.load().offered_until) == (SeatState.OFFERED, None)
    with clock.at(NOW + timedelta(days=7)):
        with reading():
            assert offers_run_out() == []
        with writing():
            called(cast.actor("coordinator"), waiting.load())
        with reading():
            until = waiting.load().offered_until
            assert until is not None
            assert clock.local(until).date() == date(2027, 1, 21)
        with writing():
            called(cast.actor("coordinator"), waiting.load())
        with reading():
            assert waiting.load().offered_until == until, "a second call gives no more time"
    assert kinds().count("seat.called") == 2


def test_without_a_call_the_offer_ends_a_day_before_the_meeting(cast: Cast) -> None:
    waiting, seats = waiting_by_phone(cast)
    next_one = experts_take(cast, cast.confirmed, 1, first=200)[0]
    with writing():
        withdraw(own(seats[0]), seats[0].load())
    with reading():
        starts = cast.confirmed.load().starts_at
    with clock.at(starts - DAY - timedelta(minutes=1)):
        with reading():
            assert offers_run_out() == []
        with writing():
            pass_on_offer(cast.confirmed.id, waiting.id)
    assert states(waiting) == [SeatState.OFFERED]
    with clock.at(starts - DAY):
        run_out()
    assert states(waiting, next_one) == [SeatState.WAITING, SeatState.OFFERED]
    assert taken(cast.confirmed) == 4


def test_on_the_last_day_the_clock_does_not_wait(cast: Cast) -> None:
    waiting, seats = waiting_by_phone(cast)
    with reading():
        starts = cast.confirmed.load().starts_at
    with clock.at(starts - timedelta(hours=5)), writing():
        withdraw(own(seats[0]), seats[0].load())
    with reading():
        assert waiting.load().offered_until == starts


def test_asking_for_a_call(cast: Cast) -> None:
    """Once is enough; the call, an answer, or taking it back settles it."""
    for _ in range(2):
        with writing():
            ask_to_call(cast.actor("expert"), cast.seat.load())
    assert kinds() == ["seat.call_wanted"]
    for _ in range(2):
        with writing():
            take_call_back(cast.actor("expert"), cast.seat.load())
    assert kinds() == ["seat.call_wanted", "seat.call_taken_back"]
    with reading():
        assert cast.seat.load().call_wanted_at is None
    with writing():
        ask_to_call(cast.actor("expert"), cast.seat.load())
    with reading():
        assert cast.seat.load().call_wanted_at is not None
    with writing():
        called(cast.actor("coordinator"), cast.seat.load())
    with reading():
        assert cast.seat.load().call_wanted_at is None
    with writing():
        ask_to_call(cast.actor("expert"), cast.seat.load())
        withdraw(cast.actor("expert"), cast.seat.load())
    with reading():
        assert cast.seat.load().call_wanted_at is None
    with clock.at(NOW + timedelta(days=60)), refused("seat-before-start"):
        ask_to_call(own(cast.seat), cast.seat.load())
    with clock.at(NOW + timedelta(days=60)), refused("seat-before-start"):
        called(SYSTEM, cast.seat.load())


@pytest.mark.parametrize("how", [Answered.PHONE, Answered.TOLD, Answered.PAPER])
def test_a_coordinator_records_an_answer_given_to_them(cast: Cast, how: Answered) -> None:
    """Rule answer-for-another: the record says who and how."""
    with writing():
        seat = Thing(take_seat(cast.actor("coordinator"), cast.proposed.load(), cast.id("expert"), EXPERT, how=how))
    with reading():
        found = seat.load()
        assert (found.answered, found.answered_by, found.answered_at) == (
            how,
            cast.id("coordinator"),
            found.answered_at,
        )
        data = session.scalars(select(Event.data).where(Event.kind == "seat.answer_recorded")).one()
        assert data == {"meeting_id": cast.proposed.id, "reason_code": how.value}


def test_nobody_answers_for_another_without_saying_how(cast: Cast) -> None:
    """Rule answer-for-another."""
    coordinator = cast.actor("coordinator")
    with refused("answer-for-another"):
        take_seat(coordinator, cast.proposed.load(), cast.id("expert"), EXPERT)
    with refused("answer-for-another"):
        withdraw(coordinator, cast.seat.load())
    with refused("answer-for-another"):
        decline(coordinator, cast.seat.load(), how=Answered.LINK)
    seats = experts_take(cast, cast.confirmed, 3)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    for yes in (True, False):
        with refused("answer-for-another"):
            answer_offer(coordinator, seats[2].load(), yes=yes)
    assert states(seats[2]) == [SeatState.OFFERED]


def test_the_fee_of_the_day_is_kept_with_the_yes(cast: Cast) -> None:
    """Rule fee-before-yes: what was shown; another sum by then is shown once more first. No fee is as good."""
    rates = Rates(fee_cents=8000, cancellation_cents=4000, late_hours=24, travel_paid=True, paid_by="Rannikon hva")
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, rates)
    expert, meeting = cast.actor("other_expert"), cast.proposed
    with refused("fee-before-yes"):
        take_seat(expert, meeting.load(), cast.id("other_expert"), EXPERT, fee_seen=7000)
    with writing():
        seat = Thing(
            take_seat(expert, meeting.load(), cast.id("other_expert"), EXPERT, fee_seen=8000, fee_declined=True)
        )
    with reading():
        found = seat.load()
        assert (found.fee_cents, found.cancellation_cents, found.travel_paid) == (8000, 4000, True)
        assert (found.paid_by, found.fee_declined) == ("Rannikon hva", True)
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(**(vars(rates) | {"fee_cents": 9000})))
    moved(cast, meeting, timedelta(days=7))
    with refused("fee-before-yes"):
        answer_move(expert, seat.load(), yes=True, fee_seen=8000)
    with writing():
        answer_move(expert, seat.load(), yes=True, fee_seen=9000)
    with reading():
        assert (seat.load().fee_cents, seat.load().fee_declined) == (9000, True)
        assert seat_in(cast, "other_host", meeting).fee_cents is None  # type: ignore[union-attr]  # they have one


def test_another_place_on_the_same_day_is_warned_about(cast: Cast) -> None:
    """Rule person-one-place: allowed, and said before the answer and after it. Malmi is in Helsinki, Tikkurila not."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT_LATER))
    client, warning = cast.client("expert"), "You have another meeting on the same day, in another place:"
    page = client.get(f"/meetings/{other.ref}")
    assert warning in page.text
    assert "Tikkurilan kuntoutusosasto, Vantaa" in page.text
    assert warning not in client.get(f"/meetings/{cast.confirmed.ref}").text, "they have not said yes to the other"
    seat_taken(cast, "expert", other)
    assert warning in client.get(f"/meetings/{cast.confirmed.ref}").text
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    assert warning not in client.get(f"/meetings/{other.ref}").text


def test_the_same_place_or_another_day_is_no_reason_to_warn(cast: Cast) -> None:
    with writing():
        near = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT_LATER))
        next_day = cast.proposed.load()
        days = timedelta(days=clock.local(next_day.starts_at).toordinal() - CONFIRMED_ON.toordinal() - 1)
        next_day.starts_at, next_day.ends_at = next_day.starts_at - days, next_day.ends_at - days
    with writing():
        session.get_one(Meeting, near.id).unit_id = cast.third_unit.id
    with reading():
        meetings = [thing.load() for thing in (near, cast.proposed, cast.confirmed)]
        assert elsewhere_that_day(cast.id("expert"), meetings) == {one.id: [] for one in meetings}
        assert elsewhere_that_day(cast.id("expert"), []) == {}
