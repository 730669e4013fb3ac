"""Moving a unit's meeting and giving it up, as actions do it; what booking sets in motion."""

from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import session, writing
from kierto.errors import Refused
from kierto.events.queries import history
from kierto.meetings.models import Meeting, MeetingState
from kierto.rounds.booking import book_stop, give_up_stop, move_stop
from kierto.rounds.concerned import asked_again, concerned
from kierto.rounds.models import RoundState, StopState
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.units.actions import block_dates, set_hours
from kierto.units.hosting import read
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, FREE_ON, PROPOSED_ON, Cast, Thing
from tests.refusals import refused
from tests.scenes import meetings_booked, seat_in, seat_taken
from tests.together import at_once

AT = time(13)
ELSEWHEN = date(2027, 2, 23)


def move(cast: Cast, on: date, at: time = AT, name: str = "coordinator", *, override: bool = False) -> Meeting:
    return move_stop(cast.actor(name), cast.confirmed_stop.load(), on, at, override=override)


def moved(cast: Cast, on: date, at: time = AT, name: str = "coordinator") -> None:
    with writing():
        move(cast, on, at, name)


def state_of(cast: Cast, name: str, meeting: Thing[Meeting] | None = None) -> SeatState:
    with writing():
        seat = seat_in(cast, name, meeting or cast.confirmed)
        assert seat is not None
        return seat.state


def told(meeting: Thing[Meeting], kind: str) -> dict[str, object]:
    """The latest event of the kind about the meeting."""
    with writing():
        return next(event.data for event in history(meeting.load()) if event.kind == kind)


# ---- moving ----


def test_a_meeting_is_moved_and_keeps_what_it_is(cast: Cast) -> None:
    """Rules calendar-sequence and seat-reconfirm: another day asks everybody who comes again."""
    with writing():
        before = cast.confirmed.load()
        uid, sequence, length = before.uid, before.sequence, before.ends_at - before.starts_at
        cast.spring.load().minutes = 60
    moved(cast, ELSEWHEN, time(10, 30))
    with writing():
        after = cast.confirmed.load()
        assert after.starts_at == clock.instant(ELSEWHEN, time(10, 30))
        assert after.ends_at - after.starts_at == length, "what was booked keeps its length"
        assert (after.uid, after.sequence) == (uid, sequence + 1)
        assert after.state is MeetingState.CONFIRMED
        assert cast.confirmed_stop.load().state is StopState.BOOKED
    assert state_of(cast, "expert") is SeatState.RECONFIRM
    assert state_of(cast, "worker") is SeatState.RECONFIRM
    assert told(cast.confirmed, "meeting.moved")["asked_again"] == 2


@pytest.mark.parametrize(("at", "asked"), [(time(13, 30), 0), (time(12, 30), 0), (time(13, 31), 2), (time(12, 29), 2)])
def test_over_30_minutes_asks_again(cast: Cast, at: time, asked: int) -> None:
    """Rule seat-reconfirm."""
    with writing():
        span = cast.confirmed.load().span
        there = clock.instant(CONFIRMED_ON, at)
        said = asked_again(cast.actor("coordinator"), cast.confirmed.load(), span._replace(start=there))
    assert said.coming == asked, "what the page says before"
    moved(cast, CONFIRMED_ON, at)
    assert told(cast.confirmed, "meeting.moved")["asked_again"] == asked
    assert state_of(cast, "expert") is (SeatState.RECONFIRM if asked else SeatState.ACCEPTED)


def test_whoever_is_elsewhere_then_is_asked_always(cast: Cast) -> None:
    """Rule seat-reconfirm: the expert comes to another meeting, which begins when this one ends."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, time(15)))
    seat_taken(cast, "expert", other)
    with writing():
        meeting = cast.confirmed.load()
        later = meeting.span._replace(
            start=meeting.starts_at + timedelta(minutes=20), end=meeting.ends_at + timedelta(minutes=20)
        )
        said = asked_again(cast.actor("coordinator"), meeting, later)
        assert (said.experts, said.workers) == (1, 0)
    moved(cast, CONFIRMED_ON, time(13, 20))
    assert state_of(cast, "expert") is SeatState.RECONFIRM
    assert state_of(cast, "worker") is SeatState.ACCEPTED


def test_who_moves_their_own_meeting_is_not_asked(cast: Cast) -> None:
    with writing():
        move_stop(cast.actor("other_host"), cast.proposed_stop.load(), FREE_ON, AT)
    assert state_of(cast, "other_host", cast.proposed) is SeatState.ACCEPTED


def test_moving_a_meeting_to_where_it_is_changes_nothing(cast: Cast) -> None:
    with writing():
        sequence = cast.confirmed.load().sequence
    moved(cast, CONFIRMED_ON)
    with writing():
        assert cast.confirmed.load().sequence == sequence
        assert "meeting.moved" not in [event.kind for event in history(cast.confirmed.load())]


@pytest.mark.parametrize(
    ("rule", "on", "at"),
    [
        ("round-within", date(2027, 6, 14), AT),
        ("round-within", date.max, AT),
        ("booked-ahead", date(2027, 1, 11), AT),
        ("booked-ahead", date(2027, 1, 12), time(9)),
        ("round-gap", PROPOSED_ON, AT),
        ("round-gap", PROPOSED_ON - timedelta(days=6), AT),
        ("meeting-unit-free", date(2027, 3, 26), AT),
        ("meeting-unit-free", date(2027, 2, 20), AT),
    ],
)
def test_a_move_keeps_the_rules_of_booking(cast: Cast, rule: str, on: date, at: time) -> None:
    """Rules round-within, booked-ahead, round-gap, meeting-unit-free."""
    with refused(rule):
        move(cast, on, at)


def test_its_own_time_is_no_hindrance(cast: Cast) -> None:
    """Rules round-gap and meeting-unit-free: a meeting does not stand in its own way."""
    moved(cast, CONFIRMED_ON, time(14))
    moved(cast, CONFIRMED_ON - timedelta(days=1))


def test_another_meeting_of_the_unit_is(cast: Cast) -> None:
    """Rule meeting-unit-free, whoever says what."""
    meetings_booked(cast, 1)
    with writing():
        taken = session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
        assert taken is not None
        on = clock.local(taken.starts_at).date()
    with refused("meeting-unit-free", field="time"):
        move(cast, on, time(12, 30), override=True)


def test_a_co_host_is_to_be_free_too(cast: Cast) -> None:
    """Rule meeting-unit-free, for both units that hold a meeting together."""
    with writing():
        book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), FREE_ON, AT)
        cast.confirmed.load().co_unit_id = cast.other_unit.id
    with refused("meeting-unit-free", field="time"):
        move(cast, FREE_ON, time(12))
    moved(cast, FREE_ON, time(9))


@pytest.mark.parametrize("at", [time(8, 30), time(17), time(23)])
def test_the_hosting_hours_ask_who_moves_to_say_so(cast: Cast, at: time) -> None:
    """Rule meeting-unit-free: outside hosting hours, and on blocked dates, only when somebody says so."""
    with writing():
        set_hours(cast.actor("coordinator"), cast.third_unit.load(), read(2, "9–18"), version=1)
        block_dates(cast.actor("coordinator"), cast.third_unit.load(), FREE_ON, FREE_ON)
    with refused("meeting-unit-free", field="override"):
        move(cast, ELSEWHEN, at)
    with refused("meeting-unit-free", field="override"):
        move(cast, FREE_ON, time(10))
    with writing():
        move(cast, FREE_ON, at, override=True)


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CANCELLED])
def test_only_in_an_open_round(cast: Cast, state: RoundState) -> None:
    """Rule round-open."""
    with writing():
        cast.spring.load().state = state
    with refused("round-open"):
        move(cast, ELSEWHEN)


def test_only_a_meeting_to_come_is_moved(cast: Cast) -> None:
    """Rule booked-ahead."""
    coordinator = cast.actor("coordinator")
    with refused("booked-ahead"):
        move_stop(coordinator, cast.stop.load(), FREE_ON, AT)
    with clock.at(clock.instant(CONFIRMED_ON, time(13, 5))), refused("booked-ahead"):
        move(cast, ELSEWHEN)


def test_reminders_are_sent_again_and_a_warning_is_not(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.reminded_week_at = meeting.reminded_day_at = meeting.warned_mix_at = clock.now()
    moved(cast, ELSEWHEN)
    with writing():
        meeting = cast.confirmed.load()
        assert (meeting.reminded_week_at, meeting.reminded_day_at) == (None, None)
        assert meeting.warned_mix_at is not None


def warned_at(meeting: Thing[Meeting], moment: datetime) -> int:
    """How often it was said until then that people are missing in the meeting; what is due then happens."""
    with clock.at(moment):
        run_out()
    with writing():
        return [event.kind for event in history(meeting.load())].count("meeting.mix_missing")


def test_a_warning_that_people_are_missing_is_not_repeated_by_a_small_move(cast: Cast) -> None:
    """Rule meeting-mix: a day later is no other warning, a month later is."""
    tenth_day = clock.instant(PROPOSED_ON - timedelta(days=10), AT)
    assert warned_at(cast.proposed, tenth_day - timedelta(minutes=1)) == 0
    assert warned_at(cast.proposed, tenth_day) == 1
    with clock.at(tenth_day), writing():
        move_stop(cast.actor("coordinator"), cast.proposed_stop.load(), PROPOSED_ON + timedelta(days=1), AT)
    assert warned_at(cast.proposed, tenth_day + timedelta(days=2)) == 1
    with clock.at(tenth_day), writing():
        move_stop(cast.actor("coordinator"), cast.proposed_stop.load(), PROPOSED_ON + timedelta(days=28), AT)
    assert warned_at(cast.proposed, tenth_day + timedelta(days=27)) == 1
    assert warned_at(cast.proposed, tenth_day + timedelta(days=28)) == 2


def test_nobody_is_warned_before_those_who_were_asked_have_had_time_to_answer(cast: Cast) -> None:
    """Rules meeting-mix and seat-waiting-order: booked five days ahead, first come; two weekdays are theirs."""
    with writing():
        give_up_stop(cast.actor("coordinator"), cast.proposed_stop.load(), "Putkiremontti")
    booked_at = clock.instant(PROPOSED_ON - timedelta(days=5), time(10))
    with clock.at(booked_at), writing():
        meeting = Thing(book_stop(cast.actor("other_host"), cast.proposed_stop.load(), PROPOSED_ON, AT))
    assert warned_at(meeting, booked_at + timedelta(minutes=5)) == 0
    assert warned_at(meeting, clock.instant(PROPOSED_ON - timedelta(days=1), time(9, 59))) == 0, (
        "a Thursday, then Monday"
    )
    assert warned_at(meeting, clock.instant(PROPOSED_ON - timedelta(days=1), time(10, 1))) == 1


def test_a_meeting_booked_for_tomorrow_is_warned_about_at_once(cast: Cast) -> None:
    """Nobody has two days to answer: people are missing already."""
    with writing():
        give_up_stop(cast.actor("coordinator"), cast.proposed_stop.load(), "Putkiremontti")
    booked_at = clock.instant(PROPOSED_ON - timedelta(days=1), time(15))
    with clock.at(booked_at), writing():
        meeting = Thing(book_stop(cast.actor("other_host"), cast.proposed_stop.load(), PROPOSED_ON, AT))
    assert warned_at(meeting, booked_at + timedelta(minutes=5)) == 1


# ---- days of interest ----


def noon(on: date) -> datetime:
    return clock.instant(on, time(12))


def booked(cast: Cast, on: date, days: int) -> Thing[Meeting]:
    with writing():
        cast.spring.load().interest_days = days
    with writing():
        return Thing(book_stop(cast.actor("host"), cast.stop.load(), on, AT))


@pytest.mark.parametrize(("days", "until"), [(0, None), (1, date(2027, 1, 13)), (7, date(2027, 1, 19))])
def test_a_booking_begins_the_days_of_interest(cast: Cast, days: int, until: date | None) -> None:
    """Rule seat-interest-first: they end at noon; without any, seats go first come."""
    meeting = booked(cast, FREE_ON, days)
    with writing():
        assert meeting.load().interest_until == (noon(until) if until else None)
        seat = take_seat(cast.actor("expert"), meeting.load(), cast.id("expert"), SeatRole.EXPERT)
        assert seat.state is (SeatState.INTERESTED if days else SeatState.ACCEPTED)


def test_days_of_interest_end_48_hours_before_the_meeting(cast: Cast) -> None:
    """Rule seat-interest-first: also when the meeting is moved nearer; never later than they would have."""
    meeting = booked(cast, FREE_ON, 60)
    with writing():
        assert meeting.load().interest_until == clock.instant(FREE_ON, AT) - timedelta(hours=48)
        move_stop(cast.actor("host"), cast.stop.load(), FREE_ON - timedelta(days=4), AT)
        assert meeting.load().interest_until == clock.instant(FREE_ON - timedelta(days=6), AT)
        move_stop(cast.actor("host"), cast.stop.load(), FREE_ON, AT)
        assert meeting.load().interest_until == clock.instant(FREE_ON - timedelta(days=6), AT)
    with clock.at(clock.instant(FREE_ON - timedelta(days=8), AT)), writing():
        move_stop(cast.actor("host"), cast.stop.load(), FREE_ON - timedelta(days=7), AT)
        until = meeting.load().interest_until
        assert until is not None
        assert until <= clock.now(), "they are over at once: seats are given now"


def test_a_booked_meeting_keeps_its_days_of_interest(cast: Cast) -> None:
    """What is booked keeps what the round was, whatever the round becomes."""
    meeting = booked(cast, FREE_ON, 7)
    with writing():
        cast.spring.load().interest_days, cast.spring.load().seats = 0, 9
    with writing():
        assert meeting.load().interest_until == noon(date(2027, 1, 19))
        assert meeting.load().seats == 4


def test_experts_whom_it_suits_are_invited(cast: Cast) -> None:
    meeting = booked(cast, CONFIRMED_ON - timedelta(days=7), 7)
    with writing():
        states = {name: seat.state for name in ("expert", "other_expert") if (seat := seat_in(cast, name, meeting))}
    assert states == {"expert": SeatState.INVITED, "other_expert": SeatState.INVITED}


# ---- giving up ----


def test_a_meeting_is_given_up_and_its_people_are_asked_first(cast: Cast) -> None:
    """Rule seat-interest-first: the turn waits again; a new booking is a new meeting, offered to those who came."""
    with writing():
        said = concerned(cast.confirmed.load())
        assert (said.experts, said.workers) == (1, 1)
        give_up_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), " Putkiremontti ")
    with writing():
        meeting = cast.confirmed.load()
        assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "Putkiremontti")
        assert cast.confirmed_stop.load().state is StopState.WAITING
        cast.spring.load().interest_days = 7
    with writing():
        again = Thing(book_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), FREE_ON, AT))
    with writing():
        assert again.load().uid != cast.confirmed.load().uid
        for name in ("expert", "worker"):
            seat = seat_in(cast, name, again)
            assert seat is not None
            assert (seat.state, seat.asked_first) == (SeatState.OFFERED, True)
        other = seat_in(cast, "other_expert", again)
        assert other is not None
        assert other.state is SeatState.INVITED


def test_a_reason_is_needed(cast: Cast) -> None:
    """Rule meeting-reason."""
    with refused("meeting-reason", field="reason"):
        give_up_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), "  ")


def test_only_a_meeting_to_come_is_given_up(cast: Cast) -> None:
    """Rule booked-ahead."""
    with refused("booked-ahead"):
        give_up_stop(cast.actor("coordinator"), cast.stop.load(), "Putkiremontti")
    with clock.at(clock.instant(CONFIRMED_ON, time(13, 5))), refused("booked-ahead"):
        give_up_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), "Putkiremontti")


# ---- at one moment ----


def test_two_moves_at_one_moment_keep_the_gap(app: Flask, cast: Cast) -> None:
    """Rule round-gap is guarded by the round's lock."""
    stops = [cast.confirmed_stop, cast.proposed_stop]
    actor = cast.actor("coordinator")
    acts = [lambda stop=stop: move_stop(actor, stop.load(), FREE_ON, AT).id for stop in stops]
    results = at_once(app, acts)
    assert sorted(one.rule.id if isinstance(one, Refused) else "moved" for one in results) == ["moved", "round-gap"]


def test_moving_and_giving_up_at_one_moment(app: Flask, cast: Cast) -> None:
    """Whichever is first, the meeting is cancelled in the end, and nobody is left with half of it."""
    acts = [
        partial(_give_up, cast),
        partial(_move, cast),
    ]
    results = at_once(app, acts)
    faults = [one.rule.id for one in results if isinstance(one, Refused)]
    assert faults in ([], ["booked-ahead"])
    with writing():
        assert cast.confirmed.load().state is MeetingState.CANCELLED
        assert cast.confirmed_stop.load().state is StopState.WAITING


def _give_up(cast: Cast) -> None:
    give_up_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), "Putkiremontti")


def _move(cast: Cast) -> None:
    move(cast, ELSEWHEN)
