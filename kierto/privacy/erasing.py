"""Erasing a person (erase-person): everything that tells who they are goes, in one transaction; their number stays.

What others did with them still fits together then: seats in meetings that were held, counts of who agreed, the log.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from kierto.actor import Actor, Role
from kierto.database import Base, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import MembershipEnded
from kierto.events.catalogue.privacy import PersonErased
from kierto.events.models import Event, QueuedEvent
from kierto.experts.blanking import applications_begun, applications_with, blank_expert, forget_address
from kierto.experts.models import BusySpan
from kierto.jobs.forgetting import forget_words
from kierto.messages.models import Message, MessageState
from kierto.people.blanking import blank_person
from kierto.people.models import Expert, Invitation, Member, Person
from kierto.people.roles import coordinators_of
from kierto.people.rules import KIERTO_KEEPS_ADMINISTRATOR, ORGANISATION_KEEPS_COORDINATOR
from kierto.practices.models import Adoption
from kierto.privacy.models import RetentionNotice
from kierto.privacy.rules import ERASE_PERSON
from kierto.seats.actions import give_up
from kierto.seats.leaving import Held, hold
from kierto.sign_in.models import ContactChange, Identity, PaperPass, PersonSession, SignInRequest
from kierto.statements.models import AccessibilityFeedback


def erase_person(actor: Actor, person_id: int) -> None:
    """Erase the person; doing it twice changes nothing.

    Locks the open meetings of their coming seats, then them and whoever shares a duty that somebody must have: all
    coordinators of their organisations, all administrators.

    Raises:
        Refused: erase-person, with what to hand on first, when they are the last coordinator or administrator.
    """
    held = hold({person_id, *_sharing(person_id)})
    person = next(one for one in held.persons if one.id == person_id)
    if person.erased_at is not None:
        return
    _check_handed_on(person)
    words = [word for word in (person.name, *addresses_of(person)) if word]
    _give_up_seats(actor, held, person)
    _end_roles(actor, person)
    _forget_experts(person)
    _forget_ways_in(person)
    _forget_elsewhere(person, words)
    _drop_messages(Message.person_id == person.id)
    blank_person(person)
    record(actor, person, PersonErased())


def addresses_of(person: Person) -> list[str]:
    """Where the person is or was reached: their addresses, and the former ones that they had proved."""
    changed = session.scalars(
        select(ContactChange.address).where(ContactChange.person_id == person.id, ContactChange.done_at.is_not(None))
    )
    return sorted({address for address in (person.email, person.phone, *changed) if address})


def roles_to_hand_on(person: Person) -> str | None:
    """What the person must hand on before they can be erased, as an English source string; None: nothing."""
    if person.administrator and not _others(_administrators(), person):
        return KIERTO_KEEPS_ADMINISTRATOR.sentence
    for organisation_id in _coordinated(person.id):
        if not _others(coordinators_of(organisation_id), person):
            return ORGANISATION_KEEPS_COORDINATOR.sentence
    return None


def _check_handed_on(person: Person) -> None:
    sentence = roles_to_hand_on(person)
    if sentence is not None:
        raise Refused(ERASE_PERSON, sentence)


def _sharing(person_id: int) -> set[int]:
    """Who shares a duty with the person that somebody must have."""
    sharing = {other for organisation_id in _coordinated(person_id) for other in coordinators_of(organisation_id)}
    administrators = _administrators()
    return sharing | (administrators if person_id in administrators else set())


def _coordinated(person_id: int) -> list[int]:
    return list(
        session.scalars(
            select(Member.organisation_id).where(Member.person_id == person_id, Member.role == Role.COORDINATOR)
        )
    )


def _administrators() -> set[int]:
    return set(session.scalars(select(Person.id).where(Person.administrator)))


def _others(persons: Iterable[int], person: Person) -> set[int]:
    return set(persons) - {person.id}


def _give_up_seats(actor: Actor, held: Held, person: Person) -> None:
    for seat in held.seats:
        if seat.person_id == person.id:
            give_up(actor, seat, held.meetings[seat.meeting_id])


def _end_roles(actor: Actor, person: Person) -> None:
    for member in session.scalars(select(Member).where(Member.person_id == person.id).order_by(Member.id)):
        record(actor, member, MembershipEnded(person_id=person.id, role=member.role.value, unit_id=member.unit_id))
        session.delete(member)
    session.execute(update(Adoption).where(Adoption.owner_id == person.id).values(owner_id=None))
    session.flush()


def _forget_experts(person: Person) -> None:
    session.execute(delete(BusySpan).where(BusySpan.person_id == person.id))
    for expert in session.scalars(select(Expert).where(Expert.person_id == person.id).order_by(Expert.id)):
        blank_expert(expert)
    addresses = addresses_of(person)
    _forget(applications_begun(person.id, addresses))
    for application in applications_with(person.id, addresses):
        forget_address(application, addresses)


def _forget_ways_in(person: Person) -> None:
    """Sessions, requests, changed addresses, single sign-on, passes: nobody comes in as this person any more."""
    addresses = addresses_of(person)
    _forget(
        session.scalars(
            select(SignInRequest).where(or_(SignInRequest.person_id == person.id, SignInRequest.address.in_(addresses)))
        ).all()
    )
    _forget(
        session.scalars(
            select(Invitation).where(or_(Invitation.email.in_(addresses), Invitation.phone.in_(addresses)))
        ).all()
    )
    for table in (ContactChange, Identity, PaperPass):
        _forget(session.scalars(select(table).where(table.person_id == person.id)).all())
    session.execute(delete(PersonSession).where(PersonSession.person_id == person.id))
    session.execute(delete(RetentionNotice).where(RetentionNotice.person_id == person.id))


def _forget_elsewhere(person: Person, words: Collection[str]) -> None:
    """Feedback that asked for an answer at their address, and results of long work in which they stand."""
    addresses = [word.casefold() for word in addresses_of(person)]
    _forget(
        session.scalars(
            select(AccessibilityFeedback).where(func.lower(AccessibilityFeedback.reply_to).in_(addresses))
        ).all()
    )
    forget_words(words, person.id)


def _forget(rows: Iterable[Base]) -> None:
    """Delete the rows, and what was still to be told of them."""
    for row in rows:
        about = select(Event.id).where(
            Event.organisation_id == row.organisation_id,  # type: ignore[attr-defined]  # each of them is a Subject
            Event.subject == row.__tablename__,
            Event.subject_id == row.id,
        )
        session.execute(delete(QueuedEvent).where(QueuedEvent.event_id.in_(about)))
        _drop_messages(Message.event_id.in_(about))
        session.delete(row)
    session.flush()


def _drop_messages(which: ColumnElement[bool]) -> None:
    """What is still to be sent of these is not sent any more."""
    session.execute(
        update(Message)
        .where(which, Message.state == MessageState.DUE)
        .values(state=MessageState.OUTDATED, lease_until=None),
        execution_options={"synchronize_session": False},
    )
