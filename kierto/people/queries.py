"""Reading persons and who they are to whom."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import exists, or_, select

from kierto.actor import Actor, Membership, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.units.models import Organisation, Unit


class Part(NamedTuple):
    """A person and one thing they are: a role in an organisation, at a unit for its staff; no role: administrator."""

    person: Person
    role: Role | None
    organisation: Organisation | None
    unit: Unit | None


def actor_for(person: Person) -> Actor:
    """The Actor a person would be, without a session: for the demo, the command line and tests."""
    members = session.scalars(select(Member).where(Member.person_id == person.id)).all()
    experts = session.scalars(
        select(Expert).where(Expert.person_id == person.id, Expert.state == ExpertState.APPROVED)
    ).all()
    return Actor(
        person_id=person.id,
        name=person.name,
        memberships=memberships(members, experts),
        administrator=person.administrator,
    )


def memberships(members: Iterable[Member | None], experts: Iterable[Expert | None]) -> frozenset[Membership]:
    """What an Actor is, from its rows."""
    roles = {Membership(m.organisation_id, m.role, m.unit_id) for m in members if m is not None}
    return frozenset(roles | {Membership(e.organisation_id, Role.EXPERT) for e in experts if e is not None})


def myself(actor: Actor) -> Person:
    """The signed-in person.

    Raises:
        NotFound: nobody is signed in.
    """
    found = session.get(Person, actor.person_id) if actor.person_id else None
    if found is None:
        raise NotFound
    return found


def person_with_email(email: str) -> Person | None:
    """Who uses the e-mail address, in any case of letters."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person_with_phone(phone: str) -> Person | None:
    """Who uses the phone number (E.164)."""
    return session.scalar(select(Person).where(Person.phone == phone))


def person_with_ref(ref: str) -> Person | None:
    """Who has the public reference."""
    return session.scalar(select(Person).where(Person.ref == ref))


def persons_of(ids: Iterable[int]) -> dict[int, Person]:
    """Number → person, for what holds bare numbers."""
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(set(ids))))}


def host_contacts(unit_id: int) -> Sequence[Person]:
    """The host contacts of a unit."""
    return session.scalars(
        select(Person)
        .join(Member, Member.person_id == Person.id)
        .where(Member.unit_id == unit_id, Member.role == Role.HOST_CONTACT)
        .order_by(Person.id)
    ).all()


def hosted_units(unit_ids: Iterable[int]) -> frozenset[int]:
    """Which of the units have a host contact; until then the coordinator books for a unit."""
    rows = session.scalars(
        select(Member.unit_id).where(Member.unit_id.in_(unit_ids), Member.role == Role.HOST_CONTACT).distinct()
    )
    return frozenset(id_ for id_ in rows if id_ is not None)


def works_in(person_id: int, unit_id: int) -> bool:
    """Whether the person is staff or a host contact of the unit (seat-no-double-hat)."""
    return (
        session.scalar(select(Member.id).where(Member.person_id == person_id, Member.unit_id == unit_id).limit(1))
        is not None
    )


def is_approved_expert(person_id: int, organisation_id: int) -> bool:
    """Rule expert-approved."""
    return (
        session.scalar(
            select(Expert.id).where(
                Expert.person_id == person_id,
                Expert.organisation_id == organisation_id,
                Expert.state == ExpertState.APPROVED,
            )
        )
        is not None
    )


def parts(limit: int) -> Sequence[Part]:
    """What the longest-known people are, for the demo to choose from: at most `limit` of members and of experts."""
    members = session.execute(
        select(Person, Member.role, Organisation, Unit)
        .join(Member, Member.person_id == Person.id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .outerjoin(Unit, Unit.id == Member.unit_id)
        .order_by(Member.id)
        .limit(limit)
    )
    experts = session.execute(
        select(Person, Organisation)
        .join(Expert, Expert.person_id == Person.id)
        .join(Organisation, Organisation.id == Expert.organisation_id)
        .where(Expert.state == ExpertState.APPROVED)
        .order_by(Expert.id)
        .limit(limit)
    )
    administrators = session.scalars(select(Person).where(Person.administrator).order_by(Person.id).limit(limit))
    return [
        *(Part(*row) for row in members),
        *(Part(person, Role.EXPERT, organisation, None) for person, organisation in experts),
        *(Part(person, None, None, None) for person in administrators),
    ]


def has_part_elsewhere(person_id: int, organisation_id: int) -> bool:
    """Whether the person is an expert or has a role in another organisation than this one."""
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(Expert.person_id == person_id, Expert.organisation_id != organisation_id),
                    exists().where(Member.person_id == person_id, Member.organisation_id != organisation_id),
                )
            )
        )
    )
