"""Reading organisations, units and vocabularies."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.units.models import Organisation, Service, Theme, Unit

INSIDERS = (Role.COORDINATOR, Role.HOST_CONTACT, Role.STAFF, Role.EXPERT)
"""The roles that see what belongs to their organisation."""


def inside(actor: Actor) -> Sequence[Organisation]:
    """The organisations whose units and rounds the actor sees from inside, by id.

    Raises:
        NotFound: there are none.
    """
    found = session.scalars(
        select(Organisation).where(Organisation.id.in_(actor.organisations_as(*INSIDERS))).order_by(Organisation.id)
    ).all()
    if not found:
        raise NotFound
    return found


def visible(actor: Actor) -> Select[Unit]:
    """The units the actor may see: those of their own organisations."""
    return select(Unit).where(Unit.organisation_id.in_(actor.organisations_as(*INSIDERS)))


def unit(actor: Actor, ref: str) -> Unit:
    """One visible unit.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(
        visible(actor).where(Unit.ref == ref).options(joinedload(Unit.service), joinedload(Unit.organisation))
    )
    if found is None:
        raise NotFound
    return found


def units_seen(actor: Actor) -> Sequence[Unit]:
    """Every visible unit by name, with its service."""
    return session.scalars(visible(actor).options(joinedload(Unit.service)).order_by(Unit.__table__.c.name_fi)).all()


def workplaces(actor: Actor) -> Sequence[Unit]:
    """The units where the actor works, by name."""
    return session.scalars(select(Unit).where(Unit.id.in_(actor.units)).order_by(Unit.__table__.c.name_fi)).all()


def units_of(organisation: Organisation) -> Sequence[Unit]:
    """The organisation's units by name, with their services."""
    return session.scalars(
        select(Unit)
        .where(Unit.organisation_id == organisation.id)
        .options(joinedload(Unit.service))
        .order_by(Unit.__table__.c.name_fi)
    ).all()


def coordinated(actor: Actor) -> Organisation:
    """The organisation where the actor is a coordinator (the first, should they be one in several).

    Raises:
        NotFound: they coordinate none.
    """
    ids = sorted(actor.organisations_as(Role.COORDINATOR))
    found = session.get(Organisation, ids[0]) if ids else None
    if found is None:
        raise NotFound
    return found


def themes() -> Sequence[Theme]:
    """The vocabulary of themes."""
    return session.scalars(select(Theme).order_by(Theme.id)).all()


def services() -> Sequence[Service]:
    """The vocabulary of services."""
    return session.scalars(select(Service).order_by(Service.id)).all()


def any_organisation() -> bool:
    """Whether there is an organisation at all."""
    return session.scalar(select(Organisation.id).limit(1)) is not None
