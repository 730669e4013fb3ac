"""Who is told of invitations and roles."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.people import HostHandedOn, InvitationSent, MembershipEnded, StaffJoined
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Person
from kierto.people.queries import host_contacts
from kierto.people.roles import coordinators_of


def _who_is_invited(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The invitation's address, which need not be anybody's; who asked at a joining link waits for it."""
    return [Recipient(None, event.kind, urgent=event.actor_id is None)]


def _who_lost_it(event: Event, data: EventData) -> Iterable[Recipient]:
    """Whose role somebody else ended; who left by themself knows."""
    assert isinstance(data, MembershipEnded)
    person = session.get(Person, data.person_id) if event.actor_id != data.person_id else None
    return [Recipient(person, event.kind)] if person else []


def _both(event: Event, data: EventData) -> Iterable[Recipient]:
    """Who hands on and who takes over."""
    assert isinstance(data, HostHandedOn)
    ids = [data.to_person_id, *([data.from_person_id] if data.from_person_id else [])]
    return [Recipient(person, event.kind) for person in (session.get(Person, id_) for id_ in ids) if person]


def _who_knows_the_unit(event: Event, data: EventData) -> Iterable[Recipient]:
    """The unit's host contacts, without any the coordinators."""
    assert isinstance(data, StaffJoined)
    hosts = [person for person in host_contacts(data.unit_id) if person.id != data.person_id]
    ids = [] if hosts else sorted(coordinators_of(event.organisation_id))
    return [Recipient(person, event.kind) for person in (*hosts, *(session.get_one(Person, id_) for id_ in ids))]


FINDERS: dict[str, Finder] = {
    HostHandedOn.kind: _both,
    InvitationSent.kind: _who_is_invited,
    MembershipEnded.kind: _who_lost_it,
    StaffJoined.kind: _who_knows_the_unit,
}
