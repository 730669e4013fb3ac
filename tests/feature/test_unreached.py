"""Whom no message reaches: one task a meeting on the desk, and the list from which each of them is called."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.meetings.actions import cancel_meeting
from kierto.pages.desk.meetings import lists_to_call
from kierto.seats.interest import settle_interest
from kierto.seats.models import Seat
from kierto.seats.recording import Reason, calls_to_make, record_answer, record_call
from kierto.seats.rules import Answered, SeatState
from kierto.seats.unreached import News, meetings_to_call_about, news_for, to_be_called
from tests.cast import NOW, Cast
from tests.scenes_letters import seat_of


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """A minute after the cast came to be; whom its bookings invited has answered."""
    with writing():
        for seat in session.scalars(select(Seat).where(Seat.state == SeatState.INVITED)):
            seat.state = SeatState.DECLINED
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def _only_a_number(cast: Cast, *names: str) -> None:
    """A number that may be somebody else's by now: no letter with a link goes there."""
    with writing():
        for number, name in enumerate(names):
            person = cast.people[name].load()
            person.email, person.phone, person.phone_proved_at = None, f"+35848000{number:04}", None
            person.created_at = clock.now() - timedelta(days=400)


def _invited(cast: Cast) -> list[int]:
    _only_a_number(cast, "expert", "other_expert")
    with writing():
        return [
            seat_of(cast, name, cast.proposed, SeatState.INVITED).id
            for name in ("expert", "other_expert", "third_expert")
        ]


def _found(cast: Cast, who: str = "coordinator") -> list[tuple[int, int]]:
    with writing():
        return [(meeting.id, people) for meeting, people in meetings_to_call_about(cast.actor(who), 20)]


def _move(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        record(SYSTEM, meeting, MeetingMoved(meeting.starts_at, meeting.starts_at, 0))


def test_the_invited_whom_no_message_reaches_are_one_task_a_meeting(cast: Cast) -> None:
    assert _found(cast) == []
    seats = _invited(cast)
    assert _found(cast) == [(cast.proposed.id, 2)]
    assert _found(cast, "neighbour") == _found(cast, "host") == []
    with writing():
        assert to_be_called(cast.proposed.load()) == set(seats[:2])
        (task,) = lists_to_call(cast.actor("coordinator"))
    assert task.kind == "Soita 2 ihmiselle, joita viesti ei tavoita"
    assert task.href == f"/meetings/{cast.proposed.ref}/answers"
    page = cast.client("coordinator").get(task.href).text
    assert page.count("No message reaches them. Call.") == 2


def test_whoever_was_called_or_has_answered_is_off_the_list(cast: Cast) -> None:
    _invited(cast)
    with clock.at(NOW + timedelta(minutes=2)), writing():
        record_call(cast.actor("coordinator"), seat_of(cast, "expert", cast.proposed, SeatState.INVITED))
    assert _found(cast) == [(cast.proposed.id, 1)]
    with writing():
        seat = seat_of(cast, "other_expert", cast.proposed, SeatState.INVITED)
        record_answer(cast.actor("coordinator"), seat, yes=False, how=Answered.PHONE)
    assert _found(cast) == []


def test_who_said_yes_is_called_when_the_meeting_moves_by_a_little(cast: Cast) -> None:
    """And pressing that they know it brings the coordinator back to the list."""
    _only_a_number(cast, "expert")
    assert _found(cast) == []
    with clock.at(NOW + timedelta(minutes=2)):
        _move(cast)
    with clock.at(NOW + timedelta(minutes=3)):
        assert _found(cast) == [(cast.confirmed.id, 1)]
        client = cast.client("coordinator")
        page = client.get(f"/seats/{cast.seat.ref}/call").text
        assert "The meeting has a new time, and no message reaches them. Tell them the time." in page
        done = client.post(f"/seats/{cast.seat.ref}/call", data={"answer": "reached", "fee": "fee"})
        assert done.location.endswith(f"/meetings/{cast.confirmed.ref}/answers")
        assert _found(cast) == []
        with writing():
            assert news_for(cast.seat.load()) == frozenset()
    with clock.at(NOW + timedelta(minutes=4)):
        _move(cast)
    assert _found(cast) == [(cast.confirmed.id, 1)], "it has moved again"


def test_a_call_to_one_is_no_call_to_another(cast: Cast) -> None:
    """Each who keeps their place when the meeting moves by a little is told."""
    _only_a_number(cast, "expert", "other_expert")
    with clock.at(NOW + timedelta(minutes=1)), writing():
        seat_of(cast, "other_expert", cast.confirmed, SeatState.WAITING)
    with clock.at(NOW + timedelta(minutes=2)):
        _move(cast)
    with clock.at(NOW + timedelta(minutes=3)):
        assert _found(cast) == [(cast.confirmed.id, 2)]
        with writing():
            record_call(cast.actor("coordinator"), cast.seat.load())
        assert _found(cast) == [(cast.confirmed.id, 1)]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SeatState.ACCEPTED, "They got a seat, and no message reaches them."),
        (SeatState.WAITING, "There were too few seats, and no message reaches them."),
    ],
)
def test_who_got_a_seat_by_fair_turn_or_none_is_called(cast: Cast, state: SeatState, words: str) -> None:
    """And who reads mail has a letter of it."""
    _only_a_number(cast, "other_expert")
    with writing():
        meeting = cast.proposed.load()
        meeting.interest_until = clock.now()
        meeting.seats = meeting.mix_experts + meeting.mix_staff
        for name in ("other_expert", "third_expert"):
            seat = seat_of(cast, name, cast.proposed, SeatState.INTERESTED)
            seat.answered_at = seat.interested_since = clock.now() - timedelta(minutes=name == "other_expert")
        if state is SeatState.WAITING:
            meeting.mix_experts, meeting.seats = 0, meeting.seats_taken
    assert _found(cast) == []
    with clock.at(NOW + timedelta(minutes=2)):
        with writing():
            settle_interest(cast.proposed.id)
        with writing():
            seat = seat_of(cast, "other_expert", cast.proposed, state)
            assert news_for(seat) == {News.GIVEN}
        assert _found(cast) == [(cast.proposed.id, 1)]
        client = cast.client("coordinator")
        assert words in client.get(f"/seats/{seat.ref}/call").text
        client.post(f"/seats/{seat.ref}/call", data={"answer": "reached", "fee": "fee"})
        assert _found(cast) == []


def test_who_is_called_by_a_task_of_their_own_is_not_on_the_list(cast: Cast) -> None:
    _only_a_number(cast, "expert")
    with clock.at(NOW + timedelta(minutes=2)):
        _move(cast)
    for state in (SeatState.RECONFIRM, SeatState.OFFERED, SeatState.DECLINED, SeatState.WITHDRAWN):
        with writing():
            cast.seat.load().state = state
        assert _found(cast) == []


def test_whom_texts_reach_is_not_called(cast: Cast) -> None:
    _invited(cast)
    with writing():
        cast.people["expert"].load().phone_proved_at = clock.now()
    assert _found(cast) == [(cast.proposed.id, 1)]


def test_who_waited_for_a_seat_is_called_when_the_meeting_is_cancelled(cast: Cast) -> None:
    _only_a_number(cast, "other_expert")
    with writing():
        seat = seat_of(cast, "other_expert", cast.confirmed, SeatState.WAITING)
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Remontti")
        calls = [(call.seat.id, call.reason) for call in calls_to_make(cast.actor("coordinator"), 20)]
        assert calls == [(seat.id, Reason.CANCELLED)]
    assert _found(cast) == []


def test_more_meetings_to_call_about_cost_no_more_queries(cast: Cast) -> None:
    _only_a_number(cast, "expert", "other_expert")
    client = cast.client("coordinator")
    with writing():
        seat_of(cast, "expert", cast.proposed, SeatState.INVITED)
    client.get("/desk")
    few = client.queries
    with writing():
        seat_of(cast, "other_expert", cast.proposed, SeatState.INVITED)
        seat_of(cast, "other_expert", cast.confirmed, SeatState.INVITED)
    page = client.get("/desk").text
    assert client.queries == few
    assert "Call 2 people whom no message reaches" in page
    assert "Call 1 person whom no message reaches" in page
