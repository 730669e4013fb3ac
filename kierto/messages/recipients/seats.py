"""Who is told of seats: whose each of them is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.experts import ExpertLeft, ExpertMerged, ExpertPaused
from kierto.events.catalogue.meetings import ExpertsInvited, VisitorsInvited
from kierto.events.catalogue.people import MembershipEnded
from kierto.events.catalogue.privacy import PersonErased
from kierto.events.catalogue.seats import (
    FacilitatorNamed,
    SeatAnswerRecorded,
    SeatGiven,
    SeatNotGiven,
    SeatOfferDeclined,
    SeatOffered,
    SeatWithdrawn,
)
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.messages.recipients.heard import invited
from kierto.messages.rules import cannot_wait
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState

_KNOWN_OTHERWISE = (
    SeatAnswerRecorded.kind,
    ExpertPaused.kind,
    ExpertLeft.kind,
    ExpertMerged.kind,
    MembershipEnded.kind,
    PersonErased.kind,
)
"""With what a seat ends of which its person knows: they said so, another letter says it, or it is not theirs."""


def _experts_invited(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The experts who were invited; whoever has the letter of this meeting gets none again."""
    return _invited(event, SeatRole.EXPERT, anew=False)  # whom a new time suits no more is told nothing


def _visitors_invited(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The workers of the next unit who were invited; once each, unless the meeting moved while they were let off."""
    return _invited(event, SeatRole.VISITING_STAFF, anew=True)


def _invited(event: Event, role: SeatRole, *, anew: bool) -> Iterable[Recipient]:
    seats = session.scalars(
        select(Seat)
        .where(Seat.meeting_id == event.subject_id, Seat.role == role, Seat.state == SeatState.INVITED)
        .options(joinedload(Seat.person))
        .order_by(Seat.person_id)
    ).all()
    have_it = invited(event, [seat.person_id for seat in seats], anew=anew)
    return [Recipient(seat.person, event.kind) for seat in seats if seat.person_id not in have_it]


def _offered(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whose seat it is."""
    seat = session.get_one(Seat, event.subject_id)
    return [Recipient(seat.person, event.kind, urgent=cannot_wait(clock.now(), seat.meeting.starts_at))]


def _whose_it_is(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whose seat it is, unless they did it themself."""
    seat = session.get_one(Seat, event.subject_id)
    return [Recipient(seat.person, event.kind)] if seat.person_id != event.actor_id else []


def _ended_by_another(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whose seat somebody else ended, unless they had said so themself or another letter tells it."""
    seat = session.get_one(Seat, event.subject_id)
    if seat.person_id == event.actor_id:
        return []
    known = select(Event.id).where(Event.act == event.act, Event.kind.in_(_KNOWN_OTHERWISE))
    if session.scalar(known.limit(1)) is not None:
        return []
    return [Recipient(seat.person, event.kind, urgent=cannot_wait(clock.now(), seat.meeting.starts_at))]


FINDERS: dict[str, Finder] = {
    ExpertsInvited.kind: _experts_invited,
    VisitorsInvited.kind: _visitors_invited,
    SeatOffered.kind: _offered,
    SeatGiven.kind: _whose_it_is,
    SeatNotGiven.kind: _whose_it_is,
    FacilitatorNamed.kind: _whose_it_is,
    SeatWithdrawn.kind: _ended_by_another,
    SeatOfferDeclined.kind: _ended_by_another,
}
