"""Rounds end, are called off and opened again; turns are skipped and taken back: every transition and refusal."""

from functools import partial

import pytest
from flask import Flask

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.practices.retiring import retire_unit
from kierto.rounds.actions import open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.editing import add_stop
from kierto.rounds.lifecycle import (
    cancel_round,
    close_round,
    locked_stops,
    remove_draft,
    reopen_round,
    standing,
)
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.queries import round_
from kierto.rounds.skipping import skip_stop, take_back_stop
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.units.models import Unit
from tests.cast import FREE_ON, HELD_AT, HELD_ON, Cast, Thing
from tests.refusals import refused
from tests.scenes_rounds import call_off, close, draft, kinds, new_unit, skip, states_of
from tests.together import at_once

WHY = "Väkeä ei ole."
FIRST, BOOKED, VISITED, LEFT = StopState.WAITING, StopState.BOOKED, StopState.VISITED, StopState.SKIPPED


def state_of(thing: Thing[Round]) -> RoundState:
    with reading():
        return thing.load().state


# ---- closing ----


def test_a_round_is_closed_and_those_left_are_skipped(cast: Cast) -> None:
    assert close(cast, cast.autumn) == 2
    assert state_of(cast.autumn) is RoundState.CLOSED
    assert states_of(cast.autumn) == [VISITED, LEFT, LEFT]
    with reading():
        stop = cast.autumn_stop.load()
        assert (stop.round_ended, stop.skipped_because) == (True, None)
    assert kinds("round.closed") == [{"skipped": 2}]
    assert len(kinds("stop.skipped")) == 2


def test_closing_twice_changes_nothing(cast: Cast) -> None:
    close(cast, cast.autumn)
    assert close(cast, cast.autumn) == 0
    assert len(kinds("round.closed")) == 1


def test_meetings_to_come_are_moved_or_cancelled_first(cast: Cast) -> None:
    """Rule round-meetings-first: it says whose."""
    with pytest.raises(Refused) as fault, writing():
        close_round(cast.actor("coordinator"), cast.spring.load())
    assert fault.value.rule.id == "round-meetings-first"
    assert fault.value.values == {"units": "Malmin päihdepoliklinikka, Tikkurilan kuntoutusosasto"}
    assert states_of(cast.spring) == [FIRST, BOOKED, BOOKED], "nothing has changed"


def test_a_round_is_closed_when_its_last_meeting_goes_on(cast: Cast) -> None:
    with clock.at(clock.instant(HELD_ON, HELD_AT)), writing():
        close_round(cast.actor("coordinator"), cast.autumn.load())
    assert state_of(cast.autumn) is RoundState.CLOSED


def test_a_reason_that_was_given_before_stays(cast: Cast) -> None:
    skip(cast, cast.autumn_stop, WHY)
    assert close(cast, cast.autumn) == 1
    with reading():
        stop = cast.autumn_stop.load()
        assert (stop.skipped_because, stop.round_ended) == (WHY, False)


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CANCELLED])
def test_only_an_open_round_is_closed(cast: Cast, state: RoundState) -> None:
    """Rule round-under-way."""
    with writing():
        cast.autumn.load().state = state
    with refused("round-under-way"):
        close_round(cast.actor("coordinator"), cast.autumn.load())


def test_nothing_is_booked_in_a_closed_round(cast: Cast) -> None:
    close(cast, cast.autumn)
    with refused("round-open"):
        book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), FREE_ON, HELD_AT)


def _close(cast: Cast, thing: Thing[Round]) -> str:
    close_round(cast.actor("coordinator"), thing.load())
    return "closed"


def _book(cast: Cast, stop: Thing[Stop]) -> str:
    book_stop(cast.actor("coordinator"), stop.load(), FREE_ON, HELD_AT)
    return "booked"


def test_of_closing_and_booking_at_one_moment_one_is_refused(app: Flask, cast: Cast) -> None:
    """The round's lock decides: either nothing is left to close, or nothing is open to book."""
    results = at_once(app, [partial(_close, cast, cast.autumn), partial(_book, cast, cast.autumn_stop)])
    told = tuple(one.rule.id if isinstance(one, Refused) else one for one in results)
    assert told in {("closed", "round-open"), ("round-meetings-first", "booked")}
    with reading():
        assert cast.autumn_stop.load().state is (LEFT if told[0] == "closed" else BOOKED)


# ---- calling off ----


def test_a_round_is_called_off_with_its_coming_meetings(cast: Cast) -> None:
    assert call_off(cast, cast.spring, f"  {WHY} ") == 2
    with reading():
        found = cast.spring.load()
        assert (found.state, found.ended_because) == (RoundState.CANCELLED, WHY)
        for thing in (cast.proposed, cast.confirmed):
            meeting = thing.load()
            assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, WHY)
    assert states_of(cast.spring) == [FIRST, FIRST, FIRST]
    assert len(kinds("meeting.cancelled")) == 2
    assert len(kinds("round.cancelled")) == 1
    with reading():
        acts = {event.act for event in session.query(Event).filter(Event.kind.in_(("round.cancelled",)))}
        acts |= {event.act for event in session.query(Event).filter(Event.kind.in_(("meeting.cancelled",)))}
        assert len(acts) == 1


def test_what_was_held_stays(cast: Cast) -> None:
    assert call_off(cast, cast.autumn) == 0
    assert states_of(cast.autumn) == [VISITED, FIRST, FIRST]
    with reading():
        assert cast.held.load().state is MeetingState.CONFIRMED


def test_calling_off_twice_changes_nothing(cast: Cast) -> None:
    call_off(cast, cast.spring)
    assert call_off(cast, cast.spring, "Toinen syy") == 0
    with reading():
        assert cast.spring.load().ended_because == WHY


def test_calling_off_needs_a_reason(cast: Cast) -> None:
    """Rule stop-reason."""
    with refused("stop-reason", field="reason"):
        cancel_round(cast.actor("coordinator"), cast.spring.load(), "  ")
    assert state_of(cast.spring) is RoundState.OPEN


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED])
def test_only_an_open_round_is_called_off(cast: Cast, state: RoundState) -> None:
    with writing():
        cast.autumn.load().state = state
    with refused("round-under-way"):
        cancel_round(cast.actor("coordinator"), cast.autumn.load(), WHY)


# ---- opening again ----


def test_a_closed_round_is_opened_again_and_its_turns_come_back(cast: Cast) -> None:
    skip(cast, cast.autumn_stop, WHY)
    close(cast, cast.autumn)
    with writing():
        assert reopen_round(cast.actor("coordinator"), cast.autumn.load()) == 1
    assert states_of(cast.autumn) == [VISITED, LEFT, FIRST], "what was skipped for a reason stays skipped"
    assert state_of(cast.autumn) is RoundState.OPEN
    assert (len(kinds("round.reopened")), len(kinds("stop.taken_back"))) == (1, 1)


def test_a_cancelled_round_is_opened_again_and_its_meetings_stay_cancelled(cast: Cast) -> None:
    call_off(cast, cast.spring)
    with writing():
        assert reopen_round(cast.actor("coordinator"), cast.spring.load()) == 0
    with reading():
        assert cast.spring.load().ended_because is None
        assert cast.confirmed.load().state is MeetingState.CANCELLED
    with writing():
        assert book_stop(cast.actor("host"), cast.stop.load(), FREE_ON, HELD_AT).state is MeetingState.PROPOSED


def test_a_unit_that_was_retired_since_has_no_turn_again(cast: Cast) -> None:
    close(cast, cast.autumn)
    with writing():
        cast.other_unit.load().retired_on = clock.today()
    with reading():
        assert len(standing(round_(cast.actor("coordinator"), cast.autumn.ref)).ended) == 1
    with writing():
        assert reopen_round(cast.actor("coordinator"), cast.autumn.load()) == 1
    assert states_of(cast.autumn) == [VISITED, LEFT, FIRST]


def _reopen(cast: Cast) -> str:
    reopen_round(cast.actor("coordinator"), cast.autumn.load())
    return "opened"


def _retire(cast: Cast, unit: Thing[Unit]) -> str:
    retire_unit(cast.actor("coordinator"), unit.load(), None, "Loppui")
    return "retired"


def test_no_retired_unit_has_a_turn_whatever_happens_at_one_moment(app: Flask, cast: Cast) -> None:
    """Rule unit-changed: retiring is refused when a round that was opened again has just given the turn back."""
    unit = new_unit(cast)
    with writing():
        stop = Thing(add_stop(cast.actor("coordinator"), cast.autumn.load(), unit.id))
    close(cast, cast.autumn)
    results = at_once(app, [partial(_reopen, cast), partial(_retire, cast, unit)])
    told = [one.rule.id if isinstance(one, Refused) else one for one in results]
    assert told in (["opened", "retired"], ["opened", "unit-changed"])
    with reading():
        retired = unit.load().retired_on is not None
        assert (stop.load().state is LEFT) == retired == (told[1] == "retired")


def test_opening_an_open_round_again_changes_nothing(cast: Cast) -> None:
    with writing():
        assert reopen_round(cast.actor("coordinator"), cast.spring.load()) == 0
    assert kinds("round.reopened") == []


def test_a_draft_is_not_opened_again(cast: Cast) -> None:
    coming = draft(cast)
    with refused("round-under-way"):
        reopen_round(cast.actor("coordinator"), coming.load())


# ---- a draft thrown away ----


def test_a_draft_is_thrown_away_with_its_turns(cast: Cast) -> None:
    coming = draft(cast)
    with writing():
        remove_draft(cast.actor("coordinator"), coming.load())
    with reading():
        assert session.get(Round, coming.id) is None
        assert not locked_stops(coming.id)
    assert kinds("round.removed") == [{}]


def test_what_was_opened_is_not_thrown_away(cast: Cast) -> None:
    """Rule round-draft."""
    coming = draft(cast)
    with writing():
        open_round(cast.actor("coordinator"), coming.load())
    with refused("round-draft"):
        remove_draft(cast.actor("coordinator"), coming.load())


# ---- skipping a turn ----


def test_a_turn_is_skipped_for_a_reason_and_taken_back(cast: Cast) -> None:
    """Rule round-each-unit-once: or skipped with a reason."""
    skip(cast, cast.stop, f" {WHY}")
    assert states_of(cast.spring)[0] is LEFT
    with reading():
        assert cast.stop.load().skipped_because == WHY
    skip(cast, cast.stop, "Toinen syy")
    assert kinds("stop.skipped") == [{"round_id": cast.spring.id, "unit_id": cast.unit.id}]
    for _ in range(2):
        with writing():
            take_back_stop(cast.actor("coordinator"), cast.stop.load())
    assert states_of(cast.spring)[0] is FIRST
    assert kinds("stop.taken_back") == [{"round_id": cast.spring.id, "unit_id": cast.unit.id}]


def test_skipping_needs_a_reason(cast: Cast) -> None:
    with refused("stop-reason", field="reason"):
        skip_stop(cast.actor("coordinator"), cast.stop.load(), "")


def test_a_turn_with_a_meeting_to_come_is_not_skipped(cast: Cast) -> None:
    with refused("round-meetings-first"):
        skip_stop(cast.actor("coordinator"), cast.proposed_stop.load(), WHY)


def test_a_turn_that_was_had_is_not_skipped(cast: Cast) -> None:
    with writing():
        held = session.query(Stop).filter_by(meeting_id=cast.held.id).one()
    with refused("round-each-unit-once"):
        skip_stop(cast.actor("coordinator"), session.merge(held), WHY)


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED, RoundState.CANCELLED])
def test_turns_are_skipped_and_taken_back_in_open_rounds(cast: Cast, state: RoundState) -> None:
    with writing():
        cast.spring.load().state = state
    with refused("round-under-way"):
        skip_stop(cast.actor("coordinator"), cast.stop.load(), WHY)
    with refused("round-under-way"):
        take_back_stop(cast.actor("coordinator"), cast.stop.load())


def test_a_unit_out_of_use_does_not_get_its_turn_back(cast: Cast) -> None:
    """Rule unit-retired."""
    skip(cast, cast.stop, WHY)
    with writing():
        cast.unit.load().retired_on = clock.today()
    with refused("unit-retired"):
        take_back_stop(cast.actor("coordinator"), cast.stop.load())


def _skip(cast: Cast, stop: Thing[Stop]) -> str:
    skip_stop(cast.actor("coordinator"), stop.load(), WHY)
    return "skipped"


def test_of_skipping_and_booking_at_one_moment_one_is_refused(app: Flask, cast: Cast) -> None:
    results = at_once(app, [partial(_skip, cast, cast.stop), partial(_book, cast, cast.stop)])
    told = [one.rule.id if isinstance(one, Refused) else one for one in results]
    assert told in (["skipped", "round-each-unit-once"], ["round-meetings-first", "booked"])
    with reading():
        assert cast.stop.load().state is (LEFT if told[0] == "skipped" else BOOKED)


# ---- counted before it is done ----


def test_what_would_change_is_counted(cast: Cast) -> None:
    with reading():
        spring = standing(round_(cast.actor("coordinator"), cast.spring.ref))
        autumn = standing(round_(cast.actor("coordinator"), cast.autumn.ref))
    assert [len(part) for part in (spring.visited, spring.coming, spring.left, spring.ended)] == [0, 2, 1, 0]
    assert [len(part) for part in (autumn.visited, autumn.coming, autumn.left, autumn.ended)] == [1, 0, 2, 0]


def test_seats_of_a_cancelled_round_say_whom_to_ask_first(cast: Cast) -> None:
    call_off(cast, cast.spring)
    with reading():
        seat = session.get_one(Seat, cast.seat.id)
        assert seat.state is SeatState.ACCEPTED
        assert session.get_one(Meeting, seat.meeting_id).state is MeetingState.CANCELLED
