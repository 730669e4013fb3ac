"""Whom a change of a meeting concerns, in counts: it is said before anybody does it."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from kierto.actor import Actor
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState, moved_far

_COMES = (SeatState.ACCEPTED, SeatState.RECONFIRM)
_HOPES = (SeatState.INVITED, SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED)


@dataclass(frozen=True)
class Concerned:
    """How many experts and others have said they come, and how many wait or have yet to answer.

    `far`: a new time is far from what some of those who come have agreed to (seat-reconfirm).
    """

    experts: int
    workers: int
    waiting: int
    far: bool = False

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

    All but the actor who agreed to a time far from it, and always whoever is in another meeting then.
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
    coming = select(Seat.role, Seat.person_id, Seat.agreed_starts_at, overlaps)
    experts, others, any_far = 0, 0, False
    for role, person_id, agreed, elsewhere_then in session.execute(
        coming.where(Seat.meeting_id == meeting.id, Seat.state.in_(_COMES))
    ):
        far = moved_far(agreed or meeting.starts_at, span.start)
        any_far |= far
        asked = elsewhere_then or (far and person_id != actor.person_id)
        experts += asked and role is SeatRole.EXPERT
        others += asked and role is not SeatRole.EXPERT
    return Concerned(experts, others, 0, any_far)
