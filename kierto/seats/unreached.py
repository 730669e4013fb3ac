"""Whom no message reaches: they are called when they are invited, seats are given or end, or a meeting moves."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.events.catalogue.experts import ExpertLeft
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.events.catalogue.seats import (
    SeatAnswerRecorded,
    SeatGiven,
    SeatNotGiven,
    SeatOfferDeclined,
    SeatWithdrawn,
)
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, Person
from kierto.seats.calling import called_since
from kierto.seats.models import Seat
from kierto.seats.offering import cannot_be_reached
from kierto.seats.rules import SeatState

_KNOW_IT = (SeatState.ACCEPTED, SeatState.WAITING, SeatState.INTERESTED)
"""Who has said that they would come, and keeps their place when the meeting moves by a little."""

_GONE = (SeatState.DECLINED, SeatState.WITHDRAWN)


class News(StrEnum):
    """What somebody has not heard: that they are invited, the meeting has moved, how seats were given, theirs ended."""

    INVITED = "invited"
    MOVED = "moved"
    GIVEN = "given"
    ENDED = "ended"


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
        .where(
            Meeting.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Seat.call_wanted_at.is_(None),
            _to_be_called(),
        )
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
    """Ids of the seats of the meeting whose people are to be called; likewise."""
    found = select(Seat.id).join(Meeting, Meeting.id == Seat.meeting_id)
    mine = found.where(Seat.meeting_id == meeting.id, Seat.call_wanted_at.is_(None), _to_be_called())
    return frozenset(session.scalars(mine))


def news_for(seat: Seat) -> frozenset[News]:
    """What the seat's person is to be called about; nothing, when they have heard all there is.

    Who asked for a call has one that waits: of all this they are told then only that their seat has ended.
    """
    news = _news()
    if seat.call_wanted_at is not None:
        news = {News.ENDED: news[News.ENDED]}
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
        # Asked of each seat: SQLite would begin with everybody without an address, of all organisations.
        Seat.person.has(and_(cannot_be_reached(), Person.erased_at.is_(None))),
        or_(*_news().values()),
    )


def _news() -> dict[News, ColumnElement[bool]]:
    """When each is news to a seat's person."""
    moved, given, ended = aliased(Event), aliased(Event), aliased(Event)
    of_meeting = and_(
        moved.subject == Meeting.__tablename__,
        moved.subject_id == Seat.meeting_id,
        moved.kind == MeetingMoved.kind,
    )
    return {
        News.INVITED: and_(Seat.state == SeatState.INVITED, ~called_since(Seat.created_at)),
        News.MOVED: and_(Seat.state.in_((SeatState.INVITED, *_KNOW_IT)), _unheard(moved, of_meeting)),
        News.GIVEN: and_(
            Seat.state.in_((SeatState.ACCEPTED, SeatState.WAITING)),
            _unheard(given, _of_seat(given, SeatGiven.kind, SeatNotGiven.kind)),
        ),
        News.ENDED: and_(
            Seat.state.in_(_GONE),
            _unheard(ended, and_(_of_seat(ended, SeatWithdrawn.kind, SeatOfferDeclined.kind), ~_said_so(ended))),
        ),
    }


def _of_seat(event: type[Event], *kinds: str) -> ColumnElement[bool]:
    return and_(event.subject == Seat.__tablename__, event.subject_id == Seat.id, event.kind.in_(kinds))


def _said_so(ended: type[Event]) -> ColumnElement[bool]:
    """Whether the seat ended because its person had somebody record that they do not come, or that they leave.

    That a break or the end of a role ended it they would read in a letter, which does not reach them either.
    """
    said = aliased(Event)
    left = and_(
        said.subject == Expert.__tablename__,
        said.subject_id.in_(
            select(Expert.id)
            .where(Expert.person_id == Seat.person_id, Expert.organisation_id == Seat.organisation_id)
            .correlate(Seat)
        ),
        said.kind == ExpertLeft.kind,
    )
    return (
        exists()
        .where(
            said.organisation_id == Seat.organisation_id,
            or_(_of_seat(said, SeatAnswerRecorded.kind), left),
            said.act == ended.act,
        )
        .correlate_except(said)
    )


def _unheard(event: type[Event], about: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such an event came after their last answer, and neither was it theirs nor has anybody called since."""
    return exists().where(
        event.organisation_id == Seat.organisation_id,
        about,
        event.at > func.coalesce(Seat.answered_at, Seat.created_at),
        or_(event.actor_id.is_(None), event.actor_id != Seat.person_id),
        ~called_since(event.at),
    )
