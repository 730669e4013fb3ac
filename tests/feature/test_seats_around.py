"""Companions, facilitators, visiting staff, seats that are released: what stands around the seats of a meeting."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.errors import NotFound, Refused
from kierto.events.models import Event, QueuedEvent
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.people.actions import give_role
from kierto.rounds.booking import book_stop, move_stop
from kierto.rounds.visiting import next_unit, to_invite_visitors, visit, visit_to
from kierto.seats import queries
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.answering import Answer, answer, question
from kierto.seats.companions import set_companions
from kierto.seats.facilitating import candidates, facilitators, name_facilitator, remove_facilitator
from kierto.seats.models import Seat
from kierto.seats.releasing import release_seats
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, NOW, PROPOSED_ON, Cast, Thing
from tests.refusals import fails, refused
from tests.scenes import seat_in, seat_taken
from tests.together import at_once

CONFIRMED_AT = clock.instant(CONFIRMED_ON, time(13))


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """A minute after the cast came to be, so that what a test does can be told from it."""
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def kinds(*, told: bool = False) -> list[str]:
    with writing():
        statement = select(Event.kind).where(Event.at >= NOW + timedelta(seconds=30)).order_by(Event.id)
        if told:
            statement = statement.join(QueuedEvent, QueuedEvent.event_id == Event.id)
        return list(session.scalars(statement))


def test_companions_are_a_number_and_take_no_seat(cast: Cast) -> None:
    with writing():
        before = cast.confirmed.load().seats_taken
    for _ in range(2):
        with writing():
            set_companions(cast.actor("expert"), cast.seat.load(), 9)
    with writing():
        assert cast.seat.load().companions == 9
        assert cast.confirmed.load().seats_taken == before
    assert kinds() == ["seat.companions_set"], "said twice, done once"


@pytest.mark.parametrize("count", [-1, 10])
def test_more_companions_are_agreed_by_phone(cast: Cast, count: int) -> None:
    with refused("seat-companions", "companions"):
        set_companions(cast.actor("expert"), cast.seat.load(), count)


def test_companions_come_with_somebody_who_comes_before_it_begins(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT), refused("seat-before-start"):
        set_companions(cast.actor("expert"), cast.seat.load(), 1)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    with refused("seat-companions"):
        set_companions(cast.actor("expert"), cast.seat.load(), 1)


def name(cast: Cast, who: str, meeting: Thing[Meeting] | None = None) -> Thing[Seat]:
    with writing():
        return Thing(name_facilitator(cast.actor("coordinator"), (meeting or cast.confirmed).load(), cast.id(who)))


def test_a_facilitator_is_named_and_told_and_takes_no_seat(cast: Cast) -> None:
    with writing():
        before = cast.confirmed.load().seats_taken
    seats = {name(cast, "decision_maker").id for _ in range(2)}
    assert len(seats) == 1
    with writing():
        (seat,) = facilitators(cast.confirmed.load())
        assert (seat.person_id, seat.role, seat.state) == (
            cast.id("decision_maker"),
            SeatRole.FACILITATOR,
            SeatState.ACCEPTED,
        )
        assert cast.confirmed.load().seats_taken == before
        assert not seat.holds
    assert kinds(told=True) == ["seat.facilitator_named"]


def test_a_full_meeting_still_gets_its_facilitator(cast: Cast) -> None:
    seat_taken(cast, "other_expert", cast.confirmed)
    seat_taken(cast, "third_expert", cast.confirmed)
    with writing():
        assert queries.attendance(cast.confirmed.load()).free == 0
    name(cast, "coordinator")
    with writing():
        assert len(facilitators(cast.confirmed.load())) == 1


@pytest.mark.parametrize("who", ["outsider", "neighbour", "applicant", "administrator"])
def test_a_facilitator_is_one_of_the_organisations_people(cast: Cast, who: str) -> None:
    with fails(NotFound):
        name_facilitator(cast.actor("coordinator"), cast.confirmed.load(), cast.id(who))
    with writing():
        assert cast.id(who) not in {
            one.id for one in candidates(cast.actor("coordinator"), cast.confirmed.load(), "", 50)
        }


def test_candidates_are_found_by_parts_of_their_names(cast: Cast) -> None:
    with writing():
        actor, meeting = cast.actor("coordinator"), cast.confirmed.load()
        assert [one.id for one in candidates(actor, meeting, "järv", 5)] == [cast.id("decision_maker")]
        assert len(candidates(actor, meeting, "", 3)) == 3
        found = {one.id for one in candidates(actor, meeting, "", 50)}
        assert cast.id("expert") not in found, "who comes, comes already"
        assert cast.id("other_expert") in found


def test_only_a_coordinator_learns_who_is_an_expert(cast: Cast) -> None:
    """Rule theme-consent: a host contact finds those who work or act in the organisation, and names no expert."""
    with writing():
        found = {one.id for one in candidates(cast.actor("other_host"), cast.proposed.load(), "", 50)}
    assert cast.id("decision_maker") in found
    assert not found & {cast.id(name) for name in ("expert", "other_expert", "third_expert")}
    with fails(NotFound):
        name_facilitator(cast.actor("other_host"), cast.proposed.load(), cast.id("third_expert"))


def test_whoever_comes_in_another_role_does_not_lead_it(cast: Cast) -> None:
    """Rule seat-no-double-hat: one seat, one role."""
    with pytest.raises(Refused) as fault, writing():
        name_facilitator(cast.actor("coordinator"), cast.confirmed.load(), cast.id("expert"))
    assert (fault.value.rule.id, fault.value.field) == ("seat-no-double-hat", "person")
    assert "one comes in one role only" in fault.value.message


def test_whoever_gave_their_seat_up_may_lead_it(cast: Cast) -> None:
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    assert name(cast, "expert").id == cast.seat.id
    with writing():
        assert cast.seat.load().role is SeatRole.FACILITATOR
        assert cast.confirmed.load().seats_taken == 1


def test_a_facilitator_is_in_one_place(cast: Cast) -> None:
    """Rule person-one-place holds for them too."""
    with writing():
        other = cast.proposed.load()
        other.starts_at, other.ends_at = cast.confirmed.load().starts_at, cast.confirmed.load().ends_at
    with pytest.raises(Refused) as fault, writing():
        name_facilitator(cast.actor("coordinator"), cast.proposed.load(), cast.id("expert"))
    assert fault.value.rule.id == "person-one-place"
    assert fault.value.message.startswith("They cannot come at that time: they have a seat in another meeting")
    seat_taken(cast, "worker", cast.confirmed, SeatRole.HOST_STAFF)
    with pytest.raises(Refused) as fault, writing():
        name_facilitator(cast.actor("other_host"), cast.proposed.load(), cast.id("worker"))
    assert fault.value.values == {}, "who only hosts learns nothing of where somebody is"
    assert fault.value.message.startswith("They cannot come at that time: they have agreed to be elsewhere")


def test_a_naming_is_taken_back(cast: Cast) -> None:
    seat = name(cast, "decision_maker")
    for _ in range(2):
        with writing():
            remove_facilitator(cast.actor("coordinator"), seat.load())
    with writing():
        assert facilitators(cast.confirmed.load()) == []
        remove_facilitator(cast.actor("coordinator"), cast.seat.load())
        assert cast.seat.load().state is SeatState.ACCEPTED, "only a facilitator's"
    assert kinds() == ["seat.facilitator_named", "seat.withdrawn"]


def test_facilitators_are_named_before_it_begins(cast: Cast) -> None:
    seat = name(cast, "decision_maker")
    with clock.at(CONFIRMED_AT):
        with refused("seat-before-start"):
            name_facilitator(cast.actor("coordinator"), cast.confirmed.load(), cast.id("host"))
        with refused("seat-before-start"):
            remove_facilitator(cast.actor("coordinator"), seat.load())


def next_of(meeting: Thing[Meeting]) -> int | None:
    with writing():
        unit = next_unit(meeting.load())
        return unit.id if unit else None


def test_the_next_unit_is_whose_meeting_comes_next(cast: Cast) -> None:
    assert next_of(cast.confirmed) == cast.other_unit.id


def test_of_the_last_meeting_it_is_the_unit_that_waits(cast: Cast) -> None:
    assert next_of(cast.proposed) == cast.unit.id, "the third unit has its meeting before"


def test_of_the_last_unit_nobody_is_next(cast: Cast) -> None:
    with writing():
        cast.stop.load().skipped_because = "Remontti"
    assert next_of(cast.proposed) is None
    with fails(NotFound):
        visit_to(cast.actor("host"), cast.proposed.ref)


def test_a_cancelled_meeting_is_passed_over(cast: Cast) -> None:
    with writing():
        cancel_meeting(cast.actor("coordinator"), cast.proposed.load(), "Remontti")
    assert next_of(cast.confirmed) == cast.unit.id, "its unit waits like the first one, which is first in order"


def visitors(cast: Cast) -> dict[int, SeatState]:
    with writing():
        rows = session.execute(
            select(Seat.person_id, Seat.state).where(
                Seat.meeting_id == cast.confirmed.id, Seat.role == SeatRole.VISITING_STAFF
            )
        )
        return dict(rows.all())


def test_workers_of_the_next_unit_are_invited_once_when_it_is_confirmed(cast: Cast) -> None:
    run_out()
    run_out()
    assert visitors(cast) == {cast.id("other_host"): SeatState.INVITED}
    assert kinds(told=True).count("meeting.visitors_invited") == 1
    with writing():
        assert cast.confirmed.load().seats_taken == 2, "an invitation holds nothing"
        assert cast.proposed.id not in to_invite_visitors(), "a proposed meeting invites nobody"


def test_who_has_a_seat_or_works_there_is_not_invited(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["worker"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
        give_role(SYSTEM, cast.people["staff"].load(), cast.organisation.id, Role.STAFF, cast.third_unit.id)
        give_role(SYSTEM, cast.people["staff"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    run_out()
    assert set(visitors(cast)) == {cast.id("other_host")}


def test_nobody_is_invited_to_what_has_begun_or_is_of_no_open_round(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT), writing():
        assert cast.confirmed.id not in to_invite_visitors()
    with writing():
        stop = cast.confirmed_stop.load()
        session.delete(stop)
    with writing():
        assert to_invite_visitors() == []
        assert next_unit(cast.confirmed.load()) is None


def test_when_another_unit_is_next_its_workers_are_invited_instead(cast: Cast) -> None:
    """Who has not answered is let off without a word, and invited once more when their unit is next again."""
    run_out()
    with writing():
        book_stop(SYSTEM, cast.stop.load(), PROPOSED_ON + timedelta(days=14), time(13))
        assert to_invite_visitors() == [], "the same unit is next"
    with writing():
        move_stop(SYSTEM, cast.proposed_stop.load(), PROPOSED_ON + timedelta(days=28), time(13))
    run_out()
    first_unit = {cast.id("host"): SeatState.INVITED, cast.id("staff"): SeatState.INVITED}
    assert visitors(cast) == first_unit | {cast.id("other_host"): SeatState.WITHDRAWN}
    with writing():
        found = seat_in(cast, "other_host", cast.confirmed)
        assert found is not None
        assert not question(found).yes
        let_off = Thing(found)
    with refused("visiting-next-unit"):
        answer(cast.actor("other_host"), let_off.load(), Answer.YES, Answered.LINK)
    with writing():
        assert to_invite_visitors() == []
        visit(cast.actor("staff"), cast.confirmed.load(), cast.id("staff"))
    with writing():
        move_stop(SYSTEM, cast.proposed_stop.load(), PROPOSED_ON, time(13))
    run_out()
    assert visitors(cast) == {
        cast.id("host"): SeatState.WITHDRAWN,
        cast.id("staff"): SeatState.ACCEPTED,
        cast.id("other_host"): SeatState.INVITED,
    }
    assert "seat.withdrawn" not in kinds()


def test_a_last_meeting_is_not_asked_about_and_takes_nobodys_place(cast: Cast) -> None:
    """Without a next unit nothing is noted: once there is one, its workers are invited."""
    with writing():
        for stop in (cast.stop, cast.proposed_stop):
            stop.load().skipped_because = "Muutto"
        assert cast.confirmed.id not in to_invite_visitors()
    run_out()
    assert visitors(cast) == {}
    with writing():
        cast.proposed_stop.load().skipped_because = None
    run_out()
    assert visitors(cast) == {cast.id("other_host"): SeatState.INVITED}


@pytest.mark.parametrize("invited", [True, False])
def test_a_worker_of_the_next_unit_takes_a_visiting_seat(cast: Cast, invited: bool) -> None:
    if invited:
        run_out()
    with writing():
        seat = visit(cast.actor("other_host"), cast.confirmed.load(), cast.id("other_host"))
        assert (seat.role, seat.state) == (SeatRole.VISITING_STAFF, SeatState.ACCEPTED)
        assert cast.confirmed.load().seats_taken == 3


def test_visitors_leave_the_seats_that_the_mix_needs(cast: Cast) -> None:
    """Rule seat-mix-kept: the second meeting lacks an expert; its fourth seat is kept for one."""
    for number in range(3):
        with writing():
            person = cast.new_expert(number)
            give_role(SYSTEM, person, cast.organisation.id, Role.STAFF, cast.unit.id)
            seat = visit(cast.actor("coordinator"), cast.proposed.load(), person.id, how=Answered.PHONE)
            assert seat.state is (SeatState.ACCEPTED if number < 2 else SeatState.WAITING)


@pytest.mark.parametrize("who", ["host", "worker", "expert"])
def test_nobody_else_visits(cast: Cast, who: str) -> None:
    with refused("visiting-next-unit"):
        visit(cast.actor(who), cast.confirmed.load(), cast.id(who))


def test_released_seats_go_to_who_waits(cast: Cast) -> None:
    """Rule seat-mix-kept: until the coordinator releases them."""
    seats = []
    for number in range(3):
        with writing():
            person = cast.new_expert(50 + number)
            give_role(SYSTEM, person, cast.organisation.id, Role.STAFF, cast.other_unit.id)
            meeting = cast.proposed.load()
            seat = take_seat(cast.actor("coordinator"), meeting, person.id, SeatRole.HOST_STAFF, how=Answered.PHONE)
            seats.append(Thing(seat))
    with writing():
        assert seats[-1].load().state is SeatState.WAITING
    for _ in range(2):
        with writing():
            release_seats(cast.actor("coordinator"), cast.proposed.load())
    with writing():
        assert seats[-1].load().state is SeatState.OFFERED
        assert cast.proposed.load().mix_released
    assert kinds().count("meeting.seats_released") == 1


def test_seats_are_released_before_it_begins(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT), refused("seat-before-start"):
        release_seats(cast.actor("coordinator"), cast.confirmed.load())


def test_the_last_seat_is_not_given_to_a_visitor_and_an_expert(cast: Cast, app: Flask) -> None:
    """Rule seat-capacity, when both press at one moment."""
    seat_taken(cast, "third_expert", cast.confirmed)
    visitor, expert = cast.actor("other_host"), cast.actor("other_expert")

    def visiting() -> SeatState:
        return visit(visitor, cast.confirmed.load(), cast.id("other_host")).state

    def coming() -> SeatState:
        return take_seat(expert, cast.confirmed.load(), cast.id("other_expert"), SeatRole.EXPERT).state

    found = at_once(app, [visiting, coming])
    assert not any(isinstance(one, Refused) for one in found)
    assert sorted(found, key=str) == [SeatState.ACCEPTED, SeatState.WAITING]
    with writing():
        assert cast.confirmed.load().seats_taken == 4
        assert seat_in(cast, "other_host", cast.confirmed) is not None


@pytest.mark.parametrize("who", ["decision_maker", "other_expert", "outsider"])
def test_who_works_in_no_unit_is_no_visitor(cast: Cast, who: str) -> None:
    """Rule seat-no-double-hat: visiting staff work in another unit of the organisation."""
    with refused("seat-no-double-hat"):
        take_seat(cast.actor(who), cast.confirmed.load(), cast.id(who), SeatRole.VISITING_STAFF)
    assert seat_taken(cast, "host", cast.confirmed, SeatRole.VISITING_STAFF).id
