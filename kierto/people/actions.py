"""Making persons and what they are."""

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.experts import ExpertAdded
from kierto.events.catalogue.people import MembershipGiven
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.words import Language, folded


def add_person(
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    language: Language = "fi",
    administrator: bool = False,
) -> Person:
    """Make a person. E-mail and phone are each optional.

    Raises:
        Refused: person-reached-once.
    """
    person = Person(
        name=name,
        email=email.strip().lower() if email else None,
        phone=phone,
        language=language,
        administrator=administrator,
        created_at=clock.now(),
        folded=folded(name),
    )
    session.add(person)
    session.flush()
    return person


def give_role(actor: Actor, person: Person, organisation_id: int, role: Role, unit_id: int | None = None) -> Member:
    """Make the person a coordinator, staff of a unit, its host contact, or a decision-maker."""
    member = Member(
        organisation_id=organisation_id,
        person_id=person.id,
        role=role,
        unit_id=unit_id,
        created_at=clock.now(),
    )
    session.add(member)
    record(actor, member, MembershipGiven(role=role.value, unit_id=unit_id))
    return member


def approve_expert(actor: Actor, person: Person, organisation_id: int) -> Expert:
    """Put the person into the organisation's register as an approved expert."""
    expert = Expert(
        organisation_id=organisation_id,
        person_id=person.id,
        state=ExpertState.APPROVED,
        created_at=clock.now(),
    )
    session.add(expert)
    record(actor, expert, ExpertAdded())
    return expert
