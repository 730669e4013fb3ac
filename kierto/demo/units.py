"""The demo's units, made with their hosting hours; one that has become a part of another."""

from collections.abc import Iterable, Mapping

from kierto.actor import SYSTEM
from kierto.database import session
from kierto.demo.places import Place, Retired
from kierto.demo.visiting import HOSTING, Hosting
from kierto.practices.retiring import retire_unit
from kierto.units import hosting
from kierto.units.actions import add_unit, set_hours
from kierto.units.models import Organisation, Unit
from kierto.units.queries import services


def add_units(organisation: Organisation, places: Mapping[str, Place], retired: Iterable[Retired]) -> dict[str, int]:
    """Add an organisation's units; returns the ids of those in use by the names that the story uses."""
    made = {key: _add(organisation, place, HOSTING[key]) for key, place in places.items()}
    for one in retired:
        retire_unit(SYSTEM, _add(organisation, one.place), made[one.successor], one.reason)
    return {key: unit.id for key, unit in made.items()}


def _add(organisation: Organisation, place: Place, told: Hosting | None = None) -> Unit:
    unit = add_unit(
        SYSTEM,
        organisation.id,
        place.name,
        service_id=next(service.id for service in services() if service.code == place.service),
        municipality=place.municipality,
        street_address=place.street_address,
        visit=told.visit if told else None,
    )
    session.flush()
    if told:
        hours = [span for weekday, text in told.week.items() for span in hosting.read(weekday, text)]
        set_hours(SYSTEM, unit, hours, version=unit.version)
    return unit
