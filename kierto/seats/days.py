"""Two meetings on one day in different municipalities are allowed, but warned about (person-one-place)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto.clock import local
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState

_DAY = timedelta(days=1)


def elsewhere_that_day(person_id: int, meetings: Sequence[Meeting]) -> Mapping[int, Sequence[Meeting]]:
    """Meeting id → the person's other meetings on the same day in another municipality, soonest first; in one query.

    Those in which they have said that they come, of whatever organisation. The meetings come with their units.
    """
    if not meetings:
        return {}
    others = session.scalars(
        select(Meeting)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(
            Seat.person_id == person_id,
            Seat.state.in_((SeatState.ACCEPTED, SeatState.RECONFIRM)),
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at > min(one.starts_at for one in meetings) - _DAY,
            Meeting.starts_at < max(one.starts_at for one in meetings) + _DAY,
        )
        .options(joinedload(Meeting.unit))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    return {
        one.id: [
            other
            for other in others
            if other.id != one.id
            and local(other.starts_at).date() == local(one.starts_at).date()
            and other.unit.municipality != one.unit.municipality
        ]
        for one in meetings
    }
