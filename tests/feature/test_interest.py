"""The days of interest: who says they are interested, and to whom seats go by fair turn."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Role
from kierto.database import reading, session, writing
from kierto.experts.profile import Limits, write_limits
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.actions import give_role
from kierto.rounds.booking import book_stop
from kierto.seats.actions import decline, take_seat
from kierto.seats.interest import interest_ended, meetings_of, settle_interest
from kierto.seats.leaving import pause
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatState
from kierto.units.fees import Rates, set_rates
from kierto.worker.clocks import run_out
from tests.cast import FREE_ON, NOW, Cast, Thing
from tests.refusals import refused
from tests.scenes import experts_take, seat_in
from tests.scenes_seats import EXPERT, STAFF, book, expert_of_id, kinds, place_in_line, says_yes, states, taken
from tests.together import at_once

ENDS = clock.instant(date(2027, 1, 19), time(12))

"""Seven days after the booking, at noon."""

EIGHTY = Rates(fee_cents=8000, cancellation_cents=4000, late_hours=24, travel_paid=True, paid_by="Rannikon hva")


@pytest.fixture
def booked(cast: Cast) -> Iterator[Thing[Meeting]]:
    """A meeting of the first unit for which experts say that they are interested: four seats; its mix is 1 + 1."""
    with clock.at(NOW + timedelta(minutes=1)):
        yield book(cast)


def interested(cast: Cast, meeting: Thing[Meeting], count: int, first: int = 0) -> list[Thing[Seat]]:
    """So many new experts say that they are interested, a minute apart."""
    seats = []
    for number in range(first, first + count):
        with clock.at(clock.now() + timedelta(minutes=number)):
            with writing():
                person_id = cast.new_expert(number).id
            seats.append(says_yes(meeting, person_id))
    return seats


def been_in(cast: Cast, seat: Thing[Seat], meeting: Thing[Meeting], state: SeatState = SeatState.ATTENDED) -> None:
    """The seat's person was in another meeting."""
    with writing():
        session.add(
            Seat(
                organisation_id=cast.organisation.id,
                meeting_id=meeting.id,
                person_id=seat.load().person_id,
                role=EXPERT,
                state=state,
                created_at=NOW,
            )
        )


def settle(meeting: Thing[Meeting], at: datetime = ENDS) -> None:
    with clock.at(at), writing():
        settle_interest(meeting.id)


def test_an_expert_is_interested_and_holds_nothing(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rule seat-interest-first; pressing twice changes nothing."""
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, EIGHTY)
    seat = says_yes(booked, cast.id("expert"))
    again = says_yes(booked, cast.id("expert"))
    assert again.id == seat.id
    assert states(seat) == [SeatState.INTERESTED]
    assert taken(booked) == 0
    assert kinds().count("seat.interested") == 1
    with reading():
        found = seat.load()
        assert found.interested_since is not None
        assert (found.answered, found.answered_by) == (Answered.SIGNED_IN, cast.id("expert"))
        assert (found.fee_cents, found.cancellation_cents, found.travel_paid) == (8000, 4000, True)
        assert booked.load().state is MeetingState.PROPOSED


def test_workers_take_their_seats_meanwhile(cast: Cast, booked: Thing[Meeting]) -> None:
    """One seat is kept for an expert, whoever comes (seat-mix-kept)."""
    people = [cast.id("host"), cast.id("staff")]
    for number in range(2):
        with writing():
            person = cast.new_expert(number)
            give_role(SYSTEM, person, cast.organisation.id, Role.STAFF, cast.unit.id)
            people.append(person.id)
    seats = [says_yes(booked, person_id, STAFF) for person_id in people]
    assert states(*seats) == [SeatState.ACCEPTED] * 3 + [SeatState.WAITING]


def test_interest_is_taken_back_and_given_anew(cast: Cast, booked: Thing[Meeting]) -> None:
    seat = says_yes(booked, cast.id("expert"))
    with writing():
        decline(cast.actor("expert"), seat.load())
        decline(cast.actor("expert"), seat.load())
    assert states(seat) == [SeatState.DECLINED]
    assert kinds().count("seat.declined") == 1
    with reading():
        assert seat.load().interested_since is None
    assert states(says_yes(booked, cast.id("expert"))) == [SeatState.INTERESTED]


def test_an_invitation_is_declined(cast: Cast, booked: Thing[Meeting]) -> None:
    with writing():
        seat = seat_in(cast, "third_expert", booked)
        assert seat is not None
        decline(cast.actor("third_expert"), seat)
    with reading():
        seat = seat_in(cast, "third_expert", booked)
        assert seat is not None
        assert (seat.state, seat.answered) == (SeatState.DECLINED, Answered.SIGNED_IN)
    assert "seat.declined" in kinds()


def test_without_days_of_interest_it_is_first_come_at_once(cast: Cast) -> None:
    with clock.at(NOW):
        meeting = book(cast, days=0)
        assert states(says_yes(meeting, cast.id("expert"))) == [SeatState.ACCEPTED]


def test_seats_go_to_who_has_been_in_the_fewest_meetings(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rules seat-fair-turn and seat-interest-first: accepted and told at once, the others wait."""
    seats = interested(cast, booked, 5)
    been_in(cast, seats[0], cast.held)
    been_in(cast, seats[1], cast.proposed, SeatState.ACCEPTED)
    with clock.at(NOW + timedelta(minutes=2)):
        assert kinds().count("seat.given") == 0
    settle(booked)
    assert states(*seats) == [SeatState.WAITING, SeatState.WAITING, *[SeatState.ACCEPTED] * 3]
    assert taken(booked) == 3, "one is kept for a worker"
    assert kinds().count("seat.given") == 3
    assert kinds().count("seat.not_given") == 2
    with reading():
        assert [place_in_line(seat.load()) for seat in seats[:2]] == [1, 2]
        assert booked.load().state is MeetingState.PROPOSED
    settle(booked)
    assert kinds().count("seat.given") == 3


def test_ties_go_to_who_has_waited_longest(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rule seat-fair-turn."""
    seats = interested(cast, booked, 5)
    with writing():
        seats[4].load().interested_since = NOW
    settle(booked)
    assert states(*seats) == [*[SeatState.ACCEPTED] * 2, *[SeatState.WAITING] * 2, SeatState.ACCEPTED]


def test_what_counts_for_a_turn(cast: Cast, booked: Thing[Meeting]) -> None:
    """Accepted or attended, as an expert, in the organisation's meetings of 12 months and those to come."""
    seats = interested(cast, booked, 6)
    been_in(cast, seats[0], cast.held)
    been_in(cast, seats[1], cast.held, SeatState.ABSENT)
    been_in(cast, seats[2], cast.proposed, SeatState.RECONFIRM)
    been_in(cast, seats[3], cast.proposed, SeatState.WAITING)
    been_in(cast, seats[4], cast.held)
    with writing():
        worked = session.scalars(
            select(Seat).where(Seat.person_id == seats[4].load().person_id, Seat.meeting_id == cast.held.id)
        ).one()
        worked.role = STAFF
    with reading():
        ids = [seat.load().person_id for seat in seats]
        found = meetings_of(cast.organisation.id, ids)
        assert [found.get(id_, 0) for id_ in ids] == [1, 0, 1, 0, 0, 0]
    with clock.at(NOW + timedelta(days=370)), reading():
        assert [meetings_of(cast.organisation.id, ids).get(id_, 0) for id_ in ids] == [0, 0, 1, 0, 0, 0]


def test_a_meeting_with_its_mix_is_confirmed_by_the_turn(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rule meeting-mix."""
    says_yes(booked, cast.id("host"), STAFF)
    says_yes(booked, cast.id("expert"))
    settle(booked)
    with reading():
        assert booked.load().state is MeetingState.CONFIRMED
    assert "meeting.confirmed" in kinds()


def test_whom_it_no_longer_suits_waits_and_is_asked_when_a_seat_is_left(cast: Cast, booked: Thing[Meeting]) -> None:
    """Nobody is given a seat beyond what they can: they are asked instead, once the others have theirs."""
    first, second = says_yes(booked, cast.id("expert")), says_yes(booked, cast.id("other_expert"))
    with writing():
        write_limits(cast.actor("expert"), expert_of_id(cast.id("expert")), Limits(most_meetings=0))
    settle(booked)
    assert states(first, second) == [SeatState.OFFERED, SeatState.ACCEPTED]
    assert "seat.not_given" not in kinds()
    assert kinds().count("seat.offered") == 1
    assert taken(booked) == 2


def test_who_is_elsewhere_by_then_gets_no_second_place(cast: Cast, booked: Thing[Meeting]) -> None:
    """Rule person-one-place, also across rounds: two meetings at one time, interested in both; one waits then."""
    with writing():
        cast.autumn.load().interest_days = 7
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), FREE_ON, time(14)))
    seats = says_yes(booked, cast.id("expert")), says_yes(other, cast.id("expert"))
    settle(booked)
    settle(other)
    assert states(*seats) == [SeatState.ACCEPTED, SeatState.WAITING]
    assert kinds().count("seat.not_given") == 1
    with refused("person-one-place"), clock.at(ENDS):
        take_seat(cast.actor("expert"), other.load(), cast.id("expert"), EXPERT)


def test_who_took_a_break_has_no_turn(cast: Cast, booked: Thing[Meeting]) -> None:
    seat = says_yes(booked, cast.id("expert"))
    with writing():
        pause(cast.actor("coordinator"), expert_of_id(cast.id("expert")))
    assert states(seat) == [SeatState.WITHDRAWN]
    settle(booked)
    assert states(seat) == [SeatState.WITHDRAWN]


def test_after_that_it_is_whoever_comes_first(cast: Cast, booked: Thing[Meeting]) -> None:
    settle(booked)
    with clock.at(ENDS + timedelta(hours=1)):
        assert states(says_yes(booked, cast.id("expert"))) == [SeatState.ACCEPTED]
        assert states(*experts_take(cast, booked, 3)) == [*[SeatState.ACCEPTED] * 2, SeatState.WAITING]


def test_nobody_goes_past_those_whose_turn_it_is(cast: Cast, booked: Thing[Meeting]) -> None:
    """The worker has not looked yet: whoever comes first after the end settles it first."""
    seats = interested(cast, booked, 3)
    with clock.at(ENDS):
        late = says_yes(booked, cast.id("expert"))
    assert states(*seats, late) == [*[SeatState.ACCEPTED] * 3, SeatState.WAITING]


def test_nothing_is_given_before_the_end(cast: Cast, booked: Thing[Meeting]) -> None:
    seat = says_yes(booked, cast.id("expert"))
    settle(booked, ENDS - timedelta(seconds=1))
    assert states(seat) == [SeatState.INTERESTED]
    with clock.at(ENDS - timedelta(seconds=1)), reading():
        assert interest_ended() == []


def test_the_worker_gives_seats_when_the_days_are_over(cast: Cast, booked: Thing[Meeting]) -> None:
    seat = says_yes(booked, cast.id("expert"))
    with clock.at(ENDS):
        with reading():
            assert interest_ended() == [booked.id]
        run_out()
        with reading():
            assert interest_ended() == []
    assert states(seat) == [SeatState.ACCEPTED]


def test_a_cancelled_meeting_gives_none(cast: Cast, booked: Thing[Meeting]) -> None:
    seat = says_yes(booked, cast.id("expert"))
    with writing():
        booked.load().state, booked.load().cancelled_at = MeetingState.CANCELLED, clock.now()
    with clock.at(ENDS), reading():
        assert interest_ended() == []
    settle(booked)
    assert states(seat) == [SeatState.INTERESTED]


def test_giving_coming_and_leaving_at_one_moment(app: Flask, cast: Cast, booked: Thing[Meeting]) -> None:
    """Rules seat-capacity and person-one-place hold whoever is first; everybody ends where they belong."""
    seats = interested(cast, booked, 5)
    with writing():
        late = cast.new_expert(77).id

    def leave() -> None:
        seat = seats[0].load()
        decline(Actor(person_id=seat.person_id), seat)

    def come() -> None:
        take_seat(Actor(person_id=late), session.get_one(Meeting, booked.id), late, EXPERT)

    with clock.at(ENDS):
        found = at_once(app, [lambda: settle_interest(booked.id), leave, come, lambda: settle_interest(booked.id)])
        assert found == [None] * 4
    now = states(*seats)
    assert now[0] in (SeatState.DECLINED, SeatState.WITHDRAWN)
    assert SeatState.INTERESTED not in now
    assert taken(booked) == 3
    assert kinds().count("seat.given") == 3
