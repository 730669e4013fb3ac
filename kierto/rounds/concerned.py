"""Whom a change of a meeting concerns, in counts: it is said before anybody does it."""

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from kierto.actor import Actor
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.rounds.rules import moved_far
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState

_COMES = (SeatState.ACCEPTED, SeatState.RECONFIRM)
_HOPES = (SeatState.INVITED, SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED)


@dataclass(frozen=True)
class Concerned:
    """How many experts and others have said they come, and how many wait or have yet to answer."""

    experts: int
    workers: int
    waiting: int

    @property
    def coming(self) -> int:
        return self.experts + self.workers


def concerned(meeting: Meeting) -> Concerned:
    """Everybody who has something to do with the meeting."""
    found: dict[tuple[SeatRole, SeatState], int] = {
        (role, state): count
        for role, state, count in session.execute(
            select(Seat.role, Seat.state, func.count())
            .where(Seat.meeting_id == meeting.id)
            .group_by(Seat.role, Seat.state)
        )
    }
    experts = sum(count for (role, state), count in found.items() if state in _COMES and role is SeatRole.EXPERT)
    coming = sum(count for (_role, state), count in found.items() if state in _COMES)
    waiting = sum(count for (_role, state), count in found.items() if state in _HOPES)
    return Concerned(experts, coming - experts, waiting)


def asked_again(actor: Actor, meeting: Meeting, span: Span) -> Concerned:
    """Who would be asked again if the actor moved the meeting there (seat-reconfirm), as `seats.moving` asks them.

    When it is moved far all but the actor, and always whoever is in another meeting then.
    """
    elsewhere, there = aliased(Seat), aliased(Meeting)
    overlaps = (
        exists()
        .where(
            elsewhere.person_id == Seat.person_id,
            elsewhere.state.in_(_COMES),
            elsewhere.meeting_id == there.id,
            there.id != meeting.id,
            there.state != MeetingState.CANCELLED,
            there.starts_at < span.end,
            there.ends_at > span.start,
        )
        .correlate(Seat)
    )
    asks = or_(Seat.person_id != (actor.person_id or 0), overlaps) if moved_far(meeting.span, span) else overlaps
    asked = select(Seat.role, func.count()).where(Seat.meeting_id == meeting.id, Seat.state.in_(_COMES), asks)
    found: dict[SeatRole, int] = dict(session.execute(asked.group_by(Seat.role)).all())
    experts = found.pop(SeatRole.EXPERT, 0)
    return Concerned(experts, sum(found.values()), 0)
