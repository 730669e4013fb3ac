"""Who is told of meetings and seats."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.meetings import MeetingBooked
from kierto.events.catalogue.seats import SeatOffered
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Person
from kierto.people.queries import host_contacts
from kierto.seats.models import Seat


def _meeting_booked(_event: Event, data: EventData) -> Iterable[Recipient]:
    """Who booked, and the other host contacts of the unit."""
    assert isinstance(data, MeetingBooked)
    persons = {person.id: person for person in host_contacts(data.unit_id)}
    if data.booked_by is not None and (booker := session.get(Person, data.booked_by)):
        persons[booker.id] = booker
    return [Recipient(persons[id_], "meeting.booked") for id_ in sorted(persons)]


def _seat_offered(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whose seat it is."""
    return [Recipient(session.get_one(Seat, event.subject_id).person, "seat.offered")]


FINDERS: dict[str, Finder] = {
    MeetingBooked.kind: _meeting_booked,
    SeatOffered.kind: _seat_offered,
}
