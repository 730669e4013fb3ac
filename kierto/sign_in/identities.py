"""Whom providers' identities let in: looked up by issuer and subject, listed to their person, taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from kierto.actor import Actor
from kierto.database import session
from kierto.errors import NotFound
from kierto.events.actions import record
from kierto.events.catalogue.sign_in import IdentityRemoved
from kierto.people.models import Person
from kierto.sign_in.actions import Joining, start_session
from kierto.sign_in.models import Identity, IdentityProvider, SessionBy
from kierto.sign_in.providers import strength
from kierto.sign_in.tokens import hashed
from kierto.words import Localised


class Joined(NamedTuple):
    """An identity as its person sees it: where it is from, since when, and a handle that says nothing of it."""

    handle: str
    issuer: str
    names: Sequence[Localised]
    created_at: datetime


class Entered(NamedTuple):
    """A session that has begun: its token, and the language of its person."""

    token: str
    language: str


def enter(came: Joining, device: str) -> Entered | None:
    """Let the person in whose identity it is; None when it is nobody's yet."""
    person = session.scalar(
        select(Person)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.issuer == came.issuer, Identity.subject == came.subject, Person.erased_at.is_(None))
    )
    if person is None:
        return None
    identified = strength(came.issuer, came.identified, person.id)
    token = start_session(person.id, SessionBy.SINGLE_SIGN_ON, device, identified)
    return Entered(token, person.language)


def own_identities(actor: Actor) -> Sequence[Joined]:
    """The actor's identities, the newest first, each with what its providers are called."""
    own = session.scalars(
        select(Identity).where(Identity.person_id == actor.person_id).order_by(Identity.id.desc())
    ).all()
    names: dict[str, list[Localised]] = {identity.issuer: [] for identity in own}
    for provider in session.scalars(
        select(IdentityProvider).where(IdentityProvider.issuer.in_(names)).order_by(IdentityProvider.id)
    ):
        names[provider.issuer].append(provider.name)
    return [Joined(_handle(one), one.issuer, names[one.issuer], one.created_at) for one in own]


def remove_identity(actor: Actor, handle: str) -> None:
    """The identity lets nobody in any more, until the mailbox is proved again.

    Raises:
        NotFound: the actor has none such.
    """
    own = session.scalars(select(Identity).where(Identity.person_id == actor.person_id))
    found = next((one for one in own if _handle(one) == handle), None)
    if found is None:
        raise NotFound
    record(actor, found, IdentityRemoved())
    session.delete(found)


def _handle(identity: Identity) -> str:
    return hashed(f"{identity.issuer} {identity.subject}")[:16]
