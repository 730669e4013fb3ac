"""Who is invited to a meeting that was booked: first the people of a cancelled one, then whom it suits."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.experts.answers import Hours
from kierto.experts.models import BusySpan
from kierto.experts.profile import Limits, Profile, add_away, replace_hours, write_limits, write_profile
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.meetings.rules import Span
from kierto.people.actions import approve_expert, give_role
from kierto.people.models import Expert, Person
from kierto.rounds.booking import book_stop
from kierto.seats import queries
from kierto.seats.leaving import pause
from kierto.seats.offering import pass_on_offer
from kierto.seats.rules import SeatState
from kierto.seats.suiting import suitable, who_suits
from kierto.units.fees import Rates, set_rates
from kierto.units.models import Unit
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, FREE_ON, NOW, Cast, Thing
from tests.client import statements
from tests.scenes import experts_take, seat_in, seat_taken
from tests.scenes_experts import expert_of, in_register, tells
from tests.scenes_seats import (
    AT,
    EXPERT,
    STAFF,
    book,
    expert_of_id,
    invited,
    kinds,
    person_of,
    says_yes,
    state_of,
    taken,
)

LATER = NOW + timedelta(minutes=1)
EIGHTY = Rates(fee_cents=8000, cancellation_cents=4000, late_hours=24, travel_paid=True, paid_by="Rannikon hva")


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def booked(cast: Cast) -> Thing[Meeting]:
    """A meeting of the first unit for which experts say that they are interested: four seats; its mix is 1 + 1."""
    return book(cast)


def test_booking_invites_every_expert_whom_the_meeting_suits(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rule seat-fair-turn says whom it suits; an invited person holds nothing."""
    assert invited(booked) == {cast.id("expert"), cast.id("other_expert"), cast.id("third_expert")}
    assert taken(booked) == 0
    with reading():
        told = session.scalars(select(Event).where(Event.kind == "meeting.experts_invited").order_by(Event.id.desc()))
        assert told.first().data == {"count": 3}  # type: ignore[union-attr]  # there is one


def test_who_is_somewhere_else_or_does_not_want_it_is_not_invited(cast: Cast) -> None:
    """seat-fair-turn: free at that time, within limits and reach, no overlapping seat, not their own workplace."""
    wants = {
        name: in_register(cast, name) for name in ("hours", "away", "busy", "limit", "reach", "works", "elsewhere")
    }
    with writing():
        replace_hours(SYSTEM, wants["hours"].load(), [Hours(1, time(9), time(16))])
        add_away(SYSTEM, wants["away"].load(), FREE_ON, FREE_ON)
    with writing():
        busy = clock.instant(FREE_ON, time(14))
        session.add(
            BusySpan(
                person_id=wants["busy"].load().person_id,
                starts_at=busy,
                ends_at=busy + timedelta(hours=3),
                uploaded_at=NOW,
            )
        )
        write_limits(SYSTEM, wants["limit"].load(), Limits(earliest_start=time(14)))
    with writing():
        write_profile(SYSTEM, wants["reach"].load(), Profile(municipalities=("Vantaa",)))
    with writing():
        worker = session.get_one(Expert, wants["works"].id).person
        give_role(SYSTEM, worker, cast.organisation.id, Role.STAFF, cast.unit.id)
    with writing():
        elsewhere = wants["elsewhere"].load().person
        approve_expert(SYSTEM, elsewhere, cast.other_organisation.id)
        foreign = cast.foreign_meeting.load()
        foreign.starts_at, foreign.ends_at = (clock.instant(FREE_ON, time(hour)) for hour in (12, 14))
    says_yes(cast.foreign_meeting, person_of(wants["elsewhere"]))
    suits = in_register(cast, "suits")
    with writing():
        write_profile(SYSTEM, suits.load(), Profile(municipalities=("Helsinki",)))
    meeting = book(cast)
    who = {name: person_of(expert) for name, expert in (wants | {"suits": suits}).items()}
    assert {name for name, person_id in who.items() if person_id in invited(meeting)} == {"suits"}


def test_a_theme_narrows_where_anyone_has_it(cast: Cast) -> None:
    """The round is about `encounter`; until somebody approved tells so, everybody is invited."""
    tells(cast, expert_of(cast, "expert"), "encounter")
    tells(cast, expert_of(cast, "other_expert"), "access-to-care")
    assert invited(book(cast)) == {cast.id("expert")}


def test_limits_of_a_month_count_what_was_agreed(cast: Cast) -> None:
    """Eighty euros for each meeting; whose limit is full is not invited. Who comes without a fee has room for more."""
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, EIGHTY)
    people = {name: in_register(cast, name, most_euros=100) for name in ("paid", "unpaid")}
    people["often"] = in_register(cast, "often", most_meetings=1)
    with writing():
        cast.proposed.load().seats = 9
    for name, expert in people.items():
        says_yes(cast.proposed, person_of(expert), fee_declined=name == "unpaid")
    people["poor"] = in_register(cast, "poor", most_euros=79)
    who = {name: person_of(expert) for name, expert in people.items()}
    meeting = book(cast)
    assert {name for name, person_id in who.items() if person_id in invited(meeting)} == {"unpaid"}


def test_times_to_book_tell_how_many_could_come(cast: Cast) -> None:
    """What a booking unit sees agrees with who is invited."""
    in_register(cast, "Aamupäivä", most_meetings=0)
    late = in_register(cast, "Iltapäivä", earliest_start=time(12))
    meeting = book(cast)
    with reading():
        found = meeting.load()
        hours = timedelta(hours=4)
        early = Span(found.starts_at - hours, found.ends_at - hours)
        unit = session.get_one(Unit, cast.unit.id)
        counted = suitable(cast.organisation.id, [early, found.span], unit, found.theme_id)
        who = [person.id for person in who_suits(found)]
        assert counted == {early: 3, found.span: 4}
        assert len(who) == 4
        assert late.load().person_id in who
        assert suitable(cast.organisation.id, [], unit, found.theme_id) == {}


def test_the_queries_do_not_grow_with_the_register(cast: Cast, booked: Thing[Meeting]) -> None:
    """Neither for who is invited nor for the many times that a unit could book."""

    def needed() -> tuple[int, int]:
        with reading():
            found, unit = booked.load(), session.get_one(Unit, cast.unit.id)
            with statements() as inviting:
                who_suits(found)
            spans = [found.span, *(Span(found.starts_at - timedelta(days=n), found.ends_at) for n in range(1, 20))]
            with statements() as counting:
                suitable(cast.organisation.id, spans, unit, found.theme_id)
        return inviting.total(), counting.total()

    few = needed()
    for number in range(8):
        expert = in_register(cast, f"Asiantuntija {number}")
        tells(cast, expert, "encounter", "access-to-care")
        with writing():
            replace_hours(SYSTEM, expert.load(), [Hours(day, time(9), time(16)) for day in range(1, 6)])
            add_away(SYSTEM, expert.load(), FREE_ON, FREE_ON)
        with writing():
            write_profile(SYSTEM, expert.load(), Profile(municipalities=("Helsinki", "Vantaa")))
    assert needed() == few
    assert max(few) <= 12


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


def test_no_more_are_asked_first_than_there_is_room_for(cast: Cast) -> None:
    """Rules seat-capacity and seat-mix-kept; who finds no room waits (test_seats_former.py)."""
    experts_take(cast, cast.confirmed, 2)
    with writing():
        cast.spring.load().seats = 3
    new = booked_again(cast)
    with reading():
        held = queries.seats_of(new.load(), SeatState.OFFERED)
        assert sorted(seat.role for seat in held) == [EXPERT, EXPERT, STAFF]
        assert all(seat.asked_first for seat in held)
        invited = [seat.person_id for seat in queries.seats_of(new.load(), SeatState.INVITED)]
        assert len(invited) == 2
        assert [seat.role for seat in queries.seats_of(new.load(), SeatState.WAITING)] == [EXPERT]
    assert taken(new) == 3
