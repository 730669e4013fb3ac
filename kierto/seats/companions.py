"""Who comes along with somebody: a number, no names. They need room but no seat."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor, Role
from kierto.database import lock_one, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatCompanionsSet
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.seats.models import Seat
from kierto.seats.rules import MOST_COMPANIONS, SEAT_BEFORE_START, SEAT_COMPANIONS, SeatState
from kierto.words import N_

_LEFT = (SeatState.DECLINED, SeatState.WITHDRAWN, SeatState.ABSENT)


def seat_with_companions(actor: Actor, ref: str) -> Seat:
    """One's own seat, or one of an organisation that the actor coordinates, with person and meeting.

    Raises:
        NotFound: there is none.
    """
    place = joinedload(Seat.meeting)
    mine = Seat.organisation_id.in_(actor.organisations_as(Role.COORDINATOR))
    found = session.scalar(
        select(Seat)
        .where(Seat.ref == ref, or_(Seat.person_id == actor.person_id, mine))
        .options(joinedload(Seat.person), place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
    )
    if found is None:
        raise NotFound
    return found


def set_companions(actor: Actor, seat: Seat, count: int) -> Seat:
    """Say how many people come along. Saying the same again changes nothing.

    Raises:
        Refused: seat-before-start; seat-companions when there are too many, or the seat was given up.
    """
    if not 0 <= count <= MOST_COMPANIONS:
        raise Refused(SEAT_COMPANIONS, field="companions")
    meeting = lock_one(Meeting, seat.meeting_id)
    lock_one(Person, seat.person_id)
    session.refresh(seat)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    if seat.state in _LEFT:
        raise Refused(SEAT_COMPANIONS, N_("Say first that you come. Then say who comes along."))
    if seat.companions == count:
        return seat
    seat.companions = count
    record(actor, seat, SeatCompanionsSet(meeting_id=meeting.id, count=count))
    return seat
