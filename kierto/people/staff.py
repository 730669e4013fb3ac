"""Who works where, and who looks after an organisation and Kierto itself: as lists, pages and loaders read it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, exists, false, or_, select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor, Membership, Role
from kierto.database import session
from kierto.errors import NotFound, Refused
from kierto.people.addresses import plain_email, plain_phone
from kierto.people.models import Member, Person
from kierto.people.queries import Part
from kierto.units.models import Organisation, Unit
from kierto.words import folded

OFFICERS = (Role.COORDINATOR, Role.DECISION_MAKER)
"""The roles that belong to an organisation itself and not to a unit."""


class Worker(NamedTuple):
    """Somebody who works in a unit."""

    person: Person
    is_host: bool


class OwnRole(NamedTuple):
    """One of the actor's own roles, its unit where it has one, and its organisation."""

    member: Member
    organisation: Organisation
    unit: Unit | None


def workers(unit: Unit, limit: int, skip: int = 0) -> Sequence[Worker]:
    """Who works in the unit: contact persons first, then by name."""
    rows = session.execute(
        select(Person, Member.role)
        .join(Member, Member.person_id == Person.id)
        .where(Member.unit_id == unit.id)
        .order_by((Member.role != Role.HOST_CONTACT), Person.folded, Person.id)
        .limit(limit)
        .offset(skip)
    )
    found: dict[int, Worker] = {}
    for person, role in rows:
        found.setdefault(person.id, Worker(person, role is Role.HOST_CONTACT))
    return list(found.values())


def worker(unit: Unit, ref: str) -> Worker | None:
    """The person of the reference, if they work in the unit."""
    rows = session.execute(
        select(Person, Member.role)
        .join(Member, Member.person_id == Person.id)
        .where(Member.unit_id == unit.id, Person.ref == ref)
        .order_by(Member.role != Role.HOST_CONTACT)
    ).all()
    return Worker(rows[0][0], rows[0][1] is Role.HOST_CONTACT) if rows else None


def units_without_host(actor: Actor, limit: int | None = None) -> Sequence[Unit]:
    """The units that the actor coordinates and that have no host contact: until they do, the coordinator acts for them.

    By name; retired ones need nobody.
    """
    has_host = exists().where(Member.unit_id == Unit.id, Member.role == Role.HOST_CONTACT)
    return session.scalars(
        select(Unit)
        .where(Unit.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)), Unit.retired_on.is_(None), ~has_host)
        .order_by(Unit.__table__.c.name_fi, Unit.id)
        .limit(limit)
    ).all()


def looked_after(actor: Actor, ref: str) -> Organisation:
    """An organisation whose roles the actor looks after: one they coordinate, for an administrator any.

    Raises:
        NotFound: there is none.
    """
    mine = Organisation.id.in_(actor.organisations_as(Role.COORDINATOR))
    condition = or_(mine, Organisation.id.is_not(None) if actor.administrator else false())
    found = session.scalar(select(Organisation).where(Organisation.ref == ref, condition))
    if found is None:
        raise NotFound
    return found


def officers(organisation: Organisation) -> Sequence[Member]:
    """The organisation's coordinators, then its decision-makers, each with their person, by name."""
    return session.scalars(
        select(Member)
        .join(Person, Person.id == Member.person_id)
        .where(Member.organisation_id == organisation.id, Member.role.in_(OFFICERS))
        .options(joinedload(Member.person))
        .order_by(Member.role, Person.folded, Person.id)
    ).all()


def officer(organisation: Organisation, ref: str, role: str) -> Member | None:
    """One role of the person of the reference in the organisation itself; None when they do not have it."""
    if role not in OFFICERS:
        return None
    return session.scalar(
        select(Member)
        .join(Person, Person.id == Member.person_id)
        .where(Member.organisation_id == organisation.id, Member.role == Role(role), Person.ref == ref)
    )


def own_role(actor: Actor, role: str, ref: str) -> OwnRole:
    """One of the actor's own roles, by its unit's or its organisation's reference.

    Raises:
        NotFound: they do not have it.
    """
    for own in own_roles(actor):
        if own.member.role == role and (own.unit or own.organisation).ref == ref:
            return own
    raise NotFound


def own_roles(actor: Actor) -> Sequence[OwnRole]:
    """The actor's own roles, but for being an expert, which has a register and a page of its own."""
    rows = session.execute(
        select(Member, Organisation, Unit)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .outerjoin(Unit, Unit.id == Member.unit_id)
        .where(Member.person_id == actor.person_id)
        .order_by(Member.id)
    )
    return [OwnRole(*row) for row in rows]


def visible_people(actor: Actor) -> Select[Person]:
    """The persons an administrator may find: those with a role. Who is an expert somewhere is not theirs to know."""
    has_role = exists().where(Member.person_id == Person.id)
    known = or_(Person.administrator, has_role) if actor.administrator else false()
    return select(Person).where(known)


def administering(actor: Actor) -> Actor:
    """The administrator who asks.

    Raises:
        NotFound: the actor is none; to them there is nothing here.
    """
    if not actor.administrator:
        raise NotFound
    return actor


def findable_person(actor: Actor, ref: str) -> Person:
    """One person whom the actor may find.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible_people(actor).where(Person.ref == ref))
    if found is None:
        raise NotFound
    return found


def people_called(actor: Actor, text: str, limit: int) -> Sequence[Person]:
    """Whom the actor may find by their whole name, or by their whole e-mail address or phone number."""
    ways = [Person.folded == folded(text)]
    for column, plain in ((Person.email, plain_email), (Person.phone, plain_phone)):
        try:
            ways.append(column == plain(text))
        except Refused:
            continue  # it is no such address: then it is looked for as something else
    return session.scalars(
        visible_people(actor).where(or_(*ways)).order_by(Person.folded, Person.id).limit(limit)
    ).all()


def administrators() -> Sequence[Person]:
    """Who administers Kierto, by name."""
    return session.scalars(select(Person).where(Person.administrator).order_by(Person.folded, Person.id)).all()


def roles_of(person: Person) -> Sequence[Part]:
    """A person's roles in organisations and their units, but for being an expert."""
    rows = session.execute(
        select(Member, Organisation, Unit)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .outerjoin(Unit, Unit.id == Member.unit_id)
        .where(Member.person_id == person.id)
        .order_by(Member.organisation_id, Member.role, Member.id)
    )
    return [Part(person, member.role, organisation, unit) for member, organisation, unit in rows]


def member_of(person: Person, role: str, ref: str) -> Member | None:
    """One role of the person, by its unit's or its organisation's reference; None when they do not have it."""
    rows = session.execute(
        select(Member, Organisation.ref, Unit.ref)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .outerjoin(Unit, Unit.id == Member.unit_id)
        .where(Member.person_id == person.id)
    )
    return next(
        (member for member, organisation, unit in rows if member.role == role and (unit or organisation) == ref), None
    )


def membership(role: Role, place: Unit | Organisation) -> Membership:
    """What somebody is invited to be there."""
    if isinstance(place, Unit):
        return Membership(place.organisation_id, role, place.id)
    return Membership(place.id, role)
