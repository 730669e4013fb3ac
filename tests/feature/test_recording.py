"""Answers that a coordinator records for another, and the calls by which they get them (answer-for-another)."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.errors import NotFound, Refused
from kierto.events.models import Event
from kierto.meetings.actions import cancel_meeting
from kierto.people.actions import approve_expert
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.calling import ask_to_call
from kierto.seats.models import Seat
from kierto.seats.recording import (
    Call,
    Reason,
    answer_of,
    answers_of,
    calls_to_make,
    newcomer,
    reason_of,
    record_answer,
    record_call,
    record_newcomer,
    strangers,
)
from kierto.seats.rules import PERSON_ONE_PLACE, Answered, SeatRole, SeatState
from tests.cast import CONFIRMED_ON, NOW, PROPOSED_ON, Cast, Thing
from tests.refusals import fails, refused
from tests.scenes import seat_taken

CONFIRMED_AT = clock.instant(CONFIRMED_ON, time(13))


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """A minute after the cast came to be, so that what a test does can be told from it."""
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def events() -> list[tuple[str, object]]:
    with writing():
        rows = session.execute(
            select(Event.kind, Event.data).where(Event.at >= NOW + timedelta(seconds=30)).order_by(Event.id)
        )
        return [(kind, data.get("reason_code")) for kind, data in rows]


def stands(seat: Thing[Seat], state: SeatState, **values: object) -> None:
    """The seat is given a state as if it had come to it."""
    with writing():
        row = seat.load()
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)


def only_a_number(cast: Cast, name: str) -> None:
    """Nothing but a call reaches the person: a number that has been silent for years."""
    with writing():
        person = cast.people[name].load()
        person.email, person.email_proved_at = None, None
        person.phone, person.phone_proved_at = "+358401234567", clock.now() - timedelta(days=2000)


@pytest.mark.parametrize("how", [Answered.PHONE, Answered.TOLD, Answered.PAPER])
@pytest.mark.parametrize(
    ("state", "yes", "then"),
    [
        (SeatState.INVITED, True, SeatState.ACCEPTED),
        (SeatState.INVITED, False, SeatState.DECLINED),
        (SeatState.OFFERED, True, SeatState.ACCEPTED),
        (SeatState.OFFERED, False, SeatState.DECLINED),
        (SeatState.RECONFIRM, True, SeatState.ACCEPTED),
        (SeatState.RECONFIRM, False, SeatState.WITHDRAWN),
        (SeatState.ACCEPTED, False, SeatState.WITHDRAWN),
        (SeatState.WAITING, False, SeatState.WITHDRAWN),
        (SeatState.DECLINED, True, SeatState.ACCEPTED),
    ],
)
def test_an_answer_is_recorded_with_who_and_how(
    cast: Cast, how: Answered, state: SeatState, yes: bool, then: SeatState
) -> None:
    held = state in SeatState.holding()
    stands(cast.seat, state, offered_until=clock.now() + timedelta(days=1) if state is SeatState.OFFERED else None)
    if not held:
        with writing():
            cast.confirmed.load().seats_taken -= 1
    with writing():
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=yes, how=how)
    with writing():
        seat = cast.seat.load()
        assert seat.state is then
        assert (seat.answered, seat.answered_by) == (how, cast.id("coordinator"))
        assert seat.answered_at is not None
    assert ("seat.answer_recorded", how.value) in events()


@pytest.mark.parametrize("how", [Answered.SIGNED_IN, Answered.LINK, Answered.PAPER_PASS])
def test_it_is_said_how_the_answer_came(cast: Cast, how: Answered) -> None:
    with refused("answer-for-another", "how"):
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=False, how=how)
    with writing():
        somebody = newcomer(cast.actor("coordinator"), cast.confirmed.ref, cast.people["other_expert"].ref)
    with refused("answer-for-another", "how"):
        record_newcomer(cast.actor("coordinator"), somebody, how=how)


def test_an_answer_by_the_person_replaces_what_was_recorded(cast: Cast) -> None:
    with writing():
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=False, how=Answered.PHONE)
    seat_taken(cast, "expert", cast.confirmed)
    with writing():
        seat = cast.seat.load()
        assert (seat.answered, seat.answered_by) == (Answered.SIGNED_IN, cast.id("expert"))


def test_the_rules_of_the_persons_own_answer_hold(cast: Cast) -> None:
    """Rules seat-before-start and person-one-place."""
    with clock.at(CONFIRMED_AT), refused("seat-before-start"):
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=False, how=Answered.PHONE)
    with writing():
        other = cast.proposed.load()
        other.starts_at, other.ends_at = cast.confirmed.load().starts_at, cast.confirmed.load().ends_at
    with writing():
        somebody = newcomer(cast.actor("coordinator"), cast.proposed.ref, cast.people["expert"].ref)
    with pytest.raises(Refused) as fault, writing():
        record_newcomer(cast.actor("coordinator"), somebody, how=Answered.PHONE)
    assert fault.value.rule.id == "person-one-place"
    assert "They cannot come" in fault.value.message
    with writing():
        unit = cast.confirmed.load().unit.name
        assert str(fault.value.values["unit"]) == str(unit), "which they coordinate, too"


def test_where_somebody_is_else_is_said_only_to_who_coordinates_it(cast: Cast) -> None:
    """Rules person-one-place and theme-consent: the other meeting is another organisation's."""
    with writing():
        approve_expert(SYSTEM, cast.people["expert"].load(), cast.other_organisation.id)
        other = cast.foreign_meeting.load()
        other.starts_at, other.ends_at = cast.confirmed.load().starts_at, cast.confirmed.load().ends_at
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    seat_taken(cast, "expert", cast.foreign_meeting)
    with pytest.raises(Refused) as fault, writing():
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=True, how=Answered.PHONE)
    assert (fault.value.rule.id, fault.value.values) == ("person-one-place", {})
    assert fault.value.message.startswith("They cannot come at that time")
    with pytest.raises(Refused) as own, writing():
        take_seat(cast.actor("expert"), cast.confirmed.load(), cast.id("expert"), SeatRole.EXPERT)
    assert own.value.message == PERSON_ONE_PLACE.sentence


def test_somebody_without_a_seat_comes(cast: Cast) -> None:
    with writing():
        invited = {seat.person_id for seat in answers_of(cast.confirmed.load())}
        assert strangers(cast.confirmed.load(), "", 50) == [], "whoever was invited is no stranger"
    with writing():
        new = [cast.new_expert(number).ref for number in (1, 2)]
    with writing():
        meeting = cast.confirmed.load()
        assert [(one.person.ref, one.role) for one in strangers(meeting, "", 50)] == [
            (ref, SeatRole.EXPERT) for ref in new
        ]
        assert [one.person.ref for one in strangers(meeting, "asian 2", 5)] == new[1:]
        assert len(strangers(meeting, "", 1)) == 1
    with writing():
        found = newcomer(cast.actor("coordinator"), cast.confirmed.ref, new[0])
        seat = record_newcomer(cast.actor("coordinator"), found, how=Answered.TOLD)
        assert (seat.state, seat.answered) == (SeatState.ACCEPTED, Answered.TOLD)
        assert {one.person_id for one in answers_of(cast.confirmed.load())} == invited | {found.somebody.person.id}


def test_workers_of_the_unit_come_as_such(cast: Cast) -> None:
    """Rule seat-no-double-hat."""
    with writing():
        found = newcomer(cast.actor("coordinator"), cast.held.ref, cast.people["staff"].ref)
        assert found.somebody.role is SeatRole.HOST_STAFF


@pytest.mark.parametrize("who", ["outsider", "neighbour", "applicant", "staff", "decision_maker"])
def test_nobody_else_comes(cast: Cast, who: str) -> None:
    with fails(NotFound):
        newcomer(cast.actor("coordinator"), cast.confirmed.ref, cast.people[who].ref)


@pytest.mark.parametrize("who", ["other_host", "expert", "neighbour", "visitor"])
def test_only_a_coordinator_learns_by_reference_who_is_an_expert(cast: Cast, who: str) -> None:
    """Rule theme-consent."""
    with fails(NotFound):
        newcomer(cast.actor(who), cast.confirmed.ref, cast.people["other_expert"].ref)


@pytest.mark.parametrize(("who", "finds"), [("coordinator", True), ("neighbour", False), ("host", False)])
def test_answers_are_looked_up_by_the_coordinators(cast: Cast, who: str, finds: bool) -> None:
    with writing():
        if finds:
            assert answer_of(cast.actor(who), cast.seat.ref).id == cast.seat.id
    if not finds:
        with fails(NotFound):
            answer_of(cast.actor(who), cast.seat.ref)


def calls(cast: Cast, who: str = "coordinator", limit: int = 20) -> list[tuple[int, Reason]]:
    with writing():
        return [(call.seat.id, call.reason) for call in calls_to_make(cast.actor(who), limit)]


def wished(cast: Cast) -> None:
    with writing():
        ask_to_call(cast.actor("expert"), cast.seat.load())


def offered(cast: Cast) -> None:
    stands(cast.seat, SeatState.OFFERED, offered_until=None)


def moved(cast: Cast) -> None:
    only_a_number(cast, "expert")
    stands(cast.seat, SeatState.RECONFIRM)


def cancelled(cast: Cast) -> None:
    only_a_number(cast, "expert")
    with writing():
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Remontti")


REASONS = [
    pytest.param(wished, Reason.WISHED, id="wished"),
    pytest.param(offered, Reason.OFFERED, id="offered"),
    pytest.param(moved, Reason.MOVED, id="moved"),
    pytest.param(cancelled, Reason.CANCELLED, id="cancelled"),
]


@pytest.mark.parametrize(("happen", "reason"), REASONS)
def test_a_call_waits_for_the_coordinator_only(cast: Cast, happen: Callable[[Cast], None], reason: Reason) -> None:
    assert calls(cast) == []
    happen(cast)
    assert calls(cast) == [(cast.seat.id, reason)]
    assert calls(cast, "neighbour") == calls(cast, "host") == []
    with writing():
        assert reason_of(cast.seat.load()) is reason
        (call,) = calls_to_make(cast.actor("coordinator"), 5)
        assert isinstance(call, Call)
        assert call.since <= clock.now()


@pytest.mark.parametrize("happen", [wished, offered, cancelled])
def test_a_call_that_was_made_waits_no_more(cast: Cast, happen: Callable[[Cast], None]) -> None:
    happen(cast)
    with writing():
        record_call(cast.actor("coordinator"), cast.seat.load())
    assert calls(cast) == []
    assert [kind for kind, _code in events()].count("seat.called") == 1


def test_the_clock_of_an_offer_starts_with_the_call(cast: Cast) -> None:
    """Rule seat-waiting-order."""
    offered(cast)
    with writing():
        record_call(cast.actor("coordinator"), cast.seat.load())
        assert cast.seat.load().offered_until is not None


@pytest.mark.parametrize(("happen", "reason"), REASONS[:3])
def test_an_answer_ends_the_wait(cast: Cast, happen: Callable[[Cast], None], reason: Reason) -> None:
    happen(cast)
    assert calls(cast) == [(cast.seat.id, reason)]
    with writing():
        record_answer(cast.actor("coordinator"), cast.seat.load(), yes=False, how=Answered.PHONE)
    assert calls(cast) == []


def test_whom_a_letter_reaches_is_not_called(cast: Cast) -> None:
    stands(cast.seat, SeatState.RECONFIRM)
    assert calls(cast) == []
    with writing():
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Remontti")
        assert reason_of(cast.seat.load()) is None
    assert calls(cast) == []


@pytest.mark.parametrize("happen", [wished, offered, cancelled])
def test_nobody_is_called_about_what_is_over(cast: Cast, happen: Callable[[Cast], None]) -> None:
    happen(cast)
    with clock.at(CONFIRMED_AT):
        assert calls(cast) == []


def test_the_soonest_meeting_comes_first(cast: Cast) -> None:
    later_one = seat_taken(cast, "other_expert", cast.proposed)
    stands(later_one, SeatState.OFFERED, offered_until=None)
    wished(cast)
    assert PROPOSED_ON > CONFIRMED_ON
    assert calls(cast) == [(cast.seat.id, Reason.WISHED), (later_one.id, Reason.OFFERED)]
    assert calls(cast, limit=1) == [(cast.seat.id, Reason.WISHED)]
