"""Who was let off and is invited again hears of it, unless they have a letter that says how things are."""

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
from kierto.seats.rules import SeatState
from kierto.seats.visiting import invite_visitors, let_off_visitors
from tests.cast import NOW, Cast
from tests.scenes_letters import happen, invited, nobody_waits, seat_of


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()


def _letters(cast: Cast, name: str, kind: str = VisitorsInvited.kind) -> list[MessageState]:
    """The states of the person's letters of the kind, once all that has happened is told."""
    with writing():
        actions.fan_out(100)
        own = select(Message.state).where(Message.kind == kind, Message.person_id == cast.id(name))
        return list(session.scalars(own.order_by(Message.id)))


def _end(state: MessageState) -> None:
    """What waited has left, or has not."""
    with writing():
        for message in session.scalars(select(Message).where(Message.state == MessageState.DUE)):
            message.state, message.sent_at = state, clock.now() if state is MessageState.SENT else None


def _invite(cast: Cast) -> None:
    with writing():
        invite_visitors(SYSTEM, cast.confirmed.load(), cast.other_unit.id)


def _let_off(cast: Cast) -> None:
    with writing():
        let_off_visitors(SYSTEM, cast.confirmed.load(), cast.other_unit.id, but=None)


def _move(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        record(SYSTEM, meeting, MeetingMoved(meeting.starts_at - timedelta(minutes=20), meeting.starts_at, 0))


@pytest.mark.parametrize(
    ("left", "letters"),
    [(MessageState.OUTDATED, 2), (MessageState.UNREACHABLE, 2), (MessageState.FAILED, 2), (MessageState.SENT, 1)],
)
def test_who_is_invited_again_gets_the_letter_that_never_came(cast: Cast, left: MessageState, letters: int) -> None:
    _invite(cast)
    assert _letters(cast, "other_host") == [MessageState.DUE]
    _let_off(cast)
    _end(left)
    _invite(cast)
    assert len(_letters(cast, "other_host")) == letters


def test_whose_letter_still_rests_gets_no_other(cast: Cast) -> None:
    _invite(cast)
    assert _letters(cast, "other_host") == [MessageState.DUE]
    _let_off(cast)
    _move(cast)
    _invite(cast)
    assert _letters(cast, "other_host") == [MessageState.DUE]


@pytest.mark.parametrize("leased", [True, False])
def test_who_has_a_letter_with_the_old_time_gets_one_with_the_new(cast: Cast, leased: bool) -> None:
    """So does who has one that a worker may have written before the move."""
    _invite(cast)
    _letters(cast, "other_host")
    _let_off(cast)
    if leased:
        with writing():
            for message in session.scalars(select(Message)):
                message.lease_until = clock.now() + timedelta(minutes=5)
    else:
        _end(MessageState.SENT)
    with clock.at(NOW + timedelta(hours=1)):
        _move(cast)
        assert len(_letters(cast, "other_host")) == 1, "who was let off hears of no move"
        _invite(cast)
        assert len(_letters(cast, "other_host")) == 2


def test_who_heard_of_the_move_is_not_told_again(cast: Cast) -> None:
    """By the letter of the move, or by one that rested until after it."""
    _invite(cast)
    _letters(cast, "other_host")
    _end(MessageState.SENT)
    with clock.at(NOW + timedelta(hours=1)):
        _move(cast)
        assert len(_letters(cast, "other_host")) == 2
        _end(MessageState.SENT)
        _let_off(cast)
        _invite(cast)
        assert len(_letters(cast, "other_host")) == 2


def test_a_letter_that_left_after_the_move_tells_its_time(cast: Cast) -> None:
    _invite(cast)
    _letters(cast, "other_host")
    with clock.at(NOW + timedelta(hours=1)):
        _move(cast)
    with clock.at(NOW + timedelta(hours=2)):
        assert len(_letters(cast, "other_host")) == 1
        _end(MessageState.SENT)
        _let_off(cast)
        _invite(cast)
        assert len(_letters(cast, "other_host")) == 1


def test_an_expert_whom_no_letter_reached_gets_one_when_more_are_invited(cast: Cast) -> None:
    happen(cast, invited)
    _end(MessageState.SENT)
    with writing():
        own = select(Message).where(Message.kind == ExpertsInvited.kind, Message.person_id == cast.id("expert"))
        session.scalars(own).one().state = MessageState.UNREACHABLE
        seat_of(cast, "third_expert", cast.proposed, SeatState.INVITED)
        record(SYSTEM, cast.proposed.load(), ExpertsInvited(count=1))
    assert len(_letters(cast, "expert", ExpertsInvited.kind)) == 2
    assert len(_letters(cast, "other_expert", ExpertsInvited.kind)) == 1
    assert len(_letters(cast, "third_expert", ExpertsInvited.kind)) == 1
