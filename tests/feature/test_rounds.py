"""Creating, opening and booking rounds, as actions do it."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kierto import clock
from kierto.actor import Role
from kierto.database import lock_one, session, writing
from kierto.errors import Refused
from kierto.events.queries import history
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.actions import give_role
from kierto.rounds import queries
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, FREE_ON, HELD_ON, NOW, PROPOSED_ON, Cast, Thing, plan
from tests.refusals import refused
from tests.together import at_once

AT = time(13)


def book(cast: Cast, stop: Thing[Stop], on: date, at: time = AT, name: str = "coordinator") -> Thing[Meeting]:
    with writing():
        return Thing(book_stop(cast.actor(name), stop.load(), on, at))


def draft(cast: Cast, units: list[int] | None = None) -> Thing[Round]:
    """A round that is still being prepared."""
    with writing():
        summer = plan("Kesän kierros", date(2027, 5, 3), date(2027, 8, 31))
        round_ = create_round(cast.actor("coordinator"), cast.organisation.id, summer)
        if units is not None:
            choose_units(cast.actor("coordinator"), round_, units)
        return Thing(round_)


def units_of(round_: Thing[Round]) -> list[int]:
    with writing():
        return [stop.unit_id for stop in session.scalars(queries.stops_of(round_.load()))]


def test_a_round_is_prepared_opened_and_booked(cast: Cast) -> None:
    round_ = draft(cast, [cast.third_unit.id, cast.unit.id])
    assert units_of(round_) == [cast.third_unit.id, cast.unit.id]
    with writing():
        open_round(cast.actor("coordinator"), round_.load())
        open_round(cast.actor("coordinator"), round_.load())
        assert round_.load().state is RoundState.OPEN
        stop = Thing(session.scalars(queries.stops_of(round_.load())).all()[1])
    meeting = book(cast, stop, date(2027, 5, 11), name="host")
    with writing():
        found, copied = meeting.load(), round_.load()
        assert found.state is MeetingState.PROPOSED
        assert (found.unit_id, found.theme_id, found.public) == (cast.unit.id, copied.theme_id, copied.public)
        assert (found.mix_experts, found.mix_staff, found.seats) == (1, 1, 4)
        assert found.starts_at == clock.instant(date(2027, 5, 11), AT)
        assert found.ends_at - found.starts_at == timedelta(minutes=120)
        assert stop.load().state is StopState.BOOKED


def test_a_host_who_books_has_a_seat(cast: Cast) -> None:
    meeting = book(cast, cast.stop, FREE_ON, name="host")
    with writing():
        seat = session.scalars(select(Seat).where(Seat.meeting_id == meeting.id, Seat.role != SeatRole.EXPERT)).one()
        assert (seat.person_id, seat.role, seat.state) == (cast.id("host"), SeatRole.HOST_STAFF, SeatState.ACCEPTED)
        assert meeting.load().seats_taken == 1


def test_a_coordinator_who_books_has_none(cast: Cast) -> None:
    meeting = book(cast, cast.stop, FREE_ON)
    with writing():
        seats = session.scalars(select(Seat).where(Seat.meeting_id == meeting.id)).all()
        assert {seat.state for seat in seats} == {SeatState.INVITED}
        assert meeting.load().seats_taken == 0


def test_the_time_is_helsinkis_in_winter_and_summer(cast: Cast) -> None:
    winter, summer = book(cast, cast.stop, FREE_ON), book(cast, cast.autumn_stop, date(2027, 3, 30))
    with writing():
        assert winter.load().starts_at.hour == 11
        assert summer.load().starts_at.hour == 10


@pytest.mark.parametrize("away", [-6, -1, 0, 1, 6])
def test_meetings_of_a_round_keep_their_distance(cast: Cast, away: int) -> None:
    """Rule round-gap: a week, before and after each of the round's other meetings."""
    with writing():
        round_ = cast.spring.load()
        round_.gap_days = 7
    on = CONFIRMED_ON + timedelta(days=away)
    if on.weekday() >= 5:
        on += timedelta(days=1 if away > 0 else -1)
    with refused("round-gap", field="day"):
        book_stop(cast.actor("host"), cast.stop.load(), on, AT)


def test_exactly_the_gap_is_far_enough(cast: Cast) -> None:
    book(cast, cast.stop, PROPOSED_ON + timedelta(days=7))


def test_other_rounds_and_cancelled_meetings_do_not_count(cast: Cast) -> None:
    book(cast, cast.autumn_stop, FREE_ON)
    with writing():
        meeting = cast.proposed.load()  # cancelling comes with its page
        meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    book(cast, cast.stop, PROPOSED_ON)


@pytest.mark.parametrize("on", [date(2027, 6, 14), date(2028, 2, 15)])
def test_a_meeting_is_within_its_round(cast: Cast, on: date) -> None:
    """Rule round-within."""
    with refused("round-within", field="day"):
        book_stop(cast.actor("host"), cast.stop.load(), on, AT)


def test_the_refusal_says_the_first_and_last_day(cast: Cast) -> None:
    with pytest.raises(Refused) as fault, writing():
        book_stop(cast.actor("host"), cast.stop.load(), date(2027, 6, 14), AT)
    assert fault.value.values == {"first": "ma 11.1.", "last": "pe 11.6."}


def test_the_first_and_the_last_day_are_within(cast: Cast) -> None:
    with clock.at(clock.instant(date(2027, 1, 11), time(7))):
        book(cast, cast.stop, date(2027, 1, 11))
    with writing():
        Thing(session.get_one(Stop, cast.stop.id)).load().meeting_id = None
    book(cast, cast.stop, date(2027, 6, 11))


@pytest.mark.parametrize("on", [date(2027, 1, 12), date(2027, 1, 11)])
def test_what_has_passed_cannot_be_booked(cast: Cast, on: date) -> None:
    """Rule booked-ahead: it is ten o'clock on 12 January."""
    with refused("booked-ahead", field="day"):
        book_stop(cast.actor("host"), cast.stop.load(), on, time(9, 59))


@pytest.mark.parametrize("on", [date(2027, 3, 26), date(2027, 3, 25), date(2027, 2, 20), date(2027, 2, 21)])
def test_units_are_closed_on_holidays_their_eves_and_weekends(cast: Cast, on: date) -> None:
    """Rule meeting-unit-free."""
    with refused("meeting-unit-free", field="override"):
        book_stop(cast.actor("host"), cast.stop.load(), on, AT)


@pytest.mark.parametrize("at", [time(11, 1), time(13), time(14, 59)])
def test_a_unit_hosts_one_meeting_at_a_time(cast: Cast, at: time) -> None:
    """Rule meeting-unit-free, over all rounds: the second unit's spring meeting lasts from 13 to 15."""
    with refused("meeting-unit-free", field="time"):
        book_stop(cast.actor("other_host"), cast.autumn_stop.load(), PROPOSED_ON, at)


@pytest.mark.parametrize("at", [time(11), time(15)])
def test_meetings_of_a_unit_may_touch(cast: Cast, at: time) -> None:
    book(cast, cast.autumn_stop, PROPOSED_ON, at)


def test_a_cancelled_meeting_frees_unit_and_stop(cast: Cast) -> None:
    with writing():
        meeting = cast.proposed.load()  # cancelling comes with its page
        meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    with writing():
        assert cast.proposed_stop.load().state is StopState.WAITING
    again = book(cast, cast.proposed_stop, PROPOSED_ON)
    assert again.id != cast.proposed.id
    with writing():
        assert again.load().uid != cast.proposed.load().uid


@pytest.mark.parametrize("stop", ["proposed_stop", "confirmed_stop"])
def test_each_unit_is_visited_once(cast: Cast, stop: str) -> None:
    """Rule round-each-unit-once."""
    with refused("round-each-unit-once"):
        book_stop(cast.actor("coordinator"), cast.things()[stop].load(), FREE_ON, AT)


def test_a_unit_is_in_a_round_once(cast: Cast) -> None:
    round_ = draft(cast)
    with refused("round-each-unit-once"):
        choose_units(cast.actor("coordinator"), round_.load(), [cast.unit.id, cast.other_unit.id, cast.unit.id])
    assert units_of(round_) == []


def test_units_can_be_chosen_again_until_the_round_opens(cast: Cast) -> None:
    """Rule round-draft."""
    round_ = draft(cast, [cast.unit.id, cast.other_unit.id])
    with writing():
        choose_units(cast.actor("coordinator"), round_.load(), [cast.other_unit.id, cast.third_unit.id])
    assert units_of(round_) == [cast.other_unit.id, cast.third_unit.id]
    with writing():
        open_round(cast.actor("coordinator"), round_.load())
    with refused("round-draft"):
        choose_units(cast.actor("coordinator"), round_.load(), [cast.unit.id, cast.other_unit.id])
    assert units_of(round_) == [cast.other_unit.id, cast.third_unit.id]


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CANCELLED])
def test_a_round_that_is_over_is_not_opened_by_mistake(cast: Cast, state: RoundState) -> None:
    with writing():
        cast.spring.load().state = state  # closing comes with its page
    with refused("round-draft"):
        open_round(cast.actor("coordinator"), cast.spring.load())


@pytest.mark.parametrize("count", [0, 1])
def test_a_round_needs_two_units(cast: Cast, count: int) -> None:
    """Rule round-has-units."""
    round_ = draft(cast, [cast.unit.id][:count])
    with refused("round-has-units"):
        open_round(cast.actor("coordinator"), round_.load())


def test_only_an_open_round_is_booked(cast: Cast) -> None:
    """Rule round-open."""
    round_ = draft(cast, [cast.unit.id, cast.other_unit.id])
    with writing():
        stop = Thing(session.scalars(queries.stops_of(round_.load())).all()[0])
    with refused("round-open"):
        book_stop(cast.actor("host"), stop.load(), date(2027, 5, 11), AT)


def test_a_round_ends_after_it_begins(cast: Cast) -> None:
    """Rule round-ends-later."""
    with refused("round-ends-later"):
        one_day = plan("Päivä", date(2027, 5, 3), date(2027, 5, 3))
        create_round(cast.actor("coordinator"), cast.organisation.id, one_day)


def test_a_round_has_seats_for_its_mix(cast: Cast) -> None:
    """Rule meeting-mix."""
    with refused("meeting-mix"):
        small = plan("Pieni", date(2027, 5, 3), date(2027, 8, 31), mix_experts=3, mix_staff=2)
        create_round(cast.actor("coordinator"), cast.organisation.id, small)


def test_a_unit_of_another_organisation_cannot_be_chosen(cast: Cast) -> None:
    round_ = draft(cast)
    with pytest.raises(IntegrityError), writing():
        choose_units(cast.actor("coordinator"), round_.load(), [cast.unit.id, cast.foreign_unit.id])
    assert units_of(round_) == []


def test_the_booker_is_in_one_place(cast: Cast) -> None:
    """Rule person-one-place: a host who sits elsewhere at that time does not book it, and nothing is booked."""
    with writing():
        host = cast.people["other_host"].load()
        give_role(cast.actor("coordinator"), host, cast.organisation.id, Role.HOST_CONTACT, cast.unit.id)
        cast.spring.load().gap_days = 0
    with refused("person-one-place"):
        book_stop(cast.actor("other_host"), cast.stop.load(), PROPOSED_ON, AT)
    with writing():
        assert cast.stop.load().meeting_id is None


def test_a_round_runs_when_a_meeting_is_confirmed(cast: Cast) -> None:
    with writing():
        assert queries.runs(queries.round_(cast.actor("host"), cast.spring.ref))
        foreign = queries.round_(cast.actor("neighbour"), cast.foreign_round.ref)
        assert not queries.runs(foreign)


def test_states_of_stops_are_computed(cast: Cast) -> None:
    with writing():
        autumn = queries.round_(cast.actor("host"), cast.autumn.ref)
        assert [stop.state for stop in autumn.stops] == [StopState.VISITED, StopState.WAITING, StopState.WAITING]
        assert autumn.stops[0].meeting is not None
        assert clock.local(autumn.stops[0].meeting.starts_at).date() == HELD_ON
        autumn.stops[1].skipped_because = "Yksikkö muuttaa"
        assert autumn.stops[1].state is StopState.SKIPPED
        session.rollback()


def _book(cast: Cast, stop: Thing[Stop], on: date) -> int:
    return book_stop(cast.actor("coordinator"), stop.load(), on, AT).id


def test_two_who_book_one_turn_at_one_moment_make_one_meeting(app: Flask, cast: Cast) -> None:
    """Rule round-each-unit-once: the round's lock decides, the other is refused."""
    days = [FREE_ON, FREE_ON + timedelta(days=7)]
    results = at_once(app, [partial(_book, cast, cast.stop, on) for on in days for _ in range(2)])
    refusals = [one for one in results if isinstance(one, Refused)]
    assert [one.rule.id for one in refusals] == ["round-each-unit-once"] * 3
    with writing():
        made = session.scalars(select(Meeting).where(Meeting.unit_id == cast.unit.id, Meeting.id > cast.confirmed.id))
        assert len([one for one in made if one.starts_at > clock.now()]) == 1


def test_two_turns_booked_at_one_moment_keep_the_gap(app: Flask, cast: Cast) -> None:
    """Rule round-gap is guarded by the round's lock."""
    round_ = draft(cast, [cast.unit.id, cast.other_unit.id, cast.third_unit.id])
    with writing():
        open_round(cast.actor("coordinator"), round_.load())
        stops = [Thing(stop) for stop in session.scalars(queries.stops_of(round_.load()))]
    on = date(2027, 5, 11)
    results = at_once(app, [partial(_book, cast, stop, on) for stop in stops])
    assert sorted(one.rule.id if isinstance(one, Refused) else "booked" for one in results) == [
        "booked",
        "round-gap",
        "round-gap",
    ]


def test_a_unit_booked_in_two_rounds_at_one_moment_hosts_one(app: Flask, cast: Cast) -> None:
    """Rule meeting-unit-free is guarded by the unit's lock, across rounds."""
    with writing():
        autumn = Thing(session.scalars(queries.stops_of(cast.autumn.load())).all()[2])
        session.scalars(select(Stop).where(Stop.id == cast.confirmed_stop.id)).one().meeting_id = None
    stops = [autumn, cast.confirmed_stop]
    results = at_once(app, [partial(_book, cast, stop, FREE_ON) for stop in stops])
    assert sorted(one.rule.id if isinstance(one, Refused) else "booked" for one in results) == [
        "booked",
        "meeting-unit-free",
    ]


def test_a_row_is_read_anew_when_it_is_locked(app: Flask, cast: Cast) -> None:
    """A stale object would let a rule decide on what was true before the lock."""
    with writing():
        stale = session.get_one(Round, cast.spring.id)
        assert stale.gap_days == 7
    at_once(app, [lambda: setattr(session.get_one(Round, cast.spring.id), "gap_days", 9)])
    with writing():
        assert stale.gap_days == 7
        assert lock_one(Round, cast.spring.id).gap_days == 9


def test_now_is_what_the_tests_say() -> None:
    assert datetime(2027, 1, 12, 8, 0, tzinfo=UTC) == NOW


def test_a_meeting_whose_time_comes_without_its_mix_frees_its_stop(cast: Cast) -> None:
    """Rule meeting-mix: the proposed meeting is cancelled, the stop waits and is booked anew (round-each-unit-once)."""
    start = clock.instant(PROPOSED_ON, AT)
    with clock.at(start), writing():
        assert cast.proposed_stop.load().state is StopState.WAITING, "at once, and not only when the worker has looked"
    with clock.at(start + timedelta(minutes=1)):
        run_out()
        run_out()
        with writing():
            meeting, stop = cast.proposed.load(), cast.proposed_stop.load()
            assert meeting.state is MeetingState.CANCELLED
            assert meeting.lapsed
            assert stop.state is StopState.WAITING
        again = book(cast, cast.proposed_stop, PROPOSED_ON + timedelta(days=1))
    with writing():
        assert again.id != cast.proposed.id
        assert kinds_of(cast.proposed).count("meeting.lapsed") == 1


def test_a_confirmed_meeting_does_not_lapse(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, AT)):
        run_out()
    with writing():
        assert cast.confirmed.load().state is MeetingState.CONFIRMED


@pytest.mark.parametrize(("on", "rule"), [(date.min, "booked-ahead"), (date.max, "round-within")])
def test_a_day_far_away_is_refused_like_any_other(cast: Cast, on: date, rule: str) -> None:
    with refused(rule):
        book_stop(cast.actor("host"), cast.stop.load(), on, AT)


def kinds_of(meeting: Thing[Meeting]) -> list[str]:
    return [event.kind for event in history(meeting.load())]
