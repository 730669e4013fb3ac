"""Whom no message reaches when they are invited, or when a meeting has a new time: a coordinator calls them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.events.catalogue.seats import SeatCalled
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Person
from kierto.seats.models import Seat
from kierto.seats.offering import cannot_be_reached
from kierto.seats.rules import SeatState

_KNOW_IT = (SeatState.ACCEPTED, SeatState.WAITING, SeatState.INTERESTED)
"""Who has said that they would come, and keeps their place when the meeting moves by a little."""


class Unreached(NamedTuple):
    """A meeting and how many people are to be called about it."""

    meeting: Meeting
    people: int


def meetings_to_call_about(actor: Actor, limit: int) -> Sequence[Unreached]:
    """The coming meetings that the actor coordinates about which somebody is to be called, the soonest first.

    Those whom a call of their own waits for (`recording.calls_to_make`) are not counted.
    """
    rows = session.execute(
        select(Seat.meeting_id, func.count())
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Person, Person.id == Seat.person_id)
        .where(Meeting.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)), _to_be_called())
        .group_by(Seat.meeting_id, Meeting.starts_at)
        .order_by(Meeting.starts_at, Seat.meeting_id)
        .limit(limit)
    )
    people = dict(rows.all())
    found = session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(people))
        .options(joinedload(Meeting.unit), joinedload(Meeting.theme))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [Unreached(meeting, people[meeting.id]) for meeting in found]


def to_be_called(meeting: Meeting) -> frozenset[int]:
    """Ids of the seats of the meeting whose people are to be called."""
    return frozenset(session.scalars(_seats().where(Seat.meeting_id == meeting.id)))


def is_to_be_called(seat: Seat) -> bool:
    """Whether the seat's person is to be called: they were invited, or the meeting has a new time."""
    return session.scalar(_seats().where(Seat.id == seat.id)) is not None


def _seats() -> Select[int]:
    return (
        select(Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Person, Person.id == Seat.person_id)
        .where(_to_be_called())
    )


def _to_be_called() -> ColumnElement[bool]:
    """Nothing but a call reaches them, and nobody has called since they were invited or the meeting was moved.

    Whoever has answered since it moved, or moved it themself, knows of it.
    """
    moved = aliased(Event)
    moves = and_(
        moved.organisation_id == Seat.organisation_id,
        moved.subject == Meeting.__tablename__,
        moved.subject_id == Seat.meeting_id,
        moved.kind == MeetingMoved.kind,
    )
    unheard = exists().where(
        moves,
        moved.at > func.coalesce(Seat.answered_at, Seat.created_at),
        or_(moved.actor_id.is_(None), moved.actor_id != Seat.person_id),
        ~_called(moved.at),
    )
    return and_(
        Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
        Meeting.starts_at > clock.now(),
        Seat.call_wanted_at.is_(None),
        cannot_be_reached(),
        or_(
            and_(Seat.state == SeatState.INVITED, or_(unheard, ~_called(Seat.created_at))),
            and_(Seat.state.in_(_KNOW_IT), unheard),
        ),
    )


def _called(since: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Whether a call about the seat has been recorded since then."""
    call = aliased(Event)
    return exists().where(
        call.organisation_id == Seat.organisation_id,
        call.subject == Seat.__tablename__,
        call.subject_id == Seat.id,
        call.kind == SeatCalled.kind,
        call.at >= since,
    )
