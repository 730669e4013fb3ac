"""Whom no message reaches, and whose seat somebody else has ended: they are called, unless they said so themself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatOfferDeclined, SeatWithdrawn
from kierto.people.models import Expert
from kierto.seats.actions import withdraw
from kierto.seats.facilitating import name_facilitator, remove_facilitator
from kierto.seats.leaving import leave, pause
from kierto.seats.models import Seat
from kierto.seats.recording import Reason, calls_to_make, record_answer, record_call
from kierto.seats.rules import Answered, SeatState
from kierto.seats.unreached import News, meetings_to_call_about, news_for, to_be_called
from tests.cast import NOW, Cast, Thing
from tests.scenes_letters import seat_of


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """A minute after the cast came to be."""
    with clock.at(NOW + timedelta(minutes=1)):
        yield


@pytest.fixture
def seat(cast: Cast) -> Thing[Seat]:
    """Of an expert who can only be phoned."""
    _only_a_number(cast, "expert")
    return cast.seat


def _only_a_number(cast: Cast, name: str) -> None:
    """One that may be somebody else's by now."""
    with writing():
        person = cast.people[name].load()
        person.email, person.phone, person.phone_proved_at = None, "+358480000001", None
        person.created_at = NOW - timedelta(days=400)


def _told(cast: Cast, seat: Thing[Seat]) -> frozenset[News]:
    """What is to be told, as the seat's page and both lists say it."""
    with writing():
        own = seat.load()
        news = news_for(own)
        assert (own.id in to_be_called(own.meeting)) == _listed(cast, own.meeting_id) == bool(news)
    return news


def _listed(cast: Cast, meeting_id: int) -> bool:
    """Whether calls about the meeting are a task on the desk."""
    return meeting_id in [meeting.id for meeting, _people in meetings_to_call_about(cast.actor("coordinator"), 20)]


def _end(cast: Cast, seat: Thing[Seat]) -> None:
    with writing():
        own = seat.load()
        own.state = SeatState.WITHDRAWN
        record(cast.actor("coordinator"), own, SeatWithdrawn(meeting_id=own.meeting_id, role="expert"))


def test_whose_seat_somebody_else_ended_is_called_once(cast: Cast, seat: Thing[Seat]) -> None:
    assert _told(cast, seat) == frozenset()
    _end(cast, seat)
    assert _told(cast, seat) == {News.ENDED}
    client = cast.client("coordinator")
    assert "No message reaches them. Call." in client.get(f"/meetings/{cast.confirmed.ref}/answers").text
    page = client.get(f"/seats/{seat.ref}/call").text
    assert "They have no seat in this meeting any more, and no message reaches them." in page
    assert "Yes, they come" not in page
    assert "No, they do not come" not in page
    assert "One may say no" not in page
    with clock.at(NOW + timedelta(minutes=2)):
        done = client.post(f"/seats/{seat.ref}/call", data={"answer": "reached"})
        assert done.location.endswith(f"/meetings/{cast.confirmed.ref}/answers")
        assert _told(cast, seat) == frozenset()


def test_whose_offer_ended_by_another_is_called(cast: Cast, seat: Thing[Seat]) -> None:
    with writing():
        own = seat_of(cast, "expert", cast.confirmed, SeatState.DECLINED)
        record(SYSTEM, own, SeatOfferDeclined(meeting_id=own.meeting_id, role="expert"))
    assert _told(cast, seat) == {News.ENDED}


def test_who_gave_the_seat_up_is_not_called(cast: Cast, seat: Thing[Seat]) -> None:
    with writing():
        withdraw(cast.actor("expert"), seat.load())
    assert _told(cast, seat) == frozenset()


def test_who_had_it_recorded_is_not_called(cast: Cast, seat: Thing[Seat]) -> None:
    """Though the seat ends a moment after the answer."""
    with writing():
        own = seat.load()
        record_answer(cast.actor("coordinator"), own, yes=False, how=Answered.PHONE)
        assert own.answered_at is not None
        own.answered_at -= timedelta(seconds=1)
    assert _told(cast, seat) == frozenset()


def test_an_answer_that_was_recorded_before_does_not_tell_that_the_seat_ended(cast: Cast, seat: Thing[Seat]) -> None:
    with writing():
        seat.load().state = SeatState.INVITED
        record_answer(cast.actor("coordinator"), seat.load(), yes=True, how=Answered.PHONE)
    with clock.at(NOW + timedelta(minutes=2)):
        _end(cast, seat)
    assert _told(cast, seat) == {News.ENDED}


def test_who_leaves_has_asked_for_it_and_a_break_is_told_by_no_letter_that_reaches_them(
    cast: Cast, seat: Thing[Seat]
) -> None:
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        pause(cast.actor("coordinator"), expert)
    assert _told(cast, seat) == {News.ENDED}
    with writing():
        record_call(cast.actor("coordinator"), seat.load())
    with clock.at(NOW + timedelta(minutes=2)), writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        seat.load().state = SeatState.ACCEPTED
        leave(cast.actor("coordinator"), expert)
    with writing():
        assert seat.load().state is SeatState.WITHDRAWN
    assert _told(cast, seat) == frozenset()


def test_nobody_calls_who_was_erased(cast: Cast, seat: Thing[Seat]) -> None:
    _end(cast, seat)
    with writing():
        cast.people["expert"].load().erased_at = clock.now()
    assert _told(cast, seat) == frozenset()


def test_whom_a_letter_reaches_is_not_called(cast: Cast) -> None:
    _end(cast, cast.seat)
    assert _told(cast, cast.seat) == frozenset()


def test_who_asked_for_a_call_is_told_in_that_one(cast: Cast, seat: Thing[Seat]) -> None:
    """It waits already: there are not two."""
    with writing():
        seat.load().call_wanted_at = clock.now()
    _end(cast, seat)
    with writing():
        own = seat.load()
        assert news_for(own) == {News.ENDED}
        assert to_be_called(own.meeting) == frozenset()
        assert not _listed(cast, own.meeting_id)
        calls = [(call.seat.id, call.reason) for call in calls_to_make(cast.actor("coordinator"), 20)]
        assert calls == [(own.id, Reason.WISHED)]
    page = cast.client("coordinator").get(f"/seats/{seat.ref}/call").text
    assert "They have no seat in this meeting any more" in page


def test_who_was_to_lead_is_told_that_they_do_not(cast: Cast) -> None:
    _only_a_number(cast, "staff")
    with writing():
        named = Thing(name_facilitator(cast.actor("coordinator"), cast.proposed.load(), cast.id("staff")))
    with clock.at(NOW + timedelta(minutes=2)):
        with writing():
            remove_facilitator(cast.actor("coordinator"), named.load())
        page = cast.client("coordinator").get(f"/seats/{named.ref}/call").text
    assert "They do not lead this meeting any more, and no message reaches them." in page
