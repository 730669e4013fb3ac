"""Answers that a coordinator got from somebody and records for them, and the calls by which they get them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import lock_one, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatCalled, SeatOffered
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.seats import queries
from kierto.seats.actions import answer_move, answer_offer, decline, take_seat
from kierto.seats.calling import called, called_since
from kierto.seats.models import Seat
from kierto.seats.offering import only_by_phone
from kierto.seats.rules import ANSWER_FOR_ANOTHER, Answered, SeatRole, SeatState
from kierto.words import folded

_LOOKED_THROUGH = 200
"""So many seats are looked into for people whom only a call reaches: whether one does is not in the table."""

_HAVE_ANSWERED = (
    SeatState.ACCEPTED,
    SeatState.RECONFIRM,
    SeatState.OFFERED,
    SeatState.WAITING,
    SeatState.INTERESTED,
)


class Reason(StrEnum):
    """Why somebody is called about a meeting; the most urgent first."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    OFFERED = "offered"
    WISHED = "wished"


class Call(NamedTuple):
    """A call to make about a meeting: whose seat, why, and since when it waits."""

    seat: Seat
    reason: Reason
    since: datetime


class Somebody(NamedTuple):
    """A person without a seat in the meeting, and as what they would come."""

    person: Person
    role: SeatRole


class Newcomer(NamedTuple):
    """Somebody for whom an answer can be recorded in a meeting though they have no seat in it."""

    meeting: Meeting
    somebody: Somebody

    @property
    def organisation_id(self) -> int:
        return self.meeting.organisation_id


def record_answer(actor: Actor, seat: Seat, *, yes: bool, how: Answered, fee_declined: bool = False) -> Seat:
    """Record what somebody answered, and how they did it; the seat says who recorded it (answer-for-another).

    Raises:
        Refused: answer-for-another unless `how` says how the coordinator got the answer; else as the person's own
            answer would be.
    """
    if how not in Answered.for_another():
        raise Refused(ANSWER_FOR_ANOTHER, field="how")
    seat = _answered(actor, seat, yes=yes, how=how, fee_declined=fee_declined)
    if seat.call_wanted_at is not None:  # they said what they had said before
        called(actor, seat)
    return seat


def _answered(actor: Actor, seat: Seat, *, yes: bool, how: Answered, fee_declined: bool) -> Seat:
    if not yes:
        return decline(actor, seat, how=how)
    if seat.state is SeatState.OFFERED:
        return answer_offer(actor, seat, yes=True, how=how, fee_declined=fee_declined)
    if seat.state is SeatState.RECONFIRM:
        return answer_move(actor, seat, yes=True, how=how, fee_declined=fee_declined)
    return take_seat(actor, seat.meeting, seat.person_id, seat.role, how=how, fee_declined=fee_declined)


def record_newcomer(actor: Actor, newcomer: Newcomer, *, how: Answered, fee_declined: bool = False) -> Seat:
    """Record that somebody comes who has not been asked here.

    Raises:
        Refused: as `record_answer`.
    """
    if how not in Answered.for_another():
        raise Refused(ANSWER_FOR_ANOTHER, field="how")
    person, role = newcomer.somebody
    return take_seat(actor, newcomer.meeting, person.id, role, how=how, fee_declined=fee_declined)


def answer_of(actor: Actor, ref: str) -> Seat:
    """A seat in a meeting of an organisation that the actor coordinates, with person and meeting.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(_coordinated(actor).where(Seat.ref == ref))
    if found is None:
        raise NotFound
    return found


def strangers(meeting: Meeting, words: str, limit: int) -> Sequence[Somebody]:
    """Who could come and has no seat: the workers of the unit, then approved experts; those whose name has the words.

    Rule seat-no-double-hat: who works where the meeting is held comes as a worker.
    """
    rows = [
        *(
            (person, SeatRole.HOST_STAFF)
            for person in session.scalars(_named(_workers(meeting), meeting, words, limit))
        ),
        *((person, SeatRole.EXPERT) for person in session.scalars(_named(_experts(meeting), meeting, words, limit))),
    ]
    return [Somebody(person, role) for person, role in rows][:limit]


def newcomer(actor: Actor, ref: str, person: str) -> Newcomer:
    """One of them by reference, also when they have a seat by now, and the meeting, which the actor coordinates.

    Who is an expert is learned by nobody else (theme-consent).

    Raises:
        NotFound: there is no such meeting or person.
    """
    meeting = queries.meeting(actor, ref)
    if not actor.is_in(meeting.organisation_id, Role.COORDINATOR):
        raise NotFound
    for people, role in ((_workers(meeting), SeatRole.HOST_STAFF), (_experts(meeting), SeatRole.EXPERT)):
        found = session.scalar(people.where(Person.ref == person))
        if found is not None:
            return Newcomer(meeting, Somebody(found, role))
    raise NotFound


def calls_to_make(actor: Actor, limit: int) -> Sequence[Call]:
    """Whom a coordinator calls about a meeting: the soonest meeting first.

    Who asked for a call, and whom nothing but a call reaches: when a seat is offered to them, when the meeting was
    moved and they are asked again, and when a meeting that they said they would come to, or were called about, is
    cancelled. Of those who were invited, or only learn of a new time or of how seats were given, there is a list for
    each meeting (`unreached`).
    """
    now = clock.now()
    open_ = Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED))
    cancelled = and_(
        Meeting.state == MeetingState.CANCELLED,
        # Who was called and has not answered thinks about it.
        or_(Seat.state.in_(_HAVE_ANSWERED), and_(Seat.state == SeatState.INVITED, called_since(Seat.created_at))),
        ~called_since(Meeting.cancelled_at),
    )
    waits = or_(Seat.call_wanted_at.is_not(None), Seat.state.in_((SeatState.OFFERED, SeatState.RECONFIRM)))
    found = session.scalars(
        _coordinated(actor)
        .where(
            # Said of the meeting, too, so that its index finds the few that are to come.
            Meeting.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Meeting.starts_at > now,
            or_(and_(open_, waits), cancelled),
        )
        .order_by(Meeting.starts_at, Seat.id)
        .limit(_LOOKED_THROUGH)
    )
    seats = found.all()
    uncalled = _uncalled(seats)
    return [call for seat in seats if (call := _call(seat, uncalled)) is not None][:limit]


def reason_of(seat: Seat) -> Reason | None:
    """Why somebody is to be called about their seat, if they are."""
    call = _call(seat, _uncalled([seat]))
    return call.reason if call else None


def record_call(actor: Actor, seat: Seat) -> None:
    """The person was reached and has not answered (yet): an offer without a clock gets its clock now.

    Of a cancelled meeting they know then.
    """
    if seat.meeting.state is not MeetingState.CANCELLED:
        called(actor, seat)
        return
    lock_one(Meeting, seat.meeting_id)
    session.refresh(seat)
    seat.call_wanted_at = None
    record(actor, seat, SeatCalled(meeting_id=seat.meeting_id))


def _uncalled(seats: Sequence[Seat]) -> Collection[int]:
    """Ids of the offered seats of people whom nothing but a call reaches, and whom nobody has called since the offer.

    One that has a clock all the same was made, or its meeting moved, within the last 24 hours (seat-waiting-order).
    """
    asked = {seat.id for seat in seats if seat.state is SeatState.OFFERED and only_by_phone(seat.person)}
    if not asked:
        return ()
    latest = (
        select(Event.subject_id, func.max(Event.id).label("id"))
        .where(
            Event.organisation_id.in_({seat.organisation_id for seat in seats}),
            Event.subject == Seat.__tablename__,
            Event.subject_id.in_(asked),
            Event.kind.in_((SeatOffered.kind, SeatCalled.kind)),
        )
        .group_by(Event.subject_id)
        .subquery()
    )
    calls = select(Event.subject_id).join(latest, latest.c.id == Event.id).where(Event.kind == SeatCalled.kind)
    return asked.difference(session.scalars(calls))


def _call(seat: Seat, uncalled: Collection[int]) -> Call | None:
    meeting = seat.meeting
    if meeting.state is MeetingState.CANCELLED:
        told = only_by_phone(seat.person)
        return Call(seat, Reason.CANCELLED, meeting.cancelled_at or meeting.changed_at) if told else None
    if seat.state is SeatState.RECONFIRM and only_by_phone(seat.person):
        return Call(seat, Reason.MOVED, meeting.changed_at)
    if seat.state is SeatState.OFFERED and (seat.offered_until is None or seat.id in uncalled):
        return Call(seat, Reason.OFFERED, seat.waiting_since or seat.created_at)
    return Call(seat, Reason.WISHED, seat.call_wanted_at) if seat.call_wanted_at else None


def _coordinated(actor: Actor) -> Select[Seat]:
    return (
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)))
        .options(
            contains_eager(Seat.person),
            joinedload(Seat.recorder),
            contains_eager(Seat.meeting).options(
                joinedload(Meeting.unit), joinedload(Meeting.theme), joinedload(Meeting.organisation)
            ),
        )
    )


def _workers(meeting: Meeting) -> Select[Person]:
    return select(Person).where(
        exists().where(Member.person_id == Person.id, Member.unit_id.in_(meeting.unit_ids)),
    )


def _experts(meeting: Meeting) -> Select[Person]:
    return select(Person).where(
        exists().where(
            Expert.person_id == Person.id,
            Expert.organisation_id == meeting.organisation_id,
            Expert.state == ExpertState.APPROVED,
        ),
        ~exists().where(Member.person_id == Person.id, Member.unit_id.in_(meeting.unit_ids)),
    )


def _named(people: Select[Person], meeting: Meeting, words: str, limit: int) -> Select[Person]:
    """Those of the people who have no seat in the meeting and whose name has the words in it, by name."""
    statement = people.where(~exists().where(Seat.person_id == Person.id, Seat.meeting_id == meeting.id))
    for word in folded(words).split():
        statement = statement.where(Person.folded.contains(word, autoescape=True))
    return statement.order_by(Person.folded, Person.id).limit(limit)


def answers_of(meeting: Meeting) -> Iterable[Seat]:
    """Every seat of the meeting by the person's name, with persons: whose answers can be recorded or looked up."""
    return session.scalars(
        select(Seat)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.meeting_id == meeting.id)
        .options(contains_eager(Seat.person), joinedload(Seat.recorder))
        .order_by(Person.folded, Seat.id)
    ).all()
