"""Cancelling, holding without the mix, editing, and saying whether a meeting was held, as actions do it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import session, writing
from kierto.errors import Refused
from kierto.events.models import Event, QueuedEvent
from kierto.meetings.actions import cancel_meeting, hold_anyway
from kierto.meetings.editing import MeetingDetails, edit_meeting
from kierto.meetings.happening import ask_happened, say_happened, to_ask_happened
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import MEETING_REASON
from kierto.rounds.models import StopState
from kierto.seats.actions import answer_offer, take_seat, withdraw
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, HELD_ON, NOW, PROPOSED_ON, Cast, Thing
from tests.refusals import refused
from tests.together import at_once

CONFIRMED_AT = clock.instant(CONFIRMED_ON, time(13))
MORNING_AFTER = clock.instant(HELD_ON + timedelta(days=1), time(9))


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


def data_of(kind: str) -> dict[str, Any]:
    with writing():
        return dict(session.scalars(select(Event.data).where(Event.kind == kind)).one())


def cancel(cast: Cast, meeting: Thing[Meeting], reason: str = "Remontti") -> None:
    with writing():
        cancel_meeting(cast.actor("coordinator"), meeting.load(), reason)


def test_a_cancelled_meeting_says_why_and_when_and_its_people_are_told(cast: Cast) -> None:
    with writing():
        before = cast.confirmed.load()
        sequence, version, uid = before.sequence, before.version, before.uid
    cancel(cast, cast.confirmed, "  Remontti ")
    with writing():
        meeting = cast.confirmed.load()
        assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "Remontti")
        assert meeting.cancelled_at is not None
        assert abs(meeting.cancelled_at - clock.now()) < timedelta(minutes=1)
        assert (meeting.sequence, meeting.version, meeting.uid) == (sequence + 1, version + 1, uid), "calendar-sequence"
    assert kinds(told=True) == ["meeting.cancelled"]
    assert data_of("meeting.cancelled") == {"late": False}


@pytest.mark.parametrize(("hours", "late"), [(24.01, False), (24, True), (1, True)])
def test_cancelling_within_a_day_of_the_meeting_is_late(cast: Cast, hours: float, late: bool) -> None:
    with clock.at(CONFIRMED_AT - timedelta(hours=hours)):
        cancel(cast, cast.confirmed)
    assert data_of("meeting.cancelled") == {"late": late}


def test_the_stop_of_a_cancelled_meeting_waits_again(cast: Cast) -> None:
    cancel(cast, cast.confirmed)
    with writing():
        assert cast.confirmed_stop.load().state is StopState.WAITING


def test_cancelling_twice_changes_nothing(cast: Cast) -> None:
    cancel(cast, cast.confirmed)
    with writing():
        first = cast.confirmed.load().version
    cancel(cast, cast.confirmed, "Toinen syy")
    with writing():
        meeting = cast.confirmed.load()
        assert (meeting.version, meeting.cancel_reason) == (first, "Remontti")
    assert kinds() == ["meeting.cancelled"]


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_cancelling_needs_a_reason(cast: Cast, reason: str) -> None:
    with refused(MEETING_REASON.id, "reason"):
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), reason)


def test_a_meeting_that_has_begun_is_not_cancelled(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT), refused("meeting-open"):
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Remontti")


def test_seats_stay_as_they_were_and_offers_end(cast: Cast) -> None:
    """They say who is asked first when the meeting is booked again; nobody can answer any more."""
    with writing():
        seat = take_seat(cast.actor("other_expert"), cast.proposed.load(), cast.id("other_expert"), SeatRole.EXPERT)
        seat.state, seat.offered_until = SeatState.OFFERED, clock.now() + timedelta(days=2)
        offer = Thing(seat)
    cancel(cast, cast.proposed)
    with refused("seat-before-start"):
        answer_offer(cast.actor("other_expert"), offer.load(), yes=True)
    with refused("seat-before-start"):
        take_seat(cast.actor("third_expert"), cast.proposed.load(), cast.id("third_expert"), SeatRole.EXPERT)
    with writing():
        assert cast.host_seat.load().state is SeatState.ACCEPTED


def test_cancelling_and_taking_a_seat_at_one_moment(cast: Cast, app: Flask) -> None:
    """Whoever comes first: nobody gets a seat in a meeting that is cancelled by then."""
    coordinator, expert = cast.actor("coordinator"), cast.actor("other_expert")

    def cancelling() -> object:
        cancel_meeting(coordinator, cast.confirmed.load(), "Remontti")
        return None

    def taking() -> object:
        return take_seat(expert, cast.confirmed.load(), cast.id("other_expert"), SeatRole.EXPERT).id

    cancelled, taken = at_once(app, [cancelling, taking])
    assert cancelled is None
    events = kinds()
    with writing():
        meeting = cast.confirmed.load()
        seats = session.scalars(select(Seat.state).where(Seat.meeting_id == meeting.id)).all()
        assert meeting.state is MeetingState.CANCELLED
        assert meeting.seats_taken == len([one for one in seats if one is SeatState.ACCEPTED])
    if isinstance(taken, Refused):
        assert taken.rule.id == "seat-before-start"
        assert events == ["meeting.cancelled"]
    else:
        assert events == ["seat.taken", "meeting.cancelled"]


def test_a_meeting_is_held_without_its_mix_for_a_reason(cast: Cast) -> None:
    """Rule meeting-mix: a proposed meeting is confirmed when a coordinator overrides with a reason."""
    with writing():
        sequence = cast.proposed.load().sequence
    with writing():
        hold_anyway(cast.actor("coordinator"), cast.proposed.load(), " Asiantuntija tulee puhelimella ")
    with writing():
        meeting = cast.proposed.load()
        assert meeting.state is MeetingState.CONFIRMED
        assert meeting.confirmed_at is not None
        assert meeting.override_reason == "Asiantuntija tulee puhelimella"
        assert meeting.sequence == sequence + 1
    with clock.at(clock.instant(PROPOSED_ON, time(13))):
        run_out()
        with writing():
            assert cast.proposed.load().held, "it does not lapse"
    assert kinds()[0] == "meeting.held_anyway"
    assert "meeting.lapsed" not in kinds()


def test_holding_a_confirmed_meeting_keeps_it_and_its_number(cast: Cast) -> None:
    with writing():
        before = cast.confirmed.load().sequence, cast.confirmed.load().confirmed_at
    for _ in range(2):
        with writing():
            hold_anyway(cast.actor("coordinator"), cast.confirmed.load(), "Syy")
    with writing():
        meeting = cast.confirmed.load()
        assert (meeting.sequence, meeting.confirmed_at) == before
        assert meeting.override_reason == "Syy"
    assert kinds() == ["meeting.held_anyway"], "said twice, done once"


def test_a_mix_met_and_lost_again_is_decided_anew(cast: Cast) -> None:
    """Rule meeting-mix: what a coordinator decided for want of people holds until the people are there."""
    with writing():
        hold_anyway(cast.actor("coordinator"), cast.proposed.load(), "Asiantuntija tulee puhelimella")
    with writing():
        seat = Thing(take_seat(cast.actor("expert"), cast.proposed.load(), cast.people["expert"].id, SeatRole.EXPERT))
    with writing():
        assert cast.proposed.load().override_reason is not None, "it is still true that she decided so"
        withdraw(cast.actor("expert"), seat.load())
    with writing():
        assert cast.proposed.load().override_reason is None
    assert "meeting.mix_lost" in kinds()


def test_a_meeting_held_anyway_is_decided_anew_when_its_last_expert_leaves(cast: Cast) -> None:
    """Rule meeting-mix: to hold it with one expert of two is not to hold it with none."""
    me = cast.actor("expert")
    with writing():
        cast.proposed.load().mix_experts = 2
    with writing():
        seat = Thing(take_seat(me, cast.proposed.load(), cast.people["expert"].id, SeatRole.EXPERT))
        hold_anyway(cast.actor("coordinator"), cast.proposed.load(), "Yksi riittää")
    assert "meeting.mix_lost" not in kinds()
    with writing():
        withdraw(me, seat.load())
    with writing():
        assert cast.proposed.load().override_reason is None
    assert "meeting.mix_lost" in kinds()


def test_holding_needs_a_reason_and_a_meeting_to_come(cast: Cast) -> None:
    with refused("meeting-reason", "reason"):
        hold_anyway(cast.actor("coordinator"), cast.confirmed.load(), " ")
    with clock.at(CONFIRMED_AT), refused("meeting-open"):
        hold_anyway(cast.actor("coordinator"), cast.confirmed.load(), "Syy")
    cancel(cast, cast.confirmed)
    with refused("meeting-open"):
        hold_anyway(cast.actor("coordinator"), cast.confirmed.load(), "Syy")


def details(cast: Cast, **changed: Any) -> None:
    with writing():
        meeting = cast.confirmed.load()
        edit_meeting(cast.actor("host"), meeting, replace(MeetingDetails.of(meeting), **changed))


@pytest.mark.parametrize(
    ("changed", "sequence", "version"),
    [
        ({"room": "Kahvihuone"}, 1, 1),
        ({"description": "Ovi on pihalla."}, 0, 1),
        ({"public": False}, 0, 1),
        ({"remote_link": "https://etä.example/abc"}, 0, 0),
        ({"dial_in": "09 1234 567, 55#"}, 0, 0),
        ({"room": "Kahvihuone", "description": "Ovi on pihalla.", "public": False}, 1, 1),
    ],
)
def test_an_edit_raises_what_calendars_follow(cast: Cast, changed: dict[str, Any], sequence: int, version: int) -> None:
    """Rule calendar-sequence: place raises the sequence, what a feed shows the version."""
    with writing():
        before = cast.confirmed.load()
        was = before.sequence, before.version, before.changed_at
    details(cast, **changed)
    with writing():
        meeting = cast.confirmed.load()
        assert {name: getattr(meeting, name) for name in changed} == changed
        assert (meeting.sequence - was[0], meeting.version - was[1]) == (sequence, version)
        assert (meeting.changed_at > was[2]) is bool(version)
    assert kinds() == ["meeting.edited"]


def test_changing_nothing_records_nothing(cast: Cast) -> None:
    details(cast)
    assert kinds() == []


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://etä.example", "www.etä.example", "https://", "https://a b"]
)
def test_a_remote_link_is_a_safe_address(cast: Cast, link: str) -> None:
    with refused("remote-link-late", "remote_link"):
        edit_meeting(
            cast.actor("host"),
            cast.confirmed.load(),
            replace(MeetingDetails.of(cast.confirmed.load()), remote_link=link),
        )


def test_a_meeting_that_has_begun_or_was_cancelled_is_not_edited(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT), refused("meeting-open"):
        edit_meeting(cast.actor("host"), cast.confirmed.load(), MeetingDetails("A", None, None, None, True))
    cancel(cast, cast.confirmed)
    with refused("meeting-open"):
        edit_meeting(cast.actor("host"), cast.confirmed.load(), MeetingDetails("A", None, None, None, True))


def asked(cast: Cast) -> bool:
    with writing():
        return cast.held.load().asked_happened_at is not None


def happened(cast: Cast, yes: bool) -> None:
    with writing():
        say_happened(cast.actor("host"), cast.held.load(), happened=yes)


def test_the_unit_is_asked_once_the_next_morning(cast: Cast) -> None:
    with clock.at(MORNING_AFTER - timedelta(seconds=1)):
        run_out()
        assert not asked(cast)
    with clock.at(MORNING_AFTER):
        run_out()
        assert asked(cast)
    with clock.at(MORNING_AFTER + timedelta(hours=1)):
        run_out()
    with writing():
        told = session.scalars(select(Event).where(Event.kind == "meeting.asked_happened")).all()
        assert len(told) == 1
        assert told[0].subject_id == cast.held.id


@pytest.mark.parametrize("on", [date(2027, 3, 27), date(2027, 10, 30)])
def test_it_is_nine_on_the_clock_also_when_clocks_are_turned(cast: Cast, on: date) -> None:
    with writing():
        meeting = cast.held.load()
        meeting.starts_at, meeting.ends_at = clock.instant(on, time(13)), clock.instant(on, time(15))
    nine = clock.instant(on + timedelta(days=1), time(9))
    for moment, due in ((nine - timedelta(seconds=1), False), (nine, True)):
        with clock.at(moment), writing():
            assert (cast.held.id in to_ask_happened()) is due


def test_nobody_is_asked_of_what_was_long_ago_or_cancelled_or_answered(cast: Cast) -> None:
    with clock.at(MORNING_AFTER + timedelta(days=15)), writing():
        assert cast.held.id not in to_ask_happened()
    cancel(cast, cast.confirmed)
    happened(cast, yes=True)
    with clock.at(clock.instant(CONFIRMED_ON + timedelta(days=1), time(9))), writing():
        assert not {cast.held.id, cast.confirmed.id} & set(to_ask_happened())
        ask_happened(cast.held.id)
        assert cast.held.load().asked_happened_at is None


def test_unanswered_it_stays_held(cast: Cast) -> None:
    run_out()
    assert asked(cast)
    with clock.at(NOW + timedelta(days=400)), writing():
        assert cast.held.load().held


def test_yes_keeps_it_held(cast: Cast) -> None:
    happened(cast, yes=True)
    happened(cast, yes=True)
    with writing():
        assert cast.held.load().held
        assert cast.held.load().happened is True
    assert kinds() == ["meeting.happened"]


def test_no_cancels_it_and_its_stop_waits_again(cast: Cast) -> None:
    with writing():
        sequence = cast.held.load().sequence
    happened(cast, yes=True)
    happened(cast, yes=False)
    happened(cast, yes=False)
    with writing():
        meeting = cast.held.load()
        assert (meeting.state, meeting.held, meeting.lapsed) == (MeetingState.CANCELLED, False, False)
        assert meeting.sequence == sequence + 1
        stops = [stop for stop in cast.autumn.load().stops if stop.meeting_id == meeting.id]
        assert [stop.state for stop in stops] == [StopState.WAITING]
    assert kinds() == ["meeting.happened", "meeting.did_not_happen"]


def test_it_is_said_only_of_what_is_over_and_not_closed(cast: Cast) -> None:
    with refused("meeting-happened"):
        say_happened(cast.actor("host"), cast.confirmed.load(), happened=False)
    happened(cast, yes=False)
    with refused("meeting-happened"):
        say_happened(cast.actor("host"), cast.held.load(), happened=True)


def test_published_minutes_say_that_it_was_held(cast: Cast) -> None:
    with writing():
        cast.held.load().state = MeetingState.CLOSED
    with refused("meeting-happened"):
        say_happened(cast.actor("host"), cast.held.load(), happened=False)
