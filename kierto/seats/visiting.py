"""Visiting staff: workers of the round's next unit, who carry what was agreed on. Which unit is next, rounds know."""

from sqlalchemy import Select, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import VisitorsInvited
from kierto.meetings.models import Meeting
from kierto.people.models import Member, Person
from kierto.seats.actions import give_up
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.seats.standing import stand


def invite_visitors(actor: Actor, meeting: Meeting, unit_id: int) -> int:
    """Invite the workers of a unit to visit; returns how many there were to invite. The meeting is locked.

    Whoever has a seat in it already, in whatever state, is left in peace, and so is who works where it is held. Who was
    let off without an answer is invited once more.
    """
    again = session.scalars(_visitors(meeting, SeatState.WITHDRAWN, unit_id).where(Seat.answered_at.is_(None))).all()
    for seat in again:
        stand(seat, meeting, SeatState.INVITED)
    seated = select(Seat.person_id).where(Seat.meeting_id == meeting.id)
    here = select(Member.person_id).where(Member.unit_id.in_(meeting.unit_ids))
    workers = session.scalars(
        select(Member.person_id)
        .where(Member.unit_id == unit_id, Member.person_id.not_in(seated), Member.person_id.not_in(here))
        .distinct()
        .order_by(Member.person_id)
    ).all()
    session.add_all(
        Seat(
            organisation_id=meeting.organisation_id,
            meeting_id=meeting.id,
            person_id=person_id,
            role=SeatRole.VISITING_STAFF,
            state=SeatState.INVITED,
            created_at=clock.now(),
        )
        for person_id in workers
    )
    if workers or again:
        record(actor, meeting, VisitorsInvited(unit_id=unit_id))
    return len(workers) + len(again)


def let_off_visitors(actor: Actor, meeting: Meeting, unit_id: int, *, but: int | None) -> None:
    """Take the invitations back that workers of a unit have not answered; not of who works in the unit `but`, too.

    Who has said that they come keeps the seat. The meeting is locked.
    """
    seats = session.scalars(_visitors(meeting, SeatState.INVITED, unit_id)).all()
    stay = set(session.scalars(select(Member.person_id).where(Member.unit_id == but)))
    lock(Person, [seat.person_id for seat in seats])
    for seat in seats:
        if seat.person_id not in stay:
            give_up(actor, seat, meeting)


def _visitors(meeting: Meeting, state: SeatState, unit_id: int) -> Select[Seat]:
    """The visiting seats of the unit's workers that are in the state."""
    there = select(Member.person_id).where(Member.unit_id == unit_id)
    return (
        select(Seat)
        .where(
            Seat.meeting_id == meeting.id,
            Seat.role == SeatRole.VISITING_STAFF,
            Seat.state == state,
            Seat.person_id.in_(there),
        )
        .order_by(Seat.id)
    )
