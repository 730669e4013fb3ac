"""Whom no message reaches when they are invited, get a seat or none, or a meeting moves: a coordinator calls them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.events.catalogue.seats import SeatGiven, SeatNotGiven
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.calling import called_since
from kierto.seats.models import Seat
from kierto.seats.offering import cannot_be_reached
from kierto.seats.rules import SeatState

_KNOW_IT = (SeatState.ACCEPTED, SeatState.WAITING, SeatState.INTERESTED)
"""Who has said that they would come, and keeps their place when the meeting moves by a little."""


class News(StrEnum):
    """What somebody has not heard: that they are invited, that the meeting has moved, how the seats were given."""

    INVITED = "invited"
    MOVED = "moved"
    GIVEN = "given"


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
    found = select(Seat.id).join(Meeting, Meeting.id == Seat.meeting_id)
    return frozenset(session.scalars(found.where(Seat.meeting_id == meeting.id, _to_be_called())))


def news_for(seat: Seat) -> frozenset[News]:
    """What the seat's person is to be called about; nothing, when they have heard all there is."""
    news = _news()
    row = session.execute(
        select(*news.values())
        .select_from(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.id == seat.id, _to_be_called())
    ).one_or_none()
    return frozenset(one for one, unheard in zip(news, row or (), strict=False) if unheard)


def _to_be_called() -> ColumnElement[bool]:
    """Nothing but a call reaches them, and nobody has called since there was something to tell them."""
    return and_(
        Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
        Meeting.starts_at > clock.now(),
        Seat.call_wanted_at.is_(None),
        # Asked of each seat: SQLite would begin with everybody without an address, of all organisations.
        Seat.person.has(cannot_be_reached()),
        or_(*_news().values()),
    )


def _news() -> dict[News, ColumnElement[bool]]:
    """When each is news to a seat's person."""
    moved, given = aliased(Event), aliased(Event)
    of_meeting = and_(
        moved.subject == Meeting.__tablename__,
        moved.subject_id == Seat.meeting_id,
        moved.kind == MeetingMoved.kind,
    )
    of_seat = and_(
        given.subject == Seat.__tablename__,
        given.subject_id == Seat.id,
        given.kind.in_((SeatGiven.kind, SeatNotGiven.kind)),
    )
    return {
        News.INVITED: and_(Seat.state == SeatState.INVITED, ~called_since(Seat.created_at)),
        News.MOVED: and_(Seat.state.in_((SeatState.INVITED, *_KNOW_IT)), _unheard(moved, of_meeting)),
        News.GIVEN: and_(Seat.state.in_((SeatState.ACCEPTED, SeatState.WAITING)), _unheard(given, of_seat)),
    }


def _unheard(event: type[Event], about: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such an event came after their last answer, and neither was it theirs nor has anybody called since."""
    return exists().where(
        event.organisation_id == Seat.organisation_id,
        about,
        event.at > func.coalesce(Seat.answered_at, Seat.created_at),
        or_(event.actor_id.is_(None), event.actor_id != Seat.person_id),
        ~called_since(event.at),
    )
