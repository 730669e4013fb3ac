"""Who is told of an event, and by which kind of message."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kierto.database import session
from kierto.events.catalogue import EventData, MeetingBooked, SeatOffered, data_of
from kierto.events.models import Event
from kierto.people.models import Person
from kierto.people.queries import host_contacts
from kierto.seats.models import Seat


class Recipient(NamedTuple):
    """One person and the kind of message they get (a name of `letters.LETTERS`)."""

    person: Person
    kind: str


def recipients_of(event: Event) -> list[Recipient]:
    """Everyone who is told of the event.

    Raises:
        KeyError: this version of Kierto does not know whom to tell of such an event.
    """
    find = FINDERS[event.kind]
    return list(find(event, data_of(event.kind, event.data)))


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


FINDERS: dict[str, Callable[[Event, EventData], Iterable[Recipient]]] = {
    MeetingBooked.kind: _meeting_booked,
    SeatOffered.kind: _seat_offered,
}
