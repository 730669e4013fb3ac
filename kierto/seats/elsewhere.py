"""Who comes to another meeting at the time of one, of whatever round and organisation (person-one-place)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from kierto.actor import Actor, Role
from kierto.clock import local
from kierto.database import session
from kierto.errors import Refused
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.seats.models import Seat
from kierto.seats.rules import PERSON_ONE_PLACE, SeatState, check_one_place
from kierto.words import N_, moment

Instant = datetime | InstrumentedAttribute[datetime]
"""A point in time, or the column that has one."""


def accepted_spans(person_id: int, around: Span, *, but: int = 0) -> Sequence[Span]:
    """When the person has a seat that overlaps `around`.

    `but` is the id of a meeting that does not count: the one that is asked about.
    """
    rows = session.execute(
        select(Meeting.starts_at, Meeting.ends_at)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(Seat.person_id == person_id, Seat.meeting_id != but, *_comes(Seat, Meeting, *around))
    )
    return [Span(start, end) for start, end in rows]


def elsewhere(meeting: Meeting, person_ids: Collection[int]) -> frozenset[int]:
    """Which of the persons come to another meeting at that time; of all of them in one query."""
    if not person_ids:
        return frozenset()
    found = (
        select(Seat.person_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.person_id.in_(person_ids), Seat.meeting_id != meeting.id, *_comes(Seat, Meeting, *meeting.span))
    )
    return frozenset(session.scalars(found))


def is_elsewhere() -> ColumnElement[bool]:
    """The same as the database says it, of the tables of seats and of meetings: whose seat is asked about."""
    seat, other = aliased(Seat), aliased(Meeting)
    return exists().where(
        seat.person_id == Seat.person_id,
        seat.meeting_id != Seat.meeting_id,
        seat.meeting_id == other.id,
        *_comes(seat, other, Meeting.starts_at, Meeting.ends_at),
    )


def check_in_one_place(actor: Actor, person_id: int, meeting: Meeting) -> None:
    """Rule person-one-place, of a meeting to which the person would come. Guarded by the person's lock.

    Who acts for somebody else reads in which meeting that is only where they coordinate it, too: who comes where is
    nobody else's to know (theme-consent).

    Raises:
        Refused: person-one-place.
    """
    try:
        check_one_place(meeting.span, accepted_spans(person_id, meeting.span, but=meeting.id))
    except Refused:
        if actor.person_id == person_id:
            raise
        raise _cannot_come(actor, person_id, meeting) from None


def _cannot_come(actor: Actor, person_id: int, meeting: Meeting) -> Refused:
    other = session.scalar(
        select(Meeting)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(
            Seat.person_id == person_id,
            Seat.meeting_id != meeting.id,
            Meeting.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            *_comes(Seat, Meeting, *meeting.span),
        )
        .options(joinedload(Meeting.unit))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    if other is None:
        return Refused(
            PERSON_ONE_PLACE, N_("They cannot come at that time: they have agreed to be elsewhere. Ask them.")
        )
    return Refused(
        PERSON_ONE_PLACE,
        N_("They cannot come at that time: they have a seat in another meeting, %(when)s, %(unit)s. Give it up first."),
        when=moment(local(other.starts_at)),
        unit=other.unit.name,
    )


def _comes(seat: type[Seat], meeting: type[Meeting], start: Instant, end: Instant) -> tuple[ColumnElement[bool], ...]:
    """The seat is that of somebody who comes to the meeting, and the meeting goes on some time between the two."""
    return (
        seat.state.in_((SeatState.ACCEPTED, SeatState.RECONFIRM)),
        meeting.state != MeetingState.CANCELLED,
        meeting.starts_at < end,
        meeting.ends_at > start,
    )
