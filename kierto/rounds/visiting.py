"""Who carries the baton: to a round's meeting come workers of the unit that meets next."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.errors import NotFound, Refused
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.queries import works_in
from kierto.rounds.models import Round, RoundState, Stop
from kierto.seats import queries as seats
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import VISITING_NEXT_UNIT, Answered, SeatRole
from kierto.seats.visiting import invite_visitors, let_off_visitors
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
    return session.scalar(
        select(Unit).where(
            Unit.id == select(_next_unit_id()).select_from(Meeting).where(Meeting.id == meeting.id).scalar_subquery()
        )
    )


def _next_unit_id() -> ColumnElement[int]:
    """What `next_unit` says, of the statement's meetings: null when no unit is left."""
    here, other, there, now = aliased(Stop), aliased(Stop), aliased(Meeting), clock.now()
    lapsed = and_(there.state == MeetingState.PROPOSED, there.starts_at <= now)
    others = (
        select(other.unit_id)
        .select_from(here)
        .join(Round, and_(Round.id == here.round_id, Round.state == RoundState.OPEN))
        .join(other, other.round_id == here.round_id)
        .outerjoin(there, there.id == other.meeting_id)
        .where(
            here.meeting_id == Meeting.id,
            func.coalesce(other.meeting_id, 0) != Meeting.id,
            other.skipped_because.is_(None),
            other.round_ended.is_(False),
        )
        .limit(1)
        .correlate(Meeting)
    )
    booked = others.where(there.state != MeetingState.CANCELLED, ~lapsed, there.starts_at > Meeting.starts_at).order_by(
        there.starts_at, other.position, other.id
    )
    # Behind the turn that is here (the last one, of two units that meet together), then from the beginning.
    waiting = others.where(or_(there.id.is_(None), there.state == MeetingState.CANCELLED, lapsed)).order_by(
        here.position.desc(), case((other.position > here.position, 0), else_=1), other.position, other.id
    )
    return func.coalesce(booked.scalar_subquery(), waiting.scalar_subquery())


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
    """Ids of confirmed meetings of open rounds whose next unit is another one than was invited last, soonest first."""
    return session.scalars(
        select(Meeting.id)
        .where(
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.starts_at > clock.now(),
            Meeting.id.in_(
                select(Stop.meeting_id).join(Round, Round.id == Stop.round_id).where(Round.state == RoundState.OPEN)
            ),
            _next_unit_id().is_distinct_from(Meeting.visitors_unit_id),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(100)
    ).all()


def invite_next(meeting_id: int) -> None:
    """Invite the workers of the round's next unit to a confirmed meeting, once.

    When another unit has become the next one, those of the former who have not answered are let off first.
    """
    meeting = lock_one(Meeting, meeting_id)
    if meeting.state is not MeetingState.CONFIRMED or meeting.started:
        return
    unit = next_unit(meeting)
    now, before = unit.id if unit else None, meeting.visitors_unit_id
    if now == before:
        return
    meeting.visitors_unit_id = now
    if before is not None:
        let_off_visitors(SYSTEM, meeting, before, but=now)
    if now is not None:
        invite_visitors(SYSTEM, meeting, now)
