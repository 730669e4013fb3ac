"""Roles while people have them: given once, handed on, and kept where somebody must have one.

What ends a role also gives up seats, so that verb is `seats.working.end_role`.
"""

from sqlalchemy import select

from kierto.actor import Actor, Membership, Role
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import AdministratorEnded, AdministratorGiven, HostHandedOn, MembershipGiven
from kierto.people.actions import give_role
from kierto.people.models import Member, Person
from kierto.people.rules import HOST_WORKS_THERE, KIERTO_KEEPS_ADMINISTRATOR, ORGANISATION_KEEPS_COORDINATOR
from kierto.units.models import Unit

_IN_UNITS = (Role.STAFF, Role.HOST_CONTACT)


def ensure_role(actor: Actor, person: Person, to: Membership) -> Member:
    """Let the person have the role; who has it, or is the unit's host contact, keeps it. Lock the person before."""
    held = session.scalars(
        select(Member).where(Member.person_id == person.id, Member.organisation_id == to.organisation_id)
    ).all()
    if to.role not in _IN_UNITS:
        same = [member for member in held if member.role is to.role]
        return same[0] if same else give_role(actor, person, to.organisation_id, to.role)
    here = sorted((member for member in held if member.unit_id == to.unit_id), key=lambda one: one.role.value)
    if not here:
        return give_role(actor, person, to.organisation_id, to.role, to.unit_id)
    if to.role is Role.HOST_CONTACT and here[0].role is Role.STAFF:
        here[0].role = Role.HOST_CONTACT
        record(actor, here[0], MembershipGiven(role=to.role.value, unit_id=to.unit_id))
    return here[0]


def hand_host_on(actor: Actor, unit: Unit, giver_id: int | None, receiver_id: int) -> None:
    """Make the receiver the unit's host contact; the giver stays as a worker. No giver: there is one more.

    Raises:
        Refused: host-works-there: one of them is not there any more.
    """
    lock(Person, {receiver_id, *([giver_id] if giver_id else [])})
    if giver_id == receiver_id:
        raise Refused(HOST_WORKS_THERE, field="receiver")
    receiver = _member(unit, receiver_id, *_IN_UNITS)
    giver = _member(unit, giver_id, Role.HOST_CONTACT) if giver_id else None
    if receiver is None or (giver_id is not None and giver is None):
        raise Refused(HOST_WORKS_THERE, field="receiver")
    if receiver.role is Role.HOST_CONTACT and giver is None:
        return  # pressed twice
    receiver.role = Role.HOST_CONTACT
    if giver is not None:
        giver.role = Role.STAFF
    record(actor, unit, HostHandedOn(to_person_id=receiver_id, from_person_id=giver_id))


def make_administrator(actor: Actor, person: Person) -> None:
    """Let the person administer Kierto. Lock the person before."""
    if not person.administrator:
        person.administrator = True
        record(actor, person, AdministratorGiven())


def give_administrator(actor: Actor, person: Person) -> None:
    """`make_administrator` by another administrator."""
    make_administrator(actor, lock_one(Person, person.id))


def end_administrator(actor: Actor, person: Person) -> None:
    """Let the person administer Kierto no more. The locks of all administrators guard the last one.

    Raises:
        Refused: kierto-keeps-administrator.
    """
    holders = select(Person).where(Person.administrator)
    lock(Person, {person.id, *(one.id for one in session.scalars(holders))})
    now = {one.id for one in session.scalars(holders, execution_options={"populate_existing": True})}
    if person.id not in now:
        return
    if now == {person.id}:
        raise Refused(KIERTO_KEEPS_ADMINISTRATOR)
    person.administrator = False
    record(actor, person, AdministratorEnded())


def coordinators_of(organisation_id: int) -> set[int]:
    """Ids of the organisation's coordinators, as they are now."""
    return set(
        session.scalars(
            select(Member.person_id).where(Member.organisation_id == organisation_id, Member.role == Role.COORDINATOR)
        )
    )


def check_not_last(member: Member) -> None:
    """Rule organisation-keeps-coordinator. The locks of the persons who are its coordinators guard it.

    Raises:
        Refused: organisation-keeps-coordinator.
    """
    if member.role is Role.COORDINATOR and coordinators_of(member.organisation_id) <= {member.person_id}:
        raise Refused(ORGANISATION_KEEPS_COORDINATOR)


def _member(unit: Unit, person_id: int, *roles: Role) -> Member | None:
    return session.scalar(
        select(Member)
        .where(Member.unit_id == unit.id, Member.person_id == person_id, Member.role.in_(roles))
        .order_by(Member.role)
        .limit(1),
        execution_options={"populate_existing": True},
    )
