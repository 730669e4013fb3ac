"""Making and changing organisations and units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import Base, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.units import (
    OrganisationAdded,
    OrganisationChanged,
    UnitAdded,
    UnitChanged,
    UnitDatesBlocked,
    UnitDatesFreed,
    UnitHoursChanged,
    WeakReadingAllowed,
    WeakReadingEnded,
)
from kierto.units import queries
from kierto.units.models import BlockedDates, ExpertWord, HostingHours, Organisation, Unit
from kierto.units.rules import (
    ORGANISATION_NAMED_ONCE,
    UNIT_CHANGED,
    UNIT_HOURS_IN_ORDER,
    UNIT_NAMED_ONCE,
    Hours,
    check_hours,
)
from kierto.words import Localised, folded


@dataclass(frozen=True)
class Reach:
    """How an organisation speaks of its experts and is reached: what its coordinators decide themselves.

    `mail_domains` are those of its workers' addresses, in lower case; `phone` is in E.164.
    """

    expert_word: ExpertWord
    mail_domains: list[str]
    phone: str | None
    email: str | None


@dataclass(frozen=True)
class UnitFacts:
    """What a unit is and where: what its coordinator decides."""

    name: Localised
    service_id: int
    municipality: str
    street_address: str


@dataclass(frozen=True)
class Visit:
    """What whoever comes to a unit should know; its host contact keeps it. Of access None: nobody has said."""

    arrival: Localised
    languages: list[str]
    step_free: bool | None
    lift: bool | None
    accessible_wc: bool | None
    induction_loop: bool | None
    parking: bool | None
    quiet_room: bool | None
    access: Localised


def add_organisation(name: Localised, *, bilingual: bool = False, by: Actor = SYSTEM) -> Organisation:
    """Make an organisation.

    Raises:
        Refused: organisation-named-once.
    """
    _check_organisation_name(name)
    organisation = Organisation(name=name, bilingual=bilingual, created_at=clock.now())
    session.add(organisation)
    record(by, organisation, OrganisationAdded())
    return organisation


def change_organisation(actor: Actor, organisation: Organisation, name: Localised, *, bilingual: bool) -> None:
    """Change what an organisation is called, and whether it speaks Finnish and Swedish.

    Raises:
        Refused: organisation-named-once.
    """
    _check_organisation_name(name, but=organisation.id)
    _change_organisation(actor, organisation, {"name": name, "bilingual": bilingual})


def change_reach(actor: Actor, organisation: Organisation, reach: Reach) -> None:
    """Change an organisation's word for its experts, its workers' mail domains, its coordinators' phone and e-mail."""
    _change_organisation(actor, organisation, vars(reach))


def allow_weak_reading(actor: Actor, organisation: Organisation, reason: str | None) -> None:
    """Let stored secrets be read without strong identification, for a reason; without one they are guarded again.

    See secret-behind-strong-id. Saying the same again changes nothing.
    """
    before, organisation.weak_reading_reason = organisation.weak_reading_reason, reason
    if before != reason:
        record(actor, organisation, WeakReadingAllowed() if reason else WeakReadingEnded())


def add_unit(
    actor: Actor,
    organisation_id: int,
    name: Localised,
    *,
    service_id: int,
    municipality: str,
    street_address: str,
    visit: Visit | None = None,
) -> Unit:
    """Add a unit to an organisation.

    Raises:
        Refused: unit-named-once.
    """
    _check_unit_name(organisation_id, name)
    unit = Unit(
        organisation_id=organisation_id,
        name=name,
        service_id=service_id,
        municipality=municipality,
        street_address=street_address,
        created_at=clock.now(),
        **(vars(visit) if visit else {}),
    )
    unit.fold()
    session.add(unit)
    record(actor, unit, UnitAdded())
    return unit


def change_unit(actor: Actor, unit: Unit, visit: Visit, facts: UnitFacts | None = None, *, version: int) -> None:
    """Change a unit: what visitors should know and, for its coordinator, what it is and where.

    `version` is the unit's when the form was opened. Saving what stands already changes nothing.

    Raises:
        Refused: unit-changed when somebody else has changed the unit since; unit-named-once.
    """
    unit = lock_one(Unit, unit.id)
    values = vars(visit) | (vars(facts) if facts else {})
    if not _new(unit, values):
        return
    if unit.version != version:
        raise Refused(UNIT_CHANGED)
    if facts:
        _check_unit_name(unit.organisation_id, facts.name, but=unit.id)
    fields = _set(unit, values)
    unit.fold()
    unit.touch()
    record(actor, unit, UnitChanged(fields=fields))


def set_hours(actor: Actor, unit: Unit, hours: Sequence[Hours], *, version: int) -> None:
    """Make these the unit's hosting hours; see `change_unit` for `version`.

    Raises:
        Refused: unit-changed, unit-hours-in-order, unit-hours-apart.
    """
    check_hours(hours)
    unit = lock_one(Unit, unit.id)
    if sorted(hours) == queries.hours_of(unit):
        return
    if unit.version != version:
        raise Refused(UNIT_CHANGED)
    session.execute(delete(HostingHours).where(HostingHours.unit_id == unit.id))
    session.add_all(
        HostingHours(organisation_id=unit.organisation_id, unit_id=unit.id, **one._asdict()) for one in hours
    )
    unit.touch()
    record(actor, unit, UnitHoursChanged(count=len(hours)))


def block_dates(actor: Actor, unit: Unit, from_on: date, until_on: date, reason: str | None = None) -> BlockedDates:
    """Let the unit host no meeting from one day to another, both included.

    Pressing twice changes nothing: the same days are blocked once. Guarded by the unit's lock.

    Raises:
        Refused: unit-hours-in-order.
    """
    if until_on < from_on:
        raise Refused(UNIT_HOURS_IN_ORDER, field="until_on")
    lock_one(Unit, unit.id)
    same = select(BlockedDates).where(
        BlockedDates.unit_id == unit.id, BlockedDates.from_on == from_on, BlockedDates.until_on == until_on
    )
    there = session.scalar(same)
    if there is not None:
        return there
    blocked = BlockedDates(
        organisation_id=unit.organisation_id, unit_id=unit.id, from_on=from_on, until_on=until_on, reason=reason
    )
    session.add(blocked)
    record(actor, unit, UnitDatesBlocked(days=(until_on - from_on).days + 1))
    return blocked


def free_dates(actor: Actor, unit: Unit, ref: str) -> None:
    """Take back that the unit hosts no meeting on some days. Days that are free already stay so."""
    lock_one(Unit, unit.id)
    blocked = session.scalar(select(BlockedDates).where(BlockedDates.unit_id == unit.id, BlockedDates.ref == ref))
    if blocked is not None:
        session.delete(blocked)
        record(actor, unit, UnitDatesFreed(days=(blocked.until_on - blocked.from_on).days + 1))


def _check_organisation_name(name: Localised, but: int | None = None) -> None:
    """Case and spaces make no other name. Two made at the same moment: the database has the last word."""
    for other in session.scalars(select(Organisation).where(Organisation.id != (but or 0))):
        if folded(other.name.fi) == folded(name.fi):
            raise Refused(ORGANISATION_NAMED_ONCE, field="name_fi")


def _check_unit_name(organisation_id: int, name: Localised, but: int | None = None) -> None:
    """Case and spaces make no other name."""
    alike = select(Unit.name).where(
        Unit.organisation_id == organisation_id,
        Unit.id != (but or 0),
        Unit.folded.startswith(folded(name.fi), autoescape=True),
    )
    if any(folded(other.fi) == folded(name.fi) for other in session.scalars(alike)):
        raise Refused(UNIT_NAMED_ONCE, field="name_fi")


def _change_organisation(actor: Actor, organisation: Organisation, values: Mapping[str, object]) -> None:
    fields = _set(organisation, values)
    if fields:
        record(actor, organisation, OrganisationChanged(fields=fields))


def _new(row: Base, values: Mapping[str, object]) -> list[str]:
    """The names of the values that the row does not have already."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def _set(row: Base, values: Mapping[str, object]) -> str:
    """Give the row the values; returns the names of those that are new, as events tell them."""
    fields = _new(row, values)
    for name in fields:
        setattr(row, name, values[name])
    return ",".join(fields)
