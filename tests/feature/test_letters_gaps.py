"""Who has to hear of a change though they have answered nothing: the invited, units whose turn waited, co-hosts."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import ExpertsInvited, MeetingMoved, VisitorsInvited
from kierto.messages import actions
from kierto.messages.models import Message, MessageState
from kierto.rounds.lifecycle import cancel_round, close_round
from kierto.rounds.models import Stop
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from tests.cast import Cast
from tests.scenes_letters import (
    Happened,
    everyone,
    happen,
    invited,
    mail_of,
    nobody_waits,
    seat_of,
    told,
)


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()
    everyone(language="fi")


def _moved(cast: Cast) -> Happened:
    meeting = cast.proposed.load()
    before = meeting.starts_at - timedelta(minutes=20)
    return meeting, MeetingMoved(before_at=before, starts_at=meeting.starts_at, asked_again=0)


def _sent() -> None:
    """What waited has left."""
    with writing():
        for message in session.scalars(select(Message)):
            message.state = MessageState.SENT


def _kind(messages: list[Message], kind: str) -> list[Message]:
    return [message for message in messages if message.kind == kind]


def test_who_was_invited_and_has_not_answered_is_invited_to_the_new_time(cast: Cast, settings: Settings) -> None:
    first = _kind(happen(cast, invited), ExpertsInvited.kind)
    _sent()
    both = _kind(happen(cast, _moved), ExpertsInvited.kind)
    again = [message for message in both if message.id not in {one.id for one in first}]
    assert told(cast, again) == told(cast, first) == {"expert", "other_expert"}
    subject, text, html = mail_of(again[0], settings)
    assert "Uusi aika. Pääsetkö mukaan?" in subject
    for body in (text, html):
        assert "Kokouksella on uusi aika. Pääsetkö mukaan?" in body
        assert "Aikaisemmin" in body
        assert "/answer/" in body


def test_whose_invitation_has_not_left_yet_is_not_told_twice(cast: Cast) -> None:
    first = _kind(happen(cast, invited), ExpertsInvited.kind)
    assert len(_kind(happen(cast, _moved), ExpertsInvited.kind)) == len(first) == 2


def test_a_letter_that_a_worker_is_writing_may_have_the_old_time(cast: Cast) -> None:
    first = _kind(happen(cast, invited), ExpertsInvited.kind)
    with writing():
        for message in session.scalars(select(Message)):
            message.lease_until = clock.now() + timedelta(minutes=5)
    assert len(_kind(happen(cast, _moved), ExpertsInvited.kind)) == 2 * len(first)


def test_who_was_invited_by_the_move_itself_is_invited_once(cast: Cast) -> None:
    with writing():
        record(SYSTEM, *invited(cast))
        record(SYSTEM, *_moved(cast))
    with writing():
        actions.fan_out(1)
    _sent()
    with writing():
        actions.fan_out(1)
        found = session.scalars(select(Message.kind).where(Message.kind == ExpertsInvited.kind)).all()
    assert len(found) == 2


def test_whom_the_new_time_suits_no_more_is_told_nothing_and_their_link_still_opens(cast: Cast) -> None:
    happen(cast, invited)
    _sent()

    def scene(cast: Cast) -> Happened:
        # Who comes to another meeting then.
        here = cast.proposed.load()
        there = cast.confirmed.load()
        there.starts_at, there.ends_at = here.starts_at, here.ends_at
        seat_of(cast, "other_expert", cast.confirmed, SeatState.ACCEPTED)
        seat_of(cast, "expert", cast.confirmed, SeatState.DECLINED)
        return _moved(cast)

    messages = [one for one in happen(cast, scene) if one.state is MessageState.DUE]
    assert told(cast, _kind(messages, ExpertsInvited.kind)) == {"expert"}
    with writing():
        assert seat_of(cast, "other_expert", cast.proposed, SeatState.INVITED).id


def test_workers_of_the_next_unit_are_asked_anew_too(cast: Cast, settings: Settings) -> None:
    def scene(cast: Cast) -> Happened:
        seat_of(cast, "staff", cast.proposed, SeatState.INVITED, SeatRole.VISITING_STAFF)
        return _moved(cast)

    (message,) = _kind(happen(cast, scene), VisitorsInvited.kind)
    assert message.person_id == cast.id("staff")
    assert "Kokouksella on uusi aika." in mail_of(message, settings)[1]


def _after(cast: Cast, kind: str) -> list[Message]:
    with writing():
        actions.fan_out(100)
        found = _kind(list(session.scalars(select(Message))), kind)
        session.expunge_all()
    return found


def test_a_round_that_is_called_off_says_why_to_units_whose_turn_waited(cast: Cast, settings: Settings) -> None:
    """Whose meeting is cancelled with it hears of the meeting."""
    with writing():
        cancel_round(cast.actor("coordinator"), cast.spring.load(), "Rahat loppuivat")
    messages = _after(cast, "round.cancelled")
    assert told(cast, messages) == {"host"}
    assert "other_host" in told(cast, _after(cast, "meeting.cancelled"))
    assert "Rahat loppuivat" in mail_of(messages[0], settings)[1]


def test_a_round_that_ends_tells_the_units_that_it_ended_without(cast: Cast, settings: Settings) -> None:
    with writing():
        for stop in session.scalars(select(Stop).where(Stop.round_id == cast.spring.id)):
            if stop.id != cast.stop.id:
                session.delete(stop)
        session.flush()
        session.expire_all()
        close_round(cast.actor("coordinator"), cast.spring.load())
    messages = _after(cast, "round.closed")
    assert told(cast, messages) == {"host"}
    assert "Yksikkönne vuoro jäi pitämättä." in mail_of(messages[0], settings)[1]
