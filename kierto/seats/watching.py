"""Meetings that a coordinator keeps an eye on: those that lack people they need, and those near with seats to fill."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import is_late, remote_shown, shown_from
from kierto.people.models import Member
from kierto.seats.models import Seat
from kierto.seats.queries import Attendance, attendances
from kierto.seats.rules import SeatRole, SeatState, offer_ends

WATCHED = timedelta(days=14)
"""From so long before a meeting on it is a coordinator's matter that it lacks people."""

NEAR = timedelta(days=7)
"""So near a meeting's empty seats are worth a call."""


WARNED_AGAIN = timedelta(days=7)
"""A meeting that is moved so much further away is warned about anew."""


class Watched(NamedTuple):
    """A meeting with its place and theme, and how its seats stand."""

    meeting: Meeting
    attendance: Attendance


class Remote(NamedTuple):
    """What a meeting's page tells somebody of taking part from afar: the link and number, or since when."""

    link: str | None
    dial_in: str | None
    from_: datetime | None


def lacking(actor: Actor, limit: int) -> Sequence[Watched]:
    """Meetings that the actor coordinates which lack people of their mix (meeting-mix), the soonest first.

    Those of which a coordinator has decided that they are held anyway are not among them.
    """
    return _watched(_open(actor, WATCHED).where(_lacks(), Meeting.override_reason.is_(None)).limit(limit))


def to_fill(actor: Actor, limit: int) -> Sequence[Watched]:
    """Meetings that the actor coordinates whose empty seats are worth a call, the soonest first.

    They are near, their days of interest are over (until then Kierto fills them), and they have their mix; but either
    no expert more than it asks for, so that one who falls ill takes it away, or half of their seats are empty.
    """
    free = Meeting.seats_taken < Meeting.seats
    given = or_(Meeting.interest_until.is_(None), Meeting.interest_until <= clock.now())
    worth = or_(_coming(SeatRole.EXPERT) <= Meeting.mix_experts, Meeting.seats_taken * 2 <= Meeting.seats)
    return _watched(_open(actor, NEAR).where(not_(_lacks()), free, given, worth).limit(limit))


def mix_warning_due(meeting: Meeting, before: timedelta) -> bool:
    """Whether it is to be said now that people are missing, so long `before` a proposed meeting at the most.

    Not before those who were asked first have had the time of an offer (seat-waiting-order) since the booking, and the
    days of interest are over (seat-interest-first); at once when it was booked for within a day. It is said once: again
    only when the meeting was moved so far away since that what was said was about another time.
    """
    now = clock.now()
    if meeting.state is not MeetingState.PROPOSED or meeting.started or meeting.starts_at > now + before:
        return False
    warned = meeting.warned_mix_at
    if warned is not None and warned + before + WARNED_AGAIN > meeting.starts_at:
        return False
    asked_until = offer_ends(meeting.created_at, meeting.starts_at)
    return not meeting.taking_interest and (asked_until <= now or asked_until == meeting.starts_at)


def must_be_decided(meeting: Meeting) -> bool:
    """Whether it is for the coordinator to say: hold it without its mix or cancel it. That is so within 24 hours."""
    return meeting.open and meeting.override_reason is None and is_late(meeting.starts_at, clock.now())


def remote_of(meeting: Meeting, seat: Seat | None) -> Remote | None:
    """Rule remote-link-late: accepted people see the link from 24 hours before the meeting until its end.

    Before that they learn that there is one and when it is shown; everybody else learns nothing.
    """
    comes = seat is not None and seat.meeting_id == meeting.id and seat.state is SeatState.ACCEPTED
    if not comes or not (meeting.remote_link or meeting.dial_in) or meeting.state is MeetingState.CANCELLED:
        return None
    if remote_shown(meeting.span, clock.now()):
        return Remote(meeting.remote_link, meeting.dial_in, None)
    return Remote(None, None, shown_from(meeting.span)) if meeting.open else None


def _lacks() -> ColumnElement[bool]:
    """What `Attendance.lacking` says, in SQL (meeting-mix): also a worker of each of two units that meet together."""
    workers = _coming(SeatRole.HOST_STAFF)
    together = Meeting.co_unit_id.is_not(None)
    return or_(
        _coming(SeatRole.EXPERT) < Meeting.mix_experts,
        workers < Meeting.mix_staff,
        and_(together, or_(workers < 2, not_(_comes_from(Meeting.unit_id)), not_(_comes_from(Meeting.co_unit_id)))),
    )


def _comes_from(unit_id: InstrumentedAttribute[Any]) -> Exists:
    """Whether a worker of the unit comes."""
    return (
        exists()
        .where(
            Seat.meeting_id == Meeting.id,
            Seat.role == SeatRole.HOST_STAFF,
            Seat.state == SeatState.ACCEPTED,
            Member.person_id == Seat.person_id,
            Member.unit_id == unit_id,
        )
        .correlate(Meeting)
    )


def _coming(role: SeatRole) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Seat)
        .where(Seat.meeting_id == Meeting.id, Seat.role == role, Seat.state == SeatState.ACCEPTED)
        .correlate(Meeting)
        .scalar_subquery()
    )


def _open(actor: Actor, ahead: timedelta) -> Select[Meeting]:
    now = clock.now()
    return (
        select(Meeting)
        .where(
            Meeting.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
            Meeting.starts_at > now,
            Meeting.starts_at <= now + ahead,
        )
        .options(joinedload(Meeting.unit), joinedload(Meeting.theme))
        .order_by(Meeting.starts_at, Meeting.id)
    )


def _watched(statement: Select[Meeting]) -> Sequence[Watched]:
    meetings = session.scalars(statement).all()
    now = attendances(meetings)
    return [Watched(meeting, now[meeting.id]) for meeting in meetings]
