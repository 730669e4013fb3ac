"""A meeting is moved: who is asked again whether they can come (seat-reconfirm)."""

from sqlalchemy import Select, select

from kierto.actor import Actor
from kierto.database import lock, session
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatAskedAgain
from kierto.meetings.models import Meeting
from kierto.meetings.rules import Span
from kierto.people.models import Person
from kierto.seats import queries
from kierto.seats.elsewhere import elsewhere
from kierto.seats.inviting import invite_experts
from kierto.seats.models import Seat
from kierto.seats.offering import shorten_offer
from kierto.seats.rules import SeatRole, SeatState, moved_far
from kierto.seats.standing import settle_mix, stand


def move_seats(actor: Actor, meeting: Meeting, before: Span) -> int:
    """Ask those again who have a seat in a meeting that has its new time already; returns how many are asked.

    Those for whom it is far from the time they agreed to are asked: on another day, or over 30 minutes away. Who moved
    it knows of it and is not asked, unless they are elsewhere then; whoever it overlaps with another seat is asked
    always. Until they answer their seat is held, outside the mix. An offer ends no later than the new time lets; whom
    it suits only now is invited. The meeting, which began at `before`, is locked.
    """
    session.flush()
    people = lock(Person, session.scalars(_who_comes(meeting)))
    away = elsewhere(meeting, [person.id for person in people])
    had_mix, asked, lost_expert = queries.has_mix(meeting), 0, False
    for seat in queries.seats_of(meeting, *SeatState.holding()):
        if seat.state is SeatState.OFFERED:
            shorten_offer(seat, meeting)
        elif seat.person_id in away or (
            seat.person_id != actor.person_id and moved_far(seat.agreed_starts_at or before.start, meeting.starts_at)
        ):
            lost_expert |= seat.role is SeatRole.EXPERT and seat.state is SeatState.ACCEPTED
            stand(seat, meeting, SeatState.RECONFIRM)
            record(actor, seat, SeatAskedAgain(meeting_id=meeting.id))
            asked += 1
        elif seat.person_id == actor.person_id:
            seat.agreed_starts_at = meeting.starts_at
    settle_mix(actor, meeting, had_mix=had_mix, lost_expert=lost_expert)
    if moved_far(before.start, meeting.starts_at):
        invite_experts(actor, meeting)
    return asked


def _who_comes(meeting: Meeting) -> Select[int]:
    return select(Seat.person_id).where(Seat.meeting_id == meeting.id, Seat.state.in_(SeatState.holding()))
