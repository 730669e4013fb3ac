"""Asking people: those of a cancelled meeting first, those of a moved one again, by a call where nothing else helps."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Role
from kierto.database import lock_one, reading, session, writing
from kierto.events.models import Event
from kierto.experts.profile import Limits, write_limits
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.people.actions import give_role
from kierto.people.models import Expert, Person
from kierto.rounds.booking import book_stop
from kierto.seats import queries
from kierto.seats.actions import answer_move, answer_offer, decline, take_seat, withdraw
from kierto.seats.calling import ask_to_call, called
from kierto.seats.days import elsewhere_that_day
from kierto.seats.leaving import pause
from kierto.seats.models import Seat
from kierto.seats.moving import move_seats
from kierto.seats.offering import offers_run_out, only_by_phone, pass_on_offer
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.units.fees import Rates, set_rates
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.databases import Database
from tests.refusals import refused
from tests.scenes import experts_take, seat_in, seat_taken
from tests.together import at_once

AT, AT_LATER = time(13), time(15)
EXPERT, STAFF = SeatRole.EXPERT, SeatRole.HOST_STAFF
LATER = NOW + timedelta(minutes=1)
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(LATER):
        yield


def own(seat: Thing[Seat]) -> Actor:
    """The seat's person, in the test's own transaction."""
    return Actor(person_id=seat.load().person_id)


def kinds() -> list[str]:
    """The kinds of events since the cast, oldest first."""
    with reading():
        return list(
            session.scalars(select(Event.kind).where(Event.at >= NOW + timedelta(seconds=30)).order_by(Event.id))
        )


def state_of(cast: Cast, name: str, meeting: Thing[Meeting]) -> SeatState | None:
    with reading():
        seat = seat_in(cast, name, meeting)
        return seat.state if seat else None


def states(*seats: Thing[Seat]) -> list[SeatState]:
    with reading():
        return [seat.load().state for seat in seats]


def taken(meeting: Thing[Meeting]) -> int:
    with reading():
        found = meeting.load()
        held = [seat for seat in queries.seats_of(found, *SeatState.holding()) if seat.role is not SeatRole.FACILITATOR]
        assert found.seats_taken == len(held)
        return found.seats_taken


# ---- people of a cancelled meeting ----


def booked_again(cast: Cast, days: int = 7) -> Thing[Meeting]:
    """The confirmed meeting is cancelled and booked anew, by the coordinator, on the same day."""
    with writing():
        cast.spring.load().interest_days = days
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Sairastuminen")
    with writing():
        at = clock.local(cast.confirmed.load().starts_at).time()
        return Thing(book_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, at))


def test_the_people_of_a_cancelled_meeting_are_asked_before_anybody(cast: Cast) -> None:
    """Rule seat-interest-first: their seats are offered, also while others say that they are interested."""
    new = booked_again(cast)
    assert state_of(cast, "expert", new) is SeatState.OFFERED
    assert state_of(cast, "worker", new) is SeatState.OFFERED
    assert state_of(cast, "other_expert", new) is SeatState.INVITED
    assert taken(new) == 2
    assert kinds().count("seat.offered") == 2
    seat_taken(cast, "expert", new)
    assert state_of(cast, "expert", new) is SeatState.ACCEPTED
    seat_taken(cast, "other_expert", new)
    assert state_of(cast, "other_expert", new) is SeatState.INTERESTED


def test_a_first_offer_that_nobody_answers_leaves_them_among_the_interested(cast: Cast) -> None:
    """They keep the invitation; for a worker it is the waiting list."""
    new = booked_again(cast)
    with reading():
        until = max(
            seat.offered_until for seat in queries.seats_of(new.load(), SeatState.OFFERED) if seat.offered_until
        )
    with clock.at(until):
        run_out()
        assert state_of(cast, "expert", new) is SeatState.INVITED
        assert state_of(cast, "worker", new) is SeatState.WAITING
        assert taken(new) == 0
        seat_taken(cast, "expert", new)
        assert state_of(cast, "expert", new) is SeatState.INTERESTED
        seat_taken(cast, "worker", new, STAFF)
        assert state_of(cast, "worker", new) is SeatState.ACCEPTED


def test_a_first_offer_that_ends_when_interest_is_over_keeps_a_place_in_line(cast: Cast) -> None:
    new = booked_again(cast, days=0)
    with reading():
        seat = seat_in(cast, "expert", new)
        assert seat is not None
        assert seat.offered_until is not None
        until, seat_id = seat.offered_until, seat.id
    with clock.at(until), writing():
        pass_on_offer(new.id, seat_id)
    with reading():
        seat = seat_in(cast, "expert", new)
        assert seat is not None
        assert (seat.state, seat.waiting_since, seat.asked_first) == (SeatState.WAITING, seat.created_at, False)


def test_who_can_no_longer_come_is_not_asked_first(cast: Cast) -> None:
    """Rules expert-approved, seat-no-double-hat and person-one-place."""
    experts = experts_take(cast, cast.confirmed, 2)
    with reading():
        ids = [seat.load().person_id for seat in experts]
    with writing():
        pause(cast.actor("coordinator"), expert_of_id(ids[0]))
    with writing():
        cast.confirmed.load().seats = 5
        give_role(SYSTEM, session.get_one(Person, ids[1]), cast.organisation.id, Role.STAFF, cast.third_unit.id)
    with writing():
        elsewhere = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT))
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Sairastuminen")
    seat_taken(cast, "expert", elsewhere)
    with writing():
        new = Thing(book_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), CONFIRMED_ON, AT))
    with reading():
        offered = {seat.person_id for seat in queries.seats_of(new.load(), SeatState.OFFERED)}
        assert offered == {cast.id("worker")}
        assert seat_in(cast, "expert", new) is None


def expert_of_id(person_id: int) -> Expert:
    return session.scalars(select(Expert).where(Expert.person_id == person_id)).one()


def test_no_more_are_asked_first_than_there_is_room_for(cast: Cast) -> None:
    """Rules seat-capacity and seat-mix-kept; who finds no room is invited with the others."""
    experts_take(cast, cast.confirmed, 2)
    with writing():
        cast.spring.load().seats = 3
    new = booked_again(cast)
    with reading():
        held = queries.seats_of(new.load(), SeatState.OFFERED)
        assert sorted(seat.role for seat in held) == [EXPERT, EXPERT, STAFF]
        assert all(seat.asked_first for seat in held)
        invited = [seat.person_id for seat in queries.seats_of(new.load(), SeatState.INVITED)]
        assert len(invited) == 3
    assert taken(new) == 3


# ---- a meeting is moved ----


def moved(cast: Cast, meeting: Thing[Meeting], by: timedelta, *, far: bool, name: str = "coordinator") -> int:
    with writing():
        found = meeting.load()
        before = found.span
        found.starts_at, found.ends_at = before.start + by, before.end + by
        session.flush()
        return move_seats(cast.actor(name), found, Span(*before), far=far)


def test_a_far_move_asks_everybody_again_and_the_mix_is_lost_until_they_answer(cast: Cast) -> None:
    """Rules seat-reconfirm and meeting-mix: their seats are held."""
    assert moved(cast, cast.confirmed, timedelta(days=7), far=True) == 2
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


def test_a_near_move_asks_nobody(cast: Cast) -> None:
    assert moved(cast, cast.confirmed, timedelta(minutes=30), far=False) == 0
    assert state_of(cast, "expert", cast.confirmed) is SeatState.ACCEPTED
    assert kinds() == []


def test_a_no_after_a_move_passes_the_seat_on(cast: Cast) -> None:
    """Rule seat-waiting-order."""
    seats = experts_take(cast, cast.confirmed, 3)
    moved(cast, cast.confirmed, timedelta(days=7), far=True)
    with writing():
        answer_move(cast.actor("expert"), cast.seat.load(), yes=False, how=Answered.LINK)
    assert states(cast.seat, seats[2]) == [SeatState.WITHDRAWN, SeatState.OFFERED]
    assert taken(cast.confirmed) == 4
    with reading():
        assert cast.seat.load().answered is Answered.LINK


def test_giving_up_after_a_move_is_the_same_press_as_ever(cast: Cast) -> None:
    """Rule seat-withdraw-freely."""
    moved(cast, cast.confirmed, timedelta(days=7), far=True)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    assert states(cast.seat) == [SeatState.WITHDRAWN]
    assert taken(cast.confirmed) == 1


def test_who_moved_it_is_not_asked_unless_elsewhere(cast: Cast) -> None:
    assert moved(cast, cast.confirmed, timedelta(days=7), far=True, name="worker") == 1
    assert state_of(cast, "worker", cast.confirmed) is SeatState.ACCEPTED
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT))
        give_role(SYSTEM, cast.people["worker"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    seat_taken(cast, "worker", other, STAFF)
    assert moved(cast, cast.confirmed, timedelta(days=-7), far=True, name="worker") == 2
    assert state_of(cast, "worker", cast.confirmed) is SeatState.RECONFIRM
    assert state_of(cast, "worker", other) is SeatState.ACCEPTED


def test_two_places_after_a_move_are_settled_by_the_person(cast: Cast) -> None:
    """Rule person-one-place: yes is possible once the other seat is given up."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, AT_LATER))
    elsewhere = seat_taken(cast, "expert", other)
    assert moved(cast, cast.confirmed, timedelta(minutes=20), far=False) == 1
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
    moved(cast, cast.confirmed, earlier, far=True)
    with reading():
        assert seats[2].load().offered_until == starts + earlier - DAY
        assert seats[2].load().state is SeatState.OFFERED


def test_whom_it_suits_only_now_is_invited(cast: Cast) -> None:
    with writing():
        write_limits(SYSTEM, expert_of_id(cast.id("third_expert")), Limits(earliest_start=AT_LATER))
    with writing():
        new = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON + timedelta(days=1), AT))
    assert state_of(cast, "third_expert", new) is None
    moved(cast, new, timedelta(hours=2), far=True)
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
        return move_seats(coordinator, found, before, far=False)

    def come() -> int:
        return take_seat(actor, session.get_one(Meeting, other.id), cast.id("expert"), EXPERT).id

    at_once(app, [move, come])
    found = (state_of(cast, "expert", cast.confirmed), state_of(cast, "expert", other))
    assert found in ((SeatState.RECONFIRM, SeatState.ACCEPTED), (SeatState.ACCEPTED, SeatState.INVITED))


# ---- who can only be phoned ----


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


def waiting_by_phone(cast: Cast) -> tuple[Thing[Seat], list[Thing[Seat]]]:
    """A full meeting; the first in line can only be phoned. Their seat, and those of the new experts."""
    seats = experts_take(cast, cast.confirmed, 2)
    waiting = seat_taken(cast, "other_expert", cast.confirmed)
    with writing():
        cast.people["other_expert"].load().email = None
    return waiting, seats


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
    """Once is enough; the call, or an answer, settles it."""
    for _ in range(2):
        with writing():
            ask_to_call(cast.actor("expert"), cast.seat.load())
    assert kinds() == ["seat.call_wanted"]
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


# ---- who answered, and how ----


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
    moved(cast, meeting, timedelta(days=7), far=True)
    with refused("fee-before-yes"):
        answer_move(expert, seat.load(), yes=True, fee_seen=8000)
    with writing():
        answer_move(expert, seat.load(), yes=True, fee_seen=9000)
    with reading():
        assert (seat.load().fee_cents, seat.load().fee_declined) == (9000, True)
        assert seat_in(cast, "other_host", meeting).fee_cents is None  # type: ignore[union-attr]


# ---- two places on one day ----


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
