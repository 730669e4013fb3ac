"""A meeting that two units hold together: what becomes of its seats when the second one joins, or leaves again."""

from collections.abc import Sequence

from sqlalchemy import select

from kierto.actor import Actor
from kierto.database import lock, session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingCoHosted, MeetingHostedAlone
from kierto.meetings.models import Meeting
from kierto.people.models import Member, Person
from kierto.people.queries import works_in
from kierto.seats import queries
from kierto.seats.actions import give_up_all
from kierto.seats.interest import due_people
from kierto.seats.inviting import invite_former
from kierto.seats.leaving import COMING
from kierto.seats.models import Seat
from kierto.seats.offering import offer_freed
from kierto.seats.rules import SeatRole, SeatState
from kierto.seats.standing import settle_mix

_STAYS = (*COMING, *SeatState.holding())


def host_together(actor: Actor, meeting: Meeting, unit_id: int, former_meeting_ids: Sequence[int]) -> None:
    """Let the unit hold the meeting, too. The mix needs a worker of each from now on (meeting-mix).

    Its workers who came as visitors are host staff; who came as an expert and works there gives the seat up
    (seat-no-double-hat). The meeting is locked, and it gets a seat more where the mix would not fit otherwise: that is
    offered to the people of the unit's own meetings that were cancelled, then to who waits (seat-interest-first).
    """
    workers = _workers(meeting, unit_id)
    had_mix = queries.has_mix(meeting)
    meeting.co_unit_id = unit_id
    meeting.seats = max(meeting.seats, meeting.mix_experts + meeting.staff_needed)
    meeting.touch()
    record(actor, meeting, MeetingCoHosted(unit_id=unit_id))
    session.flush()
    for seat in workers:
        if seat.role is SeatRole.VISITING_STAFF:
            seat.role = SeatRole.HOST_STAFF
    invite_former(actor, meeting, former_meeting_ids)
    give_up_all(actor, [(seat, meeting) for seat in workers if seat.role is SeatRole.EXPERT])
    settle_mix(actor, meeting, had_mix=had_mix)
    offer_freed(actor, meeting)
    session.expire(meeting, ["co_unit"])


def host_alone(actor: Actor, meeting: Meeting) -> None:
    """Let only the first of two units hold the meeting; it needs as many of its workers as when it was booked.

    Who works in the other one alone comes as a visitor. Seats that need not be kept any more are offered to those who
    wait. The meeting is locked.
    """
    left = meeting.co_unit_id
    if left is None:
        return
    had_mix = queries.has_mix(meeting)
    for seat in _workers(meeting, left):
        if seat.role is SeatRole.HOST_STAFF and not works_in(seat.person_id, meeting.unit_id):
            seat.role = SeatRole.VISITING_STAFF
    meeting.co_unit_id = None
    meeting.touch()
    record(actor, meeting, MeetingHostedAlone(unit_id=left))
    settle_mix(actor, meeting, had_mix=had_mix)
    offer_freed(actor, meeting)
    session.expire(meeting, ["co_unit"])


def _workers(meeting: Meeting, unit_id: int) -> Sequence[Seat]:
    """The seats of those who work in the unit, whatever they come as; they are locked, and whose turn it is."""
    there = select(Member.person_id).where(Member.unit_id == unit_id)
    own = select(Seat).where(Seat.meeting_id == meeting.id, Seat.state.in_(_STAYS), Seat.person_id.in_(there))
    seats = session.scalars(own.order_by(Seat.id), execution_options={"populate_existing": True}).all()
    lock(Person, {*(seat.person_id for seat in seats), *due_people([meeting])})
    return seats
