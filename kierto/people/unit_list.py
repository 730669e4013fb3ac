"""The list of units as people search it: by words, service and municipality, and by what a unit still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_
from sqlalchemy.orm import joinedload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.people.models import Member
from kierto.units.models import HostingHours, Unit
from kierto.units.queries import visible
from kierto.words import folded


class Shown(StrEnum):
    """Which units the list shows."""

    IN_USE = "in_use"
    NO_CONTACT = "no_contact"
    NO_HOURS = "no_hours"
    RETIRED = "retired"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; what is none narrows nothing. Retired units are shown only when asked for."""

    words: str | None = None
    service_id: int | None = None
    municipality: str | None = None
    shown: Shown = Shown.IN_USE


_name = Unit.__table__.c.name_fi


def listed(actor: Actor, filters: Filters, limit: int | None = None, after: Unit | None = None) -> Sequence[Unit]:
    """Visible units by name with their services, from behind `after`."""
    statement = _narrowed(visible(actor), filters)
    if after is not None:
        name = after.name.fi
        statement = statement.where(or_(_name > name, and_(_name == name, Unit.id > after.id)))
    statement = statement.options(joinedload(Unit.service)).order_by(_name, Unit.id)
    return session.scalars(statement.limit(limit)).all()


def count(actor: Actor, filters: Filters) -> int:
    """How many visible units there are."""
    found = _narrowed(visible(actor), filters).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(found) or 0


def place(actor: Actor, ref: str) -> Unit | None:
    """A visible unit by itself: where the list goes on from."""
    return session.scalar(visible(actor).where(Unit.ref == ref))


def municipalities(actor: Actor) -> Sequence[str]:
    """Where the visible units are, each once."""
    return sorted(session.scalars(visible(actor).with_only_columns(Unit.municipality).distinct()))


def _narrowed(statement: Select[Unit], filters: Filters) -> Select[Unit]:
    for word in folded(filters.words or "").split():
        statement = statement.where(Unit.folded.contains(word, autoescape=True))
    if filters.service_id:
        statement = statement.where(Unit.service_id == filters.service_id)
    if filters.municipality:
        statement = statement.where(Unit.municipality == filters.municipality)
    return statement.where(_shown(filters.shown))


def _shown(shown: Shown) -> ColumnElement[bool]:
    in_use = Unit.retired_on.is_(None)
    if shown is Shown.NO_CONTACT:
        contact = exists().where(Member.unit_id == Unit.id, Member.role == Role.HOST_CONTACT)
        return and_(in_use, ~contact)
    if shown is Shown.NO_HOURS:
        return and_(in_use, ~exists().where(HostingHours.unit_id == Unit.id))
    return ~in_use if shown is Shown.RETIRED else in_use
