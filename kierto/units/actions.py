"""Making organisations and units."""

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.units import UnitAdded
from kierto.units.models import Organisation, Unit
from kierto.words import Localised


def add_organisation(name: Localised) -> Organisation:
    """Make an organisation; the administrator's page for it comes with the registers."""
    organisation = Organisation(name=name, created_at=clock.now())
    session.add(organisation)
    session.flush()
    return organisation


def add_unit(
    actor: Actor,
    organisation_id: int,
    name: Localised,
    *,
    service_id: int,
    municipality: str,
    street_address: str,
) -> Unit:
    """Add a unit to an organisation.

    Raises:
        Refused: unit-named-once.
    """
    unit = Unit(
        organisation_id=organisation_id,
        name=name,
        service_id=service_id,
        municipality=municipality,
        street_address=street_address,
        created_at=clock.now(),
    )
    unit.fold()
    session.add(unit)
    record(actor, unit, UnitAdded())
    return unit
