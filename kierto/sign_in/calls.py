"""Calls that coordinators make: to a number long silent, and to who has lost the old address of a change."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, func, select, union
from sqlalchemy.orm import contains_eager

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.people.models import Expert, Member, Person
from kierto.people.queries import person_with_ref
from kierto.sign_in.models import Channel, ContactChange, SignInRequest
from kierto.sign_in.rules import NUMBER_SILENT_AFTER, REQUESTS_KEPT


class Call(NamedTuple):
    """Whom to call, and why.

    `organisation_id` is the one through which the actor sees the person; `number_asked_at` says when somebody asked for
    a sign-in message to the person's silent number; `changes` wait for their old end.
    """

    person: Person
    organisation_id: int
    number_asked_at: datetime | None
    changes: list[ContactChange]

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        return min(at for at in (self.number_asked_at, *(one.created_at for one in self.changes)) if at is not None)


def calls_to_make(actor: Actor) -> list[Call]:
    """The calls that wait for a coordinator, the oldest first; they are of organisations that the actor coordinates."""
    belonging = _belonging(actor).subquery()
    return _calls(actor, Person.id.in_(select(belonging.c.person_id)))


def call_to_make(actor: Actor, ref: str) -> Call:
    """The call to one person, whether anything waits for it or not: people call, too.

    Raises:
        NotFound: the person does not belong to an organisation that the actor coordinates.
    """
    person = person_with_ref(ref)
    if person is None or person.id not in (through := _organisations(actor, [person.id])):
        raise NotFound
    waiting = _calls(actor, Person.id == person.id)
    return waiting[0] if waiting else Call(person, through[person.id], None, [])


def _belonging(actor: Actor) -> CompoundSelect[tuple[int, int]]:
    """Persons and the organisations they belong to, in any role or state, among those that the actor coordinates."""
    mine = actor.organisations_as(Role.COORDINATOR)
    return union(
        select(Expert.person_id, Expert.organisation_id).where(Expert.organisation_id.in_(mine)),
        select(Member.person_id, Member.organisation_id).where(Member.organisation_id.in_(mine)),
    )


def _organisations(actor: Actor, person_ids: Iterable[int]) -> dict[int, int]:
    """Person → the organisation through which the actor sees them."""
    belonging = _belonging(actor).subquery()
    through = (
        select(belonging.c.person_id, func.min(belonging.c.organisation_id))
        .where(belonging.c.person_id.in_(person_ids))
        .group_by(belonging.c.person_id)
    )
    return dict(list(session.execute(through)))


def _calls(actor: Actor, who: ColumnElement[bool]) -> list[Call]:
    now = clock.now()
    asked = session.execute(
        select(Person, func.max(SignInRequest.created_at))
        .join(SignInRequest, SignInRequest.address == Person.phone)
        .where(
            who,
            SignInRequest.channel == Channel.SMS,
            SignInRequest.used_at.is_(None),
            SignInRequest.created_at > now - REQUESTS_KEPT,
            func.coalesce(Person.phone_proved_at, Person.created_at) < now - NUMBER_SILENT_AFTER,
        )
        .group_by(Person.id)
    ).all()
    changes = session.scalars(
        select(ContactChange)
        .join(Person, Person.id == ContactChange.person_id)
        .options(contains_eager(ContactChange.person))
        .where(
            who,
            ContactChange.new_confirmed_at.is_not(None),
            ContactChange.old_confirmed_at.is_(None),
            ContactChange.cancelled_at.is_(None),
            ContactChange.expires_at > now,
        )
        .order_by(ContactChange.id)
    ).all()
    persons = {person.id: person for person, _at in asked} | {one.person_id: one.person for one in changes}
    through = _organisations(actor, persons)
    numbers = {person.id: at for person, at in asked}
    found = [
        Call(person, through[id_], numbers.get(id_), [one for one in changes if one.person_id == id_])
        for id_, person in persons.items()
        if id_ in through
    ]
    return sorted(found, key=lambda call: (call.since, call.person.id))
