"""Who leads a meeting: named by its host contact or a coordinator from the organisation's people. No seat is held.

Who is an expert is as sensitive as health data (theme-consent): only a coordinator finds experts here, and names them.
"""

from collections.abc import Sequence

from sqlalchemy import Select, exists, or_, select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import lock_one, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.seats import FacilitatorNamed
from kierto.meetings.models import Meeting
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.rules import SEAT_NO_DOUBLE_HAT
from kierto.seats import queries
from kierto.seats.actions import give_up
from kierto.seats.elsewhere import check_in_one_place
from kierto.seats.models import Seat
from kierto.seats.rules import SEAT_BEFORE_START, Answered, SeatRole, SeatState
from kierto.seats.standing import stand
from kierto.words import N_, folded

_COMES = (SeatState.WAITING, SeatState.INTERESTED, *SeatState.holding())


def facilitators(meeting: Meeting) -> Sequence[Seat]:
    """Who has been named to lead the meeting, with persons."""
    found = queries.seats_of(meeting, *SeatState.holding())
    return [seat for seat in found if seat.role is SeatRole.FACILITATOR]


def candidates(actor: Actor, meeting: Meeting, words: str, limit: int) -> Sequence[Person]:
    """Those of the organisation's people whom the actor can name and whose name has the words in it, by name."""
    coming = select(Seat.person_id).where(Seat.meeting_id == meeting.id, Seat.state.in_(_COMES))
    statement = _people(actor, meeting.organisation_id).where(Person.id.not_in(coming))
    for word in folded(words).split():
        statement = statement.where(Person.folded.contains(word, autoescape=True))
    return session.scalars(statement.order_by(Person.folded, Person.id).limit(limit)).all()


def candidate(actor: Actor, meeting: Meeting, ref: str) -> Person:
    """One of the organisation's people whom the actor can name.

    Raises:
        NotFound: there is none of the reference.
    """
    found = session.scalar(_people(actor, meeting.organisation_id).where(Person.ref == ref))
    if found is None:
        raise NotFound
    return found


def name_facilitator(actor: Actor, meeting: Meeting, person_id: int) -> Seat:
    """Name somebody of the organisation to lead the meeting; they are told. Naming them again changes nothing.

    Raises:
        Refused: seat-before-start; seat-no-double-hat when they come in another role; person-one-place.
        NotFound: they do not belong to the organisation, as far as the actor may know.
    """
    meeting = lock_one(Meeting, meeting.id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    lock_one(Person, person_id)
    if session.scalar(_people(actor, meeting.organisation_id).where(Person.id == person_id)) is None:
        raise NotFound
    seat = session.scalar(
        select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    if seat is not None and seat.state in _COMES:
        if seat.role is SeatRole.FACILITATOR:
            return seat
        raise Refused(
            SEAT_NO_DOUBLE_HAT,
            N_("That person comes to the meeting already, and one comes in one role only. Choose another person."),
            field="person",
        )
    check_in_one_place(actor, person_id, meeting)
    now = clock.now()
    if seat is None:
        seat = Seat(organisation_id=meeting.organisation_id, meeting_id=meeting.id, person_id=person_id, created_at=now)
        session.add(seat)
    seat.role, seat.companions = SeatRole.FACILITATOR, 0
    seat.answered = Answered.SIGNED_IN if actor.person_id == person_id else Answered.TOLD
    seat.answered_by, seat.answered_at = actor.person_id, now
    stand(seat, meeting, SeatState.ACCEPTED)
    record(actor, seat, FacilitatorNamed(meeting_id=meeting.id))
    return seat


def remove_facilitator(actor: Actor, seat: Seat) -> None:
    """Take the naming back. Whoever does not lead the meeting (any more) stays as they are.

    Raises:
        Refused: seat-before-start.
    """
    meeting = lock_one(Meeting, seat.meeting_id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    lock_one(Person, seat.person_id)
    session.refresh(seat)
    if seat.role is SeatRole.FACILITATOR and seat.state in SeatState.holding():
        give_up(actor, seat, meeting)


def facilitator(meeting: Meeting, ref: str) -> Seat:
    """The seat of somebody who was named, by their reference, whether they still lead the meeting or not.

    Raises:
        NotFound: they have not been named.
    """
    found = session.scalar(
        select(Seat)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.meeting_id == meeting.id, Person.ref == ref, Seat.role == SeatRole.FACILITATOR)
    )
    if found is None:
        raise NotFound
    return found


def _people(actor: Actor, organisation_id: int) -> Select[Person]:
    """The organisation's people: whoever has a role in it; for its coordinators its approved experts, too."""
    found = exists().where(Member.person_id == Person.id, Member.organisation_id == organisation_id)
    if actor.is_in(organisation_id, Role.COORDINATOR):
        expert = exists().where(
            Expert.person_id == Person.id,
            Expert.organisation_id == organisation_id,
            Expert.state == ExpertState.APPROVED,
        )
        return select(Person).where(or_(found, expert))
    return select(Person).where(found)
