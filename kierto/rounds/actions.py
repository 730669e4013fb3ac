"""Creating and opening rounds; booking a unit's turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingBooked
from kierto.events.catalogue.rounds import RoundCreated, RoundOpened, RoundUnitsChosen
from kierto.meetings import queries as meetings
from kierto.meetings.models import Meeting
from kierto.meetings.rules import Span, check_unit_free
from kierto.people.queries import works_in
from kierto.rounds import queries
from kierto.rounds.models import INTEREST_DAYS, Round, RoundState, Stop, StopState
from kierto.rounds.rules import (
    BOOKED_AHEAD,
    ROUND_DRAFT,
    ROUND_EACH_UNIT_ONCE,
    ROUND_HAS_UNITS,
    ROUND_OPEN,
    ROUND_WITHIN,
    check_gap,
)
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole
from kierto.units.models import Unit
from kierto.units.rules import UNIT_RETIRED
from kierto.words import Localised, day


@dataclass(frozen=True)
class RoundPlan:
    """What a coordinator decides of a round. `minutes` is a meeting's length; `gap_days` lie between two meetings.

    During `interest_days` after a booking experts say that they are interested (seat-interest-first); 0: first come.
    """

    name: Localised
    theme_id: int
    from_on: date
    until_on: date
    minutes: int
    mix_experts: int
    mix_staff: int
    seats: int
    gap_days: int
    public: bool
    interest_days: int = INTEREST_DAYS


def create_round(actor: Actor, organisation_id: int, plan: RoundPlan) -> Round:
    """A new draft of a round.

    Raises:
        Refused: round-ends-later, meeting-mix.
    """
    round_ = Round(organisation_id=organisation_id, created_at=clock.now(), **vars(plan))
    session.add(round_)
    record(actor, round_, RoundCreated())
    return round_


def choose_units(actor: Actor, round_: Round, unit_ids: Sequence[int]) -> None:
    """Make these units, in this order, the stops of a draft.

    Raises:
        Refused: round-draft when the round has been opened; round-each-unit-once; unit-retired.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is not RoundState.DRAFT:
        raise Refused(ROUND_DRAFT)
    if any(unit.retired_on for unit in lock(Unit, unit_ids)):
        raise Refused(UNIT_RETIRED)
    for stop in session.scalars(queries.stops_of(round_)):
        session.delete(stop)
    session.flush()
    for position, unit_id in enumerate(unit_ids, start=1):
        session.add(
            Stop(
                organisation_id=round_.organisation_id,
                round_id=round_.id,
                unit_id=unit_id,
                position=position,
            )
        )
    record(actor, round_, RoundUnitsChosen(count=len(unit_ids)))
    session.flush()
    session.expire(round_, ["stops"])


def open_round(actor: Actor, round_: Round) -> None:
    """Open a draft for booking. Opening an open round changes nothing.

    Raises:
        Refused: round-has-units, round-draft when it is closed or cancelled.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is RoundState.OPEN:
        return
    if round_.state is not RoundState.DRAFT:
        raise Refused(ROUND_DRAFT)
    if len(session.scalars(queries.stops_of(round_)).all()) < 2:
        raise Refused(ROUND_HAS_UNITS)
    round_.state = RoundState.OPEN
    record(actor, round_, RoundOpened())


def book_stop(actor: Actor, stop: Stop, on: date, at: time) -> Meeting:
    """Book the meeting of a unit's turn, at a wall-clock time in Helsinki.

    Who works in the unit and books gets a host staff seat. The meeting is proposed until its mix is met.

    Raises:
        Refused: round-open, round-each-unit-once, round-within, booked-ahead, round-gap, meeting-unit-free,
            person-one-place (the booker is elsewhere at that time).
    """
    round_ = lock_one(Round, stop.round_id)
    unit = lock_one(Unit, stop.unit_id)
    session.refresh(stop)
    if round_.state is not RoundState.OPEN:
        raise Refused(ROUND_OPEN)
    if stop.state is not StopState.WAITING:
        raise Refused(ROUND_EACH_UNIT_ONCE)
    _check_day(round_, stop, on)
    start = clock.instant(on, at)
    if start <= clock.now():
        raise Refused(BOOKED_AHEAD, field="day")
    span = Span(start, start + timedelta(minutes=round_.minutes))
    check_unit_free(span, meetings.hosted_spans(unit.id, span))
    meeting = _new_meeting(round_, unit, span)
    session.flush()
    stop.meeting_id = meeting.id
    record(actor, meeting, MeetingBooked(unit_id=unit.id, starts_at=start, booked_by=actor.person_id))
    if actor.person_id is not None and works_in(actor.person_id, unit.id):
        take_seat(actor, meeting, actor.person_id, SeatRole.HOST_STAFF)
    session.expire(stop, ["meeting"])
    return meeting


def _check_day(round_: Round, stop: Stop, on: date) -> None:
    if on < clock.today():
        raise Refused(BOOKED_AHEAD, field="day")
    if not round_.from_on <= on <= round_.until_on:
        raise Refused(
            ROUND_WITHIN,
            field="day",
            first=day(round_.from_on, today=clock.today()),
            last=day(round_.until_on, today=clock.today()),
        )
    check_gap(on, queries.meeting_days(round_.id, without=stop.id), round_.gap_days)


def _new_meeting(round_: Round, unit: Unit, span: Span) -> Meeting:
    """A proposed meeting with a copy of what it needs of its round."""
    now = clock.now()
    meeting = Meeting(
        organisation_id=round_.organisation_id,
        unit_id=unit.id,
        theme_id=round_.theme_id,
        public=round_.public,
        starts_at=span.start,
        ends_at=span.end,
        mix_experts=round_.mix_experts,
        mix_staff=round_.mix_staff,
        seats=round_.seats,
        created_at=now,
        changed_at=now,
    )
    session.add(meeting)
    return meeting
