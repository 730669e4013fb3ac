"""Who carries the baton: to a round's meeting come workers of the unit that meets next."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.errors import NotFound, Refused
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.queries import works_in
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.rules import VISITING_NEXT_UNIT, comes_next
from kierto.seats import queries as seats
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatRole
from kierto.seats.visiting import invite_visitors
from kierto.units.models import Unit


class Visit(NamedTuple):
    """A meeting to come, and the unit whose workers visit it."""

    meeting: Meeting
    unit: Unit

    @property
    def unit_id(self) -> int:
        return self.unit.id

    @property
    def organisation_id(self) -> int:
        return self.meeting.organisation_id


def next_unit(meeting: Meeting) -> Unit | None:
    """The unit that meets next in the meeting's open round; None when none is left, or it belongs to no round.

    That is the one whose meeting comes next in time; before it is booked, the one that waits and is next in order.
    """
    stops = session.scalars(
        select(Stop)
        .where(
            Stop.round_id.in_(
                select(Stop.round_id)
                .join(Round, Round.id == Stop.round_id)
                .where(Stop.meeting_id == meeting.id, Round.state == RoundState.OPEN)
            )
        )
        .options(joinedload(Stop.meeting), joinedload(Stop.unit))
        .order_by(Stop.position, Stop.id)
    ).all()
    here = [stop for stop in stops if stop.meeting_id == meeting.id]
    others = [stop for stop in stops if stop.meeting_id != meeting.id]
    booked = [
        (stop.meeting.starts_at, stop)
        for stop in others
        if stop.meeting is not None and stop.state in (StopState.BOOKED, StopState.VISITED)
    ]
    waiting = [(stop.position, stop) for stop in others if stop.state is StopState.WAITING]
    found = comes_next(booked, meeting.starts_at) or (
        comes_next(waiting, here[-1].position, around=True) if here else None
    )
    return found.unit if found else None


def visit_to(actor: Actor, ref: str) -> Visit:
    """A visible meeting to come that the workers of the actor's own unit visit.

    Raises:
        NotFound: there is none.
    """
    meeting = seats.meeting(actor, ref)
    unit = next_unit(meeting) if meeting.open and actor.units else None
    if unit is None or unit.id not in actor.units:
        raise NotFound
    return Visit(meeting, unit)


def visit(actor: Actor, meeting: Meeting, person_id: int, *, how: Answered = Answered.SIGNED_IN) -> Seat:
    """Take a seat as a worker of the round's next unit, or join the waiting list. Pressing twice changes nothing.

    Raises:
        Refused: visiting-next-unit; else as `take_seat`.
    """
    unit = next_unit(meeting)
    if unit is None or not works_in(person_id, unit.id):
        raise Refused(VISITING_NEXT_UNIT)
    return take_seat(actor, meeting, person_id, SeatRole.VISITING_STAFF, how=how)


def to_invite_visitors() -> Sequence[int]:
    """Ids of confirmed meetings of open rounds whose next unit has not been invited yet, soonest first."""
    return session.scalars(
        select(Meeting.id)
        .where(
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.starts_at > clock.now(),
            Meeting.visitors_asked_at.is_(None),
            Meeting.id.in_(
                select(Stop.meeting_id).join(Round, Round.id == Stop.round_id).where(Round.state == RoundState.OPEN)
            ),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(100)
    ).all()


def invite_next(meeting_id: int) -> None:
    """Invite the workers of the round's next unit to a confirmed meeting, once."""
    meeting = lock_one(Meeting, meeting_id)
    if meeting.visitors_asked_at is not None or meeting.state is not MeetingState.CONFIRMED or meeting.started:
        return
    meeting.visitors_asked_at = clock.now()
    unit = next_unit(meeting)
    if unit is not None:
        invite_visitors(SYSTEM, meeting, unit.id)
