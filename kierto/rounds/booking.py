"""Booking a unit's turn, moving its meeting, giving it up."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingBooked, MeetingMoved
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.meetings.rules import Span
from kierto.people.queries import works_in
from kierto.rounds.models import FormerMeeting, Round, RoundState, Stop, StopState
from kierto.rounds.rules import (
    BOOKED_AHEAD,
    INTEREST_ENDS_BEFORE,
    ROUND_EACH_UNIT_ONCE,
    ROUND_OPEN,
    interest_ends,
)
from kierto.rounds.timing import check_day, span_of, timing
from kierto.seats.actions import take_seat
from kierto.seats.inviting import invite_experts, invite_former
from kierto.seats.moving import move_seats
from kierto.seats.rules import SeatRole
from kierto.units.models import Unit
from kierto.words import N_


def book_stop(actor: Actor, stop: Stop, on: date, at: time, *, override: bool = False) -> Meeting:
    """Book the meeting of a unit's turn, at a wall-clock time in Helsinki.

    Who works in the unit and books gets a host staff seat. The meeting is proposed until its mix is met. The people of
    the cancelled meetings that this one stands for are asked first, then the experts whom it suits are invited
    (seat-interest-first). `override`: who books says that the unit hosts then (meeting-unit-free).

    Raises:
        Refused: round-open, round-each-unit-once, round-within, booked-ahead, round-gap, meeting-unit-free,
            person-one-place (the booker is elsewhere at that time).
    """
    round_ = locked_round(stop)
    unit = lock_one(Unit, stop.unit_id)
    if stop.state is not StopState.WAITING:
        raise Refused(ROUND_EACH_UNIT_ONCE)
    span = judged(stop, [unit], on, at, override=override)
    meeting = _new_meeting(round_, unit, span)
    session.flush()
    former = give_meeting(stop, meeting)
    record(actor, meeting, MeetingBooked(unit_id=unit.id, starts_at=span.start, booked_by=actor.person_id))
    if actor.person_id is not None and works_in(actor.person_id, unit.id):
        take_seat(actor, meeting, actor.person_id, SeatRole.HOST_STAFF)
    invite_former(actor, meeting, former)
    invite_experts(actor, meeting)
    return meeting


def give_meeting(stop: Stop, meeting: Meeting) -> Sequence[int]:
    """Let a turn that waits have the meeting; returns the ids of those that it had and that were cancelled, in order.

    Whoever came to one of them is asked first (seat-interest-first). The round is locked.
    """
    if stop.meeting_id is not None:
        session.add(FormerMeeting(organisation_id=stop.organisation_id, stop_id=stop.id, meeting_id=stop.meeting_id))
    stop.meeting_id = meeting.id
    session.flush()
    session.expire(stop, ["meeting"])
    had = select(FormerMeeting.meeting_id).where(FormerMeeting.stop_id == stop.id)
    return session.scalars(had.order_by(FormerMeeting.id)).all()


def move_stop(actor: Actor, stop: Stop, on: date, at: time, *, override: bool = False) -> Meeting:
    """Move the meeting of a unit's turn. It keeps its length and its people, who are asked again when it is moved far.

    Moving it to where it is changes nothing. `override` as in `book_stop`.

    Raises:
        Refused: round-open, booked-ahead when it has begun or there is none, round-within, round-gap,
            meeting-unit-free.
    """
    locked_round(stop)
    hosts = lock_hosts([stop])
    meeting = coming_meeting(stop)
    before = meeting.span
    span = judged(stop, hosts, on, at, override=override)
    if span == before:
        return meeting
    shift(meeting, span)
    tell_of_move(actor, meeting, before)
    return meeting


def give_up_stop(actor: Actor, stop: Stop, reason: str) -> None:
    """Cancel the meeting of a unit's turn; the turn waits again, and the other's too when two units meet together.

    Raises:
        Refused: meeting-reason without a reason; booked-ahead when the meeting has begun or there is none.
    """
    lock_one(Round, stop.round_id)
    read_anew(stop)
    lock_hosts([stop])
    cancel_meeting(actor, coming_meeting(stop), reason)
    session.expire(stop, ["meeting"])


def judged(stop: Stop, hosts: Sequence[Unit], on: date, at: time, *, override: bool) -> Span:
    """When the turn's meeting is if it begins then: judged as booking it, or moving it where it is booked, would be.

    To book, the locks of the round and of the units guard it; without them it says what would be refused now.

    Raises:
        Refused: round-within, booked-ahead, round-gap, meeting-unit-free.
    """
    round_, moving = stop.round, stop.meeting if stop.state is StopState.BOOKED else None
    check_day(round_, on)  # also before an instant is made of a day far away
    span = span_of(on, at, moving.ends_at - moving.starts_at if moving else timedelta(minutes=round_.minutes))
    timing(round_, hosts, span, but=[moving.id] if moving else []).check(on, span, override=override)
    return span


def hosts_of(stop: Stop) -> list[Unit]:
    """The units that hold the turn's meeting, or would: the host before its co-host."""
    meeting = stop.meeting if stop.state is StopState.BOOKED else None
    if meeting is None:
        return [stop.unit]
    return [meeting.unit, meeting.co_unit] if meeting.co_unit is not None else [meeting.unit]


def lock_hosts(stops: Sequence[Stop]) -> list[Unit]:
    """The units that hold the meetings of these turns, locked; each meeting's host stands before its co-host."""
    meetings = [stop.meeting for stop in stops if stop.meeting is not None]
    ids = [id_ for meeting in meetings for id_ in (meeting.unit_id, meeting.co_unit_id) if id_ is not None]
    units = {unit.id: unit for unit in lock(Unit, ids)}
    return [units[id_] for id_ in ids]


def coming_meeting(stop: Stop) -> Meeting:
    """The turn's meeting, locked and still to come; the round is locked.

    Raises:
        Refused: booked-ahead.
    """
    if stop.state is StopState.BOOKED and stop.meeting_id is not None:
        meeting = lock_one(Meeting, stop.meeting_id)
        if meeting.open:
            return meeting
    raise Refused(BOOKED_AHEAD, N_("The unit has no meeting to come that could be changed. Look at the round."))


def shift(meeting: Meeting, span: Span) -> None:
    """Give a locked meeting its new time. Reminders are sent again before the new time."""
    meeting.starts_at, meeting.ends_at = span
    if meeting.interest_until is not None:
        latest = max(clock.now(), span.start - INTEREST_ENDS_BEFORE)
        meeting.interest_until = min(meeting.interest_until, latest)
    meeting.reminded_week_at = meeting.reminded_day_at = None
    meeting.reschedule()
    session.flush()


def tell_of_move(actor: Actor, meeting: Meeting, before: Span) -> None:
    """Ask those again who must be asked (seat-reconfirm), and record the move."""
    asked = move_seats(actor, meeting, before)
    record(actor, meeting, MeetingMoved(before_at=before.start, starts_at=meeting.starts_at, asked_again=asked))


def locked_round(stop: Stop) -> Round:
    """The turn's round, locked and open; the turn and its meeting are read anew.

    Raises:
        Refused: round-open.
    """
    round_ = lock_one(Round, stop.round_id)
    if round_.state is not RoundState.OPEN:
        raise Refused(ROUND_OPEN)
    read_anew(stop)
    return round_


def read_anew(stop: Stop) -> None:
    """Read the turn and its meeting again, once the round is locked."""
    session.refresh(stop)
    if stop.meeting is not None:
        session.refresh(stop.meeting)


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
        interest_until=interest_ends(now, round_.interest_days, span.start),
        created_at=now,
        changed_at=now,
    )
    session.add(meeting)
    return meeting
