"""What to arrange for the people of a meeting: seen by who arranges it, while they can, and every reading noted."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.errors import Refused
from kierto.events.actions import note_reading
from kierto.events.models import Read
from kierto.experts.models import ExpertNeeds
from kierto.experts.rules import NEEDS_SHOWN, SECRET_BEHIND_STRONG_ID, may_read_secrets
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, Person
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState

_COMES = (SeatState.ACCEPTED, SeatState.RECONFIRM, SeatState.ATTENDED)
"""From acceptance on (needs-least-seen): an offer that nobody has answered opens nothing."""


class ToArrange(NamedTuple):
    """Somebody who comes, and what to arrange for them."""

    name: str
    text: str


def any_to_arrange(meeting: Meeting) -> int:
    """For how many of those who come there is something to arrange, while its host contact may see it."""
    if not _shown(meeting):
        return 0
    counted = _needs(meeting).with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    return session.scalar(counted) or 0


def read_what_to_arrange(actor: Actor, meeting: Meeting) -> Sequence[ToArrange]:
    """What to arrange for everyone who comes to the meeting; a reading is noted for each.

    Raises:
        Refused: secret-behind-strong-id.
    """
    if not may_read_secrets(actor, meeting.organisation.weak_reading_reason):
        raise Refused(SECRET_BEHIND_STRONG_ID)
    if not _shown(meeting):
        return []
    found = session.execute(_needs(meeting)).all()
    for person, _needs_of in found:
        if person.id != actor.person_id:
            note_reading(actor, meeting.organisation_id, person.id, Read.NEEDS)
    return [ToArrange(person.name, needs.text.decode()) for person, needs in found]


def _shown(meeting: Meeting) -> bool:
    """Rule needs-least-seen: until a week after the meeting; of a cancelled one there is nothing to arrange."""
    return meeting.state is not MeetingState.CANCELLED and clock.now() <= meeting.ends_at + NEEDS_SHOWN


def _needs(meeting: Meeting) -> Select[Person, ExpertNeeds]:
    return (
        select(Person, ExpertNeeds)
        .select_from(Seat)
        .join(Person, Person.id == Seat.person_id)
        .join(Expert, and_(Expert.person_id == Person.id, Expert.organisation_id == Seat.organisation_id))
        .join(ExpertNeeds, ExpertNeeds.expert_id == Expert.id)
        .where(Seat.meeting_id == meeting.id, Seat.state.in_(_COMES))
        .order_by(Seat.id)
    )
