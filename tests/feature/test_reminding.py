"""What time sets in motion: reminders and warnings, once each, at their hours; and letters that rest at night."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.clock import instant
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import ExpertsInvited
from kierto.events.models import Event, QueuedEvent
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages import actions, queries
from kierto.messages.models import Message, MessageState
from kierto.messages.reminding import mixes_missing, remind, reminders_due, warn_of_mix
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.inviting import invited_seat
from kierto.seats.rules import SeatRole
from kierto.settings import Settings
from kierto.worker.clocks import run_out
from kierto.worker.delivery import Delivery
from tests.cast import CONFIRMED_ON, PROPOSED_ON, Cast, Thing
from tests.scenes import seat_taken
from tests.worker_day import messages_sent

LEASE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
WEEK_BEFORE = CONFIRMED_ON - timedelta(days=7)
DAY_BEFORE = CONFIRMED_ON - timedelta(days=1)


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    """Nobody waits for a message of what the cast has done."""
    with writing():
        for row in session.scalars(select(QueuedEvent)):
            session.delete(row)


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


def due_at(moment: datetime) -> Sequence[tuple[int, int]]:
    with clock.at(moment), reading():
        return reminders_due()


def recorded(thing: Thing[Meeting], kind: str = "meeting.reminded") -> int:
    """How often that was set in motion."""
    session.remove()
    with reading():
        return len(session.scalars(select(Event.id).where(Event.kind == kind, Event.subject_id == thing.id)).all())


REMINDERS = ("meeting.reminded", "meeting.experts_reminded")


def reminders() -> Sequence[Message]:
    return [message for message in messages() if message.kind in REMINDERS]


def messages(kind: str | None = None) -> Sequence[Message]:
    session.remove()
    with reading():
        found = session.scalars(select(Message).order_by(Message.id)).all()
        session.expunge_all()
    return [message for message in found if kind in (None, message.kind)]


@pytest.mark.parametrize(("day", "days"), [(WEEK_BEFORE, 7), (DAY_BEFORE, 1)])
def test_reminders_are_due_a_week_and_a_day_before_in_the_afternoon(cast: Cast, day: date, days: int) -> None:
    reminder = (cast.confirmed.id, days)
    assert reminder not in due_at(instant(day, time(11, 59)))
    assert reminder in due_at(instant(day, time(12)))
    assert reminder in due_at(instant(day, time(17, 59)))
    assert due_at(instant(day, time(18))) == []


def test_a_first_reminder_that_could_not_leave_on_its_day_leaves_late_or_not_at_all(cast: Cast) -> None:
    def first(days_before: int) -> bool:
        moment = instant(CONFIRMED_ON - timedelta(days=days_before), time(13))
        return (cast.confirmed.id, 7) in due_at(moment)

    assert [days for days in range(9) if first(days)] == [3, 4, 5, 6, 7]


def test_a_meeting_booked_within_the_week_needs_no_first_reminder(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().created_at = instant(CONFIRMED_ON - timedelta(days=6), time(9))
    assert due_at(instant(CONFIRMED_ON - timedelta(days=5), time(13))) == []
    assert due_at(instant(DAY_BEFORE, time(13))) == [(cast.confirmed.id, 1)]


def test_each_reminder_leaves_once_whoever_looks(app: Flask, cast: Cast) -> None:
    """Two workers have seen the same; and the next turn finds nothing."""
    with clock.at(instant(DAY_BEFORE, time(12, 1))):
        run_out()
        for _ in range(2):
            with writing():
                remind(cast.confirmed.id, 1)
        run_out()
        assert [recorded(cast.confirmed, kind) for kind in REMINDERS] == [1, 1]
        messages_sent(app)
    assert {(one.kind, one.person_id) for one in reminders()} == {
        ("meeting.reminded", cast.id("worker")),
        ("meeting.experts_reminded", cast.id("expert")),
    }


def killed_after(step: Callable[[], object]) -> None:
    with writing():
        step()
        raise KeyboardInterrupt


def test_a_worker_killed_after_any_step_tells_nobody_twice(app: Flask, cast: Cast) -> None:
    """What a killed worker had begun is rolled back as one, and begun anew by the next."""
    with clock.at(instant(DAY_BEFORE, time(12, 1))):
        for step in (lambda: remind(cast.confirmed.id, 1), lambda: actions.fan_out(100)):
            with pytest.raises(KeyboardInterrupt):
                killed_after(step)
            with writing():
                step()
            with writing():
                step()  # another worker, that had looked before
        messages_sent(app)
        messages_sent(app)
    assert [recorded(cast.confirmed, kind) for kind in REMINDERS] == [1, 1]
    assert [message.state for message in messages()] == [MessageState.SENT] * 2
    assert len(queries.kept_mails(app.config["KIERTO"])) == 2


def test_a_meeting_that_was_moved_is_reminded_of_anew(cast: Cast) -> None:
    with clock.at(instant(DAY_BEFORE, time(12, 1))):
        run_out()
    with writing():
        meeting = cast.confirmed.load()
        meeting.starts_at, meeting.ends_at = (at + timedelta(days=7) for at in (meeting.starts_at, meeting.ends_at))
        meeting.reminded_day_at = meeting.reminded_week_at = None
    with clock.at(instant(CONFIRMED_ON + timedelta(days=6), time(12, 1))):
        with writing():
            remind(cast.confirmed.id, 7)
        assert recorded(cast.confirmed) == 1, "what was due before the move is not any more"
        run_out()
    assert recorded(cast.confirmed) == 2


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.CLOSED])
def test_nobody_is_reminded_of_a_meeting_that_is_none(cast: Cast, state: MeetingState) -> None:
    with writing():
        cast.confirmed.load().state = state
    assert due_at(instant(DAY_BEFORE, time(13))) == []
    with clock.at(instant(DAY_BEFORE, time(13))), writing():
        remind(cast.confirmed.id, 1)
    assert recorded(cast.confirmed) == 0


def test_who_gave_up_the_seat_before_the_letter_left_hears_nothing(cast: Cast, settings: Settings) -> None:
    with clock.at(instant(DAY_BEFORE, time(12, 1))):
        run_out()
        with writing():
            actions.fan_out(100)
        with writing():
            withdraw(cast.actor("expert"), cast.seat.load())
        Delivery(settings, LEASE).run(lambda: True)
    states = {message.kind: message.state for message in messages()}
    assert states["meeting.experts_reminded"] is MessageState.OUTDATED
    assert states["meeting.reminded"] is MessageState.SENT


def test_a_letter_that_leaves_on_a_later_day_says_so_or_not_at_all(cast: Cast, settings: Settings) -> None:
    """A reminder of tomorrow's meeting that could leave only on its day says today; after it, nothing."""
    with clock.at(instant(DAY_BEFORE, time(12, 1))):
        run_out()
        with writing():
            actions.fan_out(100)
    with clock.at(instant(CONFIRMED_ON, time(12))):
        Delivery(settings, LEASE).run(lambda: True)
    assert len([mail for mail in queries.kept_mails(settings) if mail.subject.startswith("Tänään")]) == 2
    assert {message.state for message in reminders()} == {MessageState.SENT}


def test_a_warning_leaves_once_ten_days_before_when_people_are_missing(cast: Cast) -> None:
    with clock.at(instant(PROPOSED_ON, time(12)) - timedelta(days=10)), reading():
        assert mixes_missing() == []
    with clock.at(instant(PROPOSED_ON, time(13)) - timedelta(days=10)):
        with reading():
            assert mixes_missing() == [cast.proposed.id]
        run_out()
        with writing():
            warn_of_mix(cast.proposed.id)
        with reading():
            assert mixes_missing() == []
    assert recorded(cast.proposed, "meeting.mix_missing") == 1


def test_nobody_is_warned_while_the_days_of_interest_last_or_when_the_meeting_is_confirmed(cast: Cast) -> None:
    near = instant(PROPOSED_ON, time(13)) - timedelta(days=9)
    with writing():
        cast.proposed.load().interest_until = near + MINUTE
    with clock.at(near), reading():
        assert mixes_missing() == []
    with clock.at(near + MINUTE):
        with reading():
            assert mixes_missing() == [cast.proposed.id]
        seat_taken(cast, "third_expert", cast.proposed)
        with writing():
            warn_of_mix(cast.proposed.id)
    assert recorded(cast.proposed, "meeting.mix_missing") == 0


def test_a_warning_that_came_true_meanwhile_is_not_sent(cast: Cast, settings: Settings) -> None:
    with clock.at(instant(PROPOSED_ON, time(13)) - timedelta(days=9)):
        run_out()
        with writing():
            actions.fan_out(100)
        seat_taken(cast, "third_expert", cast.proposed)
        Delivery(settings, LEASE).run(lambda: True)
    assert {message.state for message in messages("meeting.mix_missing")} == {MessageState.OUTDATED}


def test_whoever_was_invited_before_is_not_invited_again_by_the_next_letter(cast: Cast) -> None:
    """An expert approved later is invited alone."""
    with writing():
        record(SYSTEM, cast.proposed.load(), ExpertsInvited(count=3))
    with writing():
        actions.fan_out(100)
    before = {message.person_id for message in messages("meeting.experts_invited")}
    with writing():
        person = cast.new_expert(7)
        session.flush()
        session.add(invited_seat(cast.proposed.load(), person.id, SeatRole.EXPERT))
        new = person.id
    with writing():
        record(SYSTEM, cast.proposed.load(), ExpertsInvited(count=1))
    with writing():
        actions.fan_out(100)
    after = [message.person_id for message in messages("meeting.experts_invited")]
    assert len(after) == len(before) + 1
    assert set(after) == {*before, new}


NIGHT = instant(date(2027, 1, 12), time(21))
MORNING = instant(date(2027, 1, 13), time(9))


def full_and_given_up(cast: Cast) -> None:
    """At night somebody gives up a seat that another waits for."""
    with writing():
        meeting = cast.confirmed.load()
        meeting.seats = meeting.seats_taken
        take_seat(cast.actor("other_expert"), meeting, cast.id("other_expert"), SeatRole.EXPERT)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())


def test_a_letter_rests_through_the_night_and_nobody_thinks_that_it_is_late(app: Flask, cast: Cast) -> None:
    with clock.at(NIGHT):
        full_and_given_up(cast)
        messages_sent(app)
        with reading():
            assert not queries.any_due()
            assert queries.mail_backlog().oldest_at is None
    with clock.at(MORNING - MINUTE):
        messages_sent(app)
    assert {message.state for message in messages()} == {MessageState.DUE}
    with clock.at(MORNING):
        with reading():
            assert queries.mail_backlog().oldest_at == MORNING
        messages_sent(app)
    assert {message.state for message in messages("seat.offered")} == {MessageState.SENT}


def test_what_is_urgent_leaves_at_night(app: Flask, cast: Cast) -> None:
    """News of a meeting that begins before noon: in the morning people are on their way."""
    with writing():
        meeting = cast.confirmed.load()
        meeting.starts_at, meeting.ends_at = (instant(date(2027, 1, 13), time(hour)) for hour in (11, 12))
    with clock.at(NIGHT):
        full_and_given_up(cast)
        messages_sent(app)
    assert [(message.urgent, message.state) for message in messages("seat.offered")] == [(True, MessageState.SENT)]


def test_a_letter_whose_server_was_away_until_the_evening_waits_for_the_morning(cast: Cast) -> None:
    with clock.at(instant(date(2027, 1, 12), time(19))):
        full_and_given_up(cast)
        with writing():
            actions.fan_out(100)
        while True:
            with writing():
                claim = actions.claim(LEASE)
            if claim is None:
                break
            with writing():
                actions.mark_fault(claim, "SMTP 451", permanent=False)
    with clock.at(NIGHT), writing():
        assert actions.claim(LEASE) is None
    with clock.at(MORNING), writing():
        assert actions.claim(LEASE) is not None


def test_experts_are_reminded_before_six_or_the_next_day(cast: Cast) -> None:
    with clock.at(instant(DAY_BEFORE, time(17, 59))):
        run_out()
        with writing():
            actions.fan_out(100)
    with clock.at(instant(DAY_BEFORE, time(18, 30))):
        taken = set()
        while True:
            with writing():
                claim = actions.claim(LEASE)
            if claim is None:
                break
            taken.add(claim.message_id)
    assert [message.kind for message in reminders() if message.id in taken] == ["meeting.reminded"]


def test_in_a_demonstration_no_telephone_rings(cast: Cast, settings: Settings) -> None:
    with clock.at(NIGHT):
        full_and_given_up(cast)
        with writing():
            actions.fan_out(100)
        Delivery(replace(settings, demo=True), LEASE).run(lambda: True)
    assert {message.state for message in messages("seat.offered")} == {MessageState.SENT}
