"""Visiting staff: workers of the round's next unit, who carry what was agreed on. Which unit is next, rounds know."""

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import VisitorsInvited
from kierto.meetings.models import Meeting
from kierto.people.models import Member
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState


def invite_visitors(actor: Actor, meeting: Meeting, unit_id: int) -> int:
    """Invite the workers of a unit to visit; returns how many there were to invite. The meeting is locked.

    Whoever has a seat in it already, in whatever state, is left in peace, and so is who works where it is held.
    """
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
    if workers:
        record(actor, meeting, VisitorsInvited(unit_id=unit_id))
    return len(workers)
