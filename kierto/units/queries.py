"""Reading organisations, units and vocabularies."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.units.counties import County, counties
from kierto.units.models import BlockedDates, HostingHours, Organisation, Service, Theme, Unit
from kierto.units.rules import Hours
from kierto.words import folded

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
        visible(actor)
        .where(Unit.ref == ref)
        .options(joinedload(Unit.service), joinedload(Unit.organisation), joinedload(Unit.successor))
    )
    if found is None:
        raise NotFound
    return found


def workplaces(actor: Actor) -> Sequence[Unit]:
    """The units where the actor works, by name."""
    return session.scalars(select(Unit).where(Unit.id.in_(actor.units)).order_by(Unit.__table__.c.name_fi)).all()


def units_of(organisation: Organisation) -> Sequence[Unit]:
    """The organisation's units that are in use, by name, with their services: what there is to choose from."""
    return session.scalars(
        select(Unit)
        .where(Unit.organisation_id == organisation.id, Unit.retired_on.is_(None))
        .options(joinedload(Unit.service))
        .order_by(Unit.__table__.c.name_fi)
    ).all()


def any_unit(organisation_id: int) -> bool:
    """Whether the organisation has a unit in use."""
    found = select(Unit.id).where(Unit.organisation_id == organisation_id, Unit.retired_on.is_(None)).limit(1)
    return session.scalar(found) is not None


def without_hours(unit_ids: Iterable[int]) -> frozenset[int]:
    """Those of the units that have given no hosting hours: all usual times are offered for them."""
    ids = frozenset(unit_ids)
    given = session.scalars(select(HostingHours.unit_id).where(HostingHours.unit_id.in_(ids)).distinct())
    return ids.difference(given)


def hours_of(unit: Unit) -> list[Hours]:
    """The unit's weekly hosting hours, from Monday morning on; none when it has given none."""
    rows = session.execute(
        select(HostingHours.weekday, HostingHours.from_at, HostingHours.until_at).where(HostingHours.unit_id == unit.id)
    )
    return sorted(Hours(*row) for row in rows)


def blocked_of(unit: Unit) -> Sequence[BlockedDates]:
    """The days on which the unit does not host, past ones left out, soonest first."""
    return session.scalars(
        select(BlockedDates)
        .where(BlockedDates.unit_id == unit.id, BlockedDates.until_on >= clock.today())
        .order_by(BlockedDates.from_on, BlockedDates.until_on)
    ).all()


def predecessors_of(unit: Unit) -> Sequence[Unit]:
    """The retired units that the unit goes on for, by name."""
    return session.scalars(select(Unit).where(Unit.successor_id == unit.id).order_by(Unit.__table__.c.name_fi)).all()


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


class Listed(NamedTuple):
    """An organisation as the administrators' list shows it."""

    organisation: Organisation
    units: int


def organisations(actor: Actor) -> Sequence[Listed]:
    """Every organisation by name with how many units in use it has, for administrators.

    Raises:
        NotFound: the actor is none.
    """
    if not actor.administrator:
        raise NotFound
    units = (
        select(Unit.organisation_id, func.count().label("units"))
        .where(Unit.retired_on.is_(None))
        .group_by(Unit.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(Organisation, func.coalesce(units.c.units, 0))
        .outerjoin(units, units.c.organisation_id == Organisation.id)
        .order_by(Organisation.__table__.c.name_fi)
    )
    return [Listed(organisation, count) for organisation, count in rows]


def organisation(actor: Actor, ref: str) -> Organisation:
    """Any organisation, for administrators.

    Raises:
        NotFound: there is none, or the actor is none of them.
    """
    found = session.scalar(select(Organisation).where(Organisation.ref == ref)) if actor.administrator else None
    if found is None:
        raise NotFound
    return found


def counties_to_make(made: Iterable[Organisation]) -> Sequence[County]:
    """The public organisations that are not among those that have been made."""
    there = {folded(organisation.name.fi) for organisation in made}
    return [county for county in counties() if folded(county.name.fi) not in there]


class Vocabulary(NamedTuple):
    """The words that everyone shares."""

    services: Sequence[Service]
    themes: Sequence[Theme]


def vocabulary(actor: Actor) -> Vocabulary:
    """Both vocabularies, for administrators.

    Raises:
        NotFound: the actor is none.
    """
    if not actor.administrator:
        raise NotFound
    return Vocabulary(services(), themes())


def service(actor: Actor, code: str) -> Service:
    """A kind of service, for administrators.

    Raises:
        NotFound: there is none, or the actor is none of them.
    """
    found = session.scalar(select(Service).where(Service.code == code)) if actor.administrator else None
    if found is None:
        raise NotFound
    return found


def theme(actor: Actor, code: str) -> Theme:
    """A theme, for administrators.

    Raises:
        NotFound: there is none, or the actor is none of them.
    """
    found = session.scalar(select(Theme).where(Theme.code == code)) if actor.administrator else None
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
