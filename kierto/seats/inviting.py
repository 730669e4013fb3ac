"""Who is invited to a meeting that was booked: first the people of a cancelled one, then whom it suits."""

from collections.abc import Sequence

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import ExpertsInvited
from kierto.events.catalogue.seats import SeatNotGiven
from kierto.meetings.models import Meeting
from kierto.people.queries import is_approved_expert
from kierto.seats import queries
from kierto.seats.elsewhere import accepted_spans
from kierto.seats.hats import units_worked, works_at
from kierto.seats.models import Seat
from kierto.seats.offering import offer
from kierto.seats.rules import SeatRole, SeatState
from kierto.seats.standing import stand
from kierto.seats.suiting import who_suits

_CAME = (SeatState.ACCEPTED, SeatState.RECONFIRM)
_GAVE_UP = (SeatState.DECLINED, SeatState.WITHDRAWN)


def invite_experts(actor: Actor, meeting: Meeting) -> int:
    """Invite every expert whom the meeting suits and who has no seat in it yet; returns how many. It is locked.

    An invited person holds nothing: they say that they come, or are interested, or that they cannot come.
    """
    session.flush()
    known = set(session.scalars(select(Seat.person_id).where(Seat.meeting_id == meeting.id)))
    invited = [person.id for person in who_suits(meeting) if person.id not in known]
    session.add_all(invited_seat(meeting, id_, SeatRole.EXPERT) for id_ in invited)
    session.flush()
    if invited:
        record(actor, meeting, ExpertsInvited(count=len(invited)))
    return len(invited)


def invite_former(actor: Actor, meeting: Meeting, former_meeting_ids: Sequence[int]) -> int:
    """Offer seats to those who had one in the cancelled meetings that this one stands for; returns to how many.

    They are asked before anybody else (seat-interest-first), in the order in which they came, as long as there is room
    for their role; the others wait in that order, and are told. Who is no longer an expert there, works elsewhere now,
    or is in another meeting then is not asked; neither is who has answered or waits already. The meeting is locked.
    """
    session.flush()
    known = {seat.person_id: seat for seat in queries.seats_of(meeting)} if former_meeting_ids else {}
    asked = 0
    for former in _former(former_meeting_ids):
        seat = known.get(former.person_id) or invited_seat(meeting, former.person_id, former.role)
        if seat.state is not SeatState.INVITED or not _may_come(former, meeting):
            continue
        seat.role = former.role
        session.add(seat)
        session.flush()
        if queries.attendance(meeting).room_for(seat.role, units_worked([seat.person_id], [meeting])[seat.person_id]):
            offer(actor, seat, meeting)
            asked += 1
        else:
            stand(seat, meeting, SeatState.WAITING)
            seat.waiting_since = clock.now()
            record(actor, seat, SeatNotGiven(meeting_id=meeting.id, role=seat.role.value))
        seat.asked_first = True
    session.flush()
    return asked


def invited_seat(meeting: Meeting, person_id: int, role: SeatRole) -> Seat:
    """A new seat of somebody who was invited, or who comes by themself."""
    return Seat(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        person_id=person_id,
        role=role,
        state=SeatState.INVITED,
        created_at=clock.now(),
    )


def _former(meeting_ids: Sequence[int]) -> Sequence[Seat]:
    """The seats of those who were to come to one of the meetings, the first to come first; facilitators are named anew.

    What somebody said last decides: who gave up a seat in a later one is not among them, who has not answered there is.
    """
    found = session.scalars(
        select(Seat)
        .where(
            Seat.meeting_id.in_(meeting_ids),
            Seat.state.in_((*_CAME, *_GAVE_UP)),
            Seat.role != SeatRole.FACILITATOR,
        )
        .order_by(Seat.created_at, Seat.id)
    ).all()
    first = {seat.person_id: number for number, seat in reversed(list(enumerate(found)))}
    latest = {seat.person_id: seat for seat in found}
    came = [seat for seat in latest.values() if seat.state in _CAME]
    return sorted(came, key=lambda seat: first[seat.person_id])


def _may_come(former: Seat, meeting: Meeting) -> bool:
    if accepted_spans(former.person_id, meeting.span, but=meeting.id):
        return False
    here = works_at(former.person_id, meeting)
    if former.role is SeatRole.EXPERT:
        return not here and is_approved_expert(former.person_id, meeting.organisation_id)
    return here or former.role is SeatRole.VISITING_STAFF
