"""Who acts for units: their contact persons, and the coordinators until there is one."""

from collections.abc import Iterable

from kierto.database import session
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.people.queries import host_contacts, hosted_units
from kierto.people.roles import coordinators_of


def hosts_of(meeting: Meeting) -> dict[int, Person]:
    """Person id → the contact persons of the unit, or of both units, that hold the meeting."""
    units = [unit for unit in (meeting.unit_id, meeting.co_unit_id) if unit is not None]
    return contacts_of(units)


def contacts_of(unit_ids: Iterable[int]) -> dict[int, Person]:
    """Person id → the contact persons of the units."""
    return {person.id: person for unit in unit_ids for person in host_contacts(unit)}


def who_acts(organisation_id: int, unit_ids: Iterable[int]) -> dict[int, Person]:
    """Person id → the units' contact persons, and the coordinators if one of the units has none."""
    ids = set(unit_ids)
    found = contacts_of(ids)
    return found if hosted_units(ids) == ids else found | coordinators(organisation_id)


def coordinators(organisation_id: int) -> dict[int, Person]:
    """Person id → the organisation's coordinators."""
    return {id_: session.get_one(Person, id_) for id_ in coordinators_of(organisation_id)}
