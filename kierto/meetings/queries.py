"""Reading meetings by time and place. Who may see which is said in the room of seats."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from kierto import clock
from kierto.database import session
from kierto.events.catalogue.meetings import MeetingHeldAnyway
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.people.models import Person


def lapsed() -> Sequence[int]:
    """Ids of proposed meetings whose time has come without their mix, oldest first."""
    return session.scalars(
        select(Meeting.id)
        .where(Meeting.state == MeetingState.PROPOSED, Meeting.starts_at <= clock.now())
        .order_by(Meeting.starts_at)
        .limit(100)
    ).all()


def who_holds_anyway(meeting: Meeting) -> Person | None:
    """Who decided last that the meeting is held without its mix (meeting-mix), unless they have been erased."""
    return session.scalar(
        select(Person)
        .join(Event, Event.actor_id == Person.id)
        .where(
            Event.organisation_id == meeting.organisation_id,
            Event.subject == Meeting.__tablename__,
            Event.subject_id == meeting.id,
            Event.kind == MeetingHeldAnyway.kind,
        )
        .order_by(Event.id.desc())
        .limit(1)
    )


def hosted_spans(unit_ids: Collection[int], around: Span, *, but: Collection[int] = ()) -> Sequence[Span]:
    """When any of the units has a meeting that overlaps `around`, as host or co-host (meeting-unit-free).

    `but` are ids of meetings that are left out: those that are being moved.
    """
    rows = session.execute(
        select(Meeting.starts_at, Meeting.ends_at).where(
            or_(Meeting.unit_id.in_(unit_ids), Meeting.co_unit_id.in_(unit_ids)),
            Meeting.id.not_in(but),
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at < around.end,
            Meeting.ends_at > around.start,
        )
    )
    return [Span(start, end) for start, end in rows]
