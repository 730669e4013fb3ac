"""Experts who take a break or leave: their coming seats are given up, offers pass on, what is to be paid is paid."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, savepoint, session
from kierto.events.actions import record
from kierto.events.catalogue.experts import ExpertLeft, ExpertPaused
from kierto.experts.consents import withdraw_all
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, Person
from kierto.people.rules import Move, check_not_own, moved
from kierto.seats.actions import give_up_all
from kierto.seats.interest import due_people
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState

COMING = (SeatState.INVITED, SeatState.INTERESTED, SeatState.WAITING, *SeatState.holding())
"""What a person still has to do with a meeting that is not over."""


class _OneMore(Exception):
    """While the locks were waited for, the person took a seat in a meeting that is not locked."""


class Held(NamedTuple):
    """Persons and the meetings of their coming seats, locked; the seats as they are now, by meeting and id."""

    persons: Sequence[Person]
    meetings: dict[int, Meeting]
    seats: Sequence[Seat]


def hold(person_ids: Collection[int]) -> Held:
    """Lock the persons and every open meeting in which they have a coming seat, in the order of locks.

    With them those are locked whose turn it is to get a seat there (seat-interest-first), since what is freed is passed
    on. The meetings go first, so that they are known only when the persons can get no more seats: when one was taken
    meanwhile, the locks are given back and taken anew.
    """
    known: set[int] = set()
    while True:
        known |= {seat.meeting_id for seat in _coming_seats(person_ids)}
        try:
            with savepoint():
                meetings = {meeting.id: meeting for meeting in lock(Meeting, known)}
                persons = lock(Person, {*person_ids, *due_people(meetings.values())})
                seats = _coming_seats(person_ids)
                if not {seat.meeting_id for seat in seats} <= known:
                    raise _OneMore
        except _OneMore:
            continue
        return Held([person for person in persons if person.id in person_ids], meetings, seats)


def pause(actor: Actor, expert: Expert) -> None:
    """Let the expert take a break: their coming seats as an expert in the organisation are given up.

    Raises:
        Refused: seat-no-double-hat, expert-moves.
    """
    check_not_own(actor.person_id, expert.person_id)
    held = hold([expert.person_id])
    _move(expert, Move.PAUSE)
    record(actor, expert, ExpertPaused())
    _give_up_all(actor, held, expert)


def leave(actor: Actor, expert: Expert) -> None:
    """Let the expert leave the register: by their own press, or because they asked the coordinator.

    Coming seats as an expert are given up, and what was told of health is deleted; what was agreed and what is to be
    paid stays.

    Raises:
        Refused: expert-moves.
    """
    held = hold([expert.person_id])
    _move(expert, Move.LEAVE)
    record(actor, expert, ExpertLeft())
    withdraw_all(actor, expert)
    _give_up_all(actor, held, expert)


def coming_seats_of(expert: Expert) -> Sequence[Seat]:
    """The seats that a break or leaving would give up, with their meetings' place and theme; invitations are none."""
    place = joinedload(Seat.meeting)
    seats = _coming_seats([expert.person_id], place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
    return [seat for seat in _as_expert(seats, expert) if seat.state is not SeatState.INVITED]


def _move(expert: Expert, move: Move) -> None:
    session.refresh(expert)
    expert.state, expert.decided_at = moved(expert.state, move), clock.now()


def _give_up_all(actor: Actor, held: Held, expert: Expert) -> None:
    give_up_all(actor, [(seat, held.meetings[seat.meeting_id]) for seat in _as_expert(held.seats, expert)])


def _as_expert(seats: Iterable[Seat], expert: Expert) -> Sequence[Seat]:
    return [seat for seat in seats if seat.organisation_id == expert.organisation_id and seat.role is SeatRole.EXPERT]


def _coming_seats(person_ids: Collection[int], *loaded: ExecutableOption) -> Sequence[Seat]:
    return session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id.in_(person_ids),
            Seat.state.in_(COMING),
            Meeting.starts_at > clock.now(),
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
        )
        .options(*loaded)
        .order_by(Seat.meeting_id, Seat.id),
        execution_options={"populate_existing": True},
    ).all()
