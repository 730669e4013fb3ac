"""Reading meetings by time and place. Who may see which is said in the room of seats."""

from collections.abc import Sequence

from sqlalchemy import select

from kierto import clock
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span


def lapsed() -> Sequence[int]:
    """Ids of proposed meetings whose time has come without their mix, oldest first."""
    return session.scalars(
        select(Meeting.id)
        .where(Meeting.state == MeetingState.PROPOSED, Meeting.starts_at <= clock.now())
        .order_by(Meeting.starts_at)
        .limit(100)
    ).all()


def hosted_spans(unit_id: int, around: Span) -> Sequence[Span]:
    """When the unit already hosts a meeting that overlaps `around` (meeting-unit-free)."""
    rows = session.execute(
        select(Meeting.starts_at, Meeting.ends_at).where(
            Meeting.unit_id == unit_id,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at < around.end,
            Meeting.ends_at > around.start,
        )
    )
    return [Span(start, end) for start, end in rows]
