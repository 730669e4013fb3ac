"""Did it happen? The unit is asked the next morning; what it says, and what follows."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingAskedHappened, MeetingDidNotHappen, MeetingHappened
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import MEETING_HAPPENED, STILL_ASKED, asked_from


def to_ask_happened() -> Sequence[int]:
    """Ids of meetings of which it is time to ask whether they were held, oldest first."""
    now = clock.now()
    rows = session.execute(
        select(Meeting.id, Meeting.ends_at)
        .where(
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.happened.is_(None),
            Meeting.asked_happened_at.is_(None),
            Meeting.starts_at > now - 2 * STILL_ASKED,  # what the index on the beginning can find
            Meeting.ends_at > now - STILL_ASKED,
            Meeting.ends_at <= now,
        )
        .order_by(Meeting.ends_at, Meeting.id)
        .limit(100)
    )
    return [id_ for id_, end in rows if asked_from(end) <= now]


def unanswered(organisation_ids: Collection[int], limit: int) -> Sequence[Meeting]:
    """Meetings of the organisations of which it was asked and nobody has answered, the oldest question first."""
    return _unanswered(Meeting.organisation_id.in_(organisation_ids), limit)


def unanswered_in(unit_ids: Collection[int], limit: int) -> Sequence[Meeting]:
    """The same for meetings that the units hold, alone or with another one."""
    return _unanswered(or_(Meeting.unit_id.in_(unit_ids), Meeting.co_unit_id.in_(unit_ids)), limit)


def _unanswered(whose: ColumnElement[bool], limit: int) -> Sequence[Meeting]:
    now = clock.now()
    return session.scalars(
        select(Meeting)
        .where(
            whose,
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.happened.is_(None),
            Meeting.asked_happened_at.is_not(None),
            Meeting.starts_at > now - 2 * STILL_ASKED,
            Meeting.ends_at > now - STILL_ASKED,
        )
        .options(joinedload(Meeting.unit), joinedload(Meeting.theme))
        .order_by(Meeting.asked_happened_at, Meeting.id)
        .limit(limit)
    ).all()


def can_be_said(meeting: Meeting) -> bool:
    """Rule meeting-happened: whether it may be said now that the meeting was held, or was not."""
    return meeting.state is MeetingState.CONFIRMED and meeting.ends_at <= clock.now()


def ask_happened(meeting_id: int) -> None:
    """Ask the unit whether its meeting was held: once, from 9.00 the next morning on. Unanswered it counts as held."""
    meeting = lock_one(Meeting, meeting_id)
    now = clock.now()
    asked = meeting.asked_happened_at is not None or meeting.happened is not None
    if asked or meeting.state is not MeetingState.CONFIRMED or asked_from(meeting.ends_at) > now:
        return
    meeting.asked_happened_at = now
    record(SYSTEM, meeting, MeetingAskedHappened())


def say_happened(actor: Actor, meeting: Meeting, *, happened: bool) -> None:
    """Say whether a meeting that is over was held. "No" cancels it, and its stop waits again.

    After "yes" one may still say "no", until its minutes are published; "no" stands. Saying the same again changes
    nothing.

    Raises:
        Refused: meeting-happened.
    """
    meeting = lock_one(Meeting, meeting.id)
    if meeting.happened is happened:
        return
    if not can_be_said(meeting):
        raise Refused(MEETING_HAPPENED)
    meeting.happened = happened
    if happened:
        record(actor, meeting, MeetingHappened())
        return
    meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    meeting.reschedule()
    record(actor, meeting, MeetingDidNotHappen())
