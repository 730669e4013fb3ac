"""Who is told of meetings. Who did it themself is not, unless the letter is their confirmation."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.meetings import (
    ExpertsReminded,
    MeetingAskedHappened,
    MeetingBooked,
    MeetingCancelled,
    MeetingCoHosted,
    MeetingConfirmed,
    MeetingHeldAnyway,
    MeetingLapsed,
    MeetingMixLost,
    MeetingMixMissing,
    MeetingMoved,
    MeetingReminded,
)
from kierto.events.catalogue.rounds import SwapDone
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.messages.recipients.asked import asked_anew, have_invitation
from kierto.messages.recipients.found import Finder, Recipient, told
from kierto.messages.recipients.heard import heard
from kierto.messages.recipients.hosts import contacts_of, coordinators, hosts_of
from kierto.messages.rules import cannot_wait
from kierto.people.models import Person
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState

_COMES = (SeatState.ACCEPTED, SeatState.RECONFIRM)
_HAS_ANSWERED = (SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED, *_COMES)


def _booked(event: Event, data: EventData) -> Iterable[Recipient]:
    """Who booked, and the other host contacts of the unit."""
    assert isinstance(data, MeetingBooked)
    persons = hosts_of(_meeting(event))
    if data.booked_by is not None and (booker := session.get(Person, data.booked_by)):
        persons[booker.id] = booker
    return [Recipient(persons[id_], MeetingBooked.kind, urgent=id_ == data.booked_by) for id_ in sorted(persons)]


def _confirmed(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever has a seat, and the unit's contact persons."""
    meeting = _meeting(event)
    return told(MeetingConfirmed.kind, _with_seats(meeting, *_COMES) | hosts_of(meeting))


def _held_anyway(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever has a seat, and the unit's contact persons; not who has heard that it takes place before."""
    meeting = _meeting(event)
    persons = _with_seats(meeting, *_COMES) | hosts_of(meeting)
    before = heard(event, MeetingConfirmed.kind, persons) | heard(event, event.kind, persons)
    new = {id_: person for id_, person in persons.items() if id_ not in before}
    return told(event.kind, new, but=event.actor_id)


def _moved(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever has answered that they would come, and the unit's contact persons; not who moved it.

    Who was invited and has not answered is invited to the new time, if it suits them.
    """
    meeting = _meeting(event)
    persons = _with_seats(meeting, *_HAS_ANSWERED)
    if not _swapped(event):  # a change of times is told to them by itself
        persons |= hosts_of(meeting)
    return [
        *told(MeetingMoved.kind, persons, but=event.actor_id, urgent=_urgent(meeting)),
        *(one for one in asked_anew(event, meeting) if one.person and one.person.id not in persons),
    ]


def _co_hosted(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit that joined; not who arranged it."""
    assert isinstance(data, MeetingCoHosted)
    return told(MeetingCoHosted.kind, contacts_of([data.unit_id]), but=event.actor_id)


def _cancelled(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever was invited or has answered that they would come, and the unit's contact persons; not who did it."""
    meeting = _meeting(event)
    invited = _with_seats(meeting, SeatState.INVITED)
    asked = {id_: invited[id_] for id_ in have_invitation(meeting) & invited.keys()}
    persons = asked | _with_seats(meeting, *_HAS_ANSWERED) | hosts_of(meeting)
    return told(MeetingCancelled.kind, persons, but=event.actor_id, urgent=_urgent(meeting))


def _lapsed(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever has answered that they would come, and the unit's contact persons."""
    meeting = _meeting(event)
    return told(MeetingLapsed.kind, _with_seats(meeting, *_HAS_ANSWERED) | hosts_of(meeting), urgent=_urgent(meeting))


def _reminded(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whoever has a seat, but for the experts."""
    seats = _seats(_meeting(event), *_COMES)
    return [Recipient(seat.person, event.kind) for seat in seats if seat.role is not SeatRole.EXPERT]


def _experts_reminded(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The experts who have a seat."""
    seats = _seats(_meeting(event), *_COMES)
    return [Recipient(seat.person, event.kind) for seat in seats if seat.role is SeatRole.EXPERT]


def _mix_missing(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The organisation's coordinators and the unit's contact persons."""
    meeting = _meeting(event)
    return told(MeetingMixMissing.kind, coordinators(event.organisation_id) | hosts_of(meeting))


def _mix_lost(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The organisation's coordinators and the unit's contact persons."""
    meeting = _meeting(event)
    persons = coordinators(event.organisation_id) | hosts_of(meeting)
    return told(MeetingMixLost.kind, persons, but=event.actor_id, urgent=_urgent(meeting))


def _asked_happened(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit, or of both; the coordinators only if neither has one."""
    persons = hosts_of(_meeting(event)) or coordinators(event.organisation_id)
    return told(MeetingAskedHappened.kind, persons)


def _meeting(event: Event) -> Meeting:
    return session.get_one(Meeting, event.subject_id)


def _seats(meeting: Meeting, *states: SeatState) -> Iterable[Seat]:
    return session.scalars(
        select(Seat)
        .where(Seat.meeting_id == meeting.id, Seat.state.in_(states))
        .options(joinedload(Seat.person))
        .order_by(Seat.person_id)
    )


def _with_seats(meeting: Meeting, *states: SeatState) -> dict[int, Person]:
    return {seat.person_id: seat.person for seat in _seats(meeting, *states)}


def _swapped(event: Event) -> bool:
    return session.scalar(select(Event.id).where(Event.act == event.act, Event.kind == SwapDone.kind)) is not None


def _urgent(meeting: Meeting) -> bool:
    return cannot_wait(clock.now(), meeting.starts_at)


FINDERS: dict[str, Finder] = {
    MeetingBooked.kind: _booked,
    MeetingConfirmed.kind: _confirmed,
    MeetingHeldAnyway.kind: _held_anyway,
    MeetingMoved.kind: _moved,
    MeetingCancelled.kind: _cancelled,
    MeetingCoHosted.kind: _co_hosted,
    MeetingLapsed.kind: _lapsed,
    MeetingReminded.kind: _reminded,
    ExpertsReminded.kind: _experts_reminded,
    MeetingMixMissing.kind: _mix_missing,
    MeetingMixLost.kind: _mix_lost,
    MeetingAskedHappened.kind: _asked_happened,
}
