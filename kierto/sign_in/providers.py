"""Organisations' providers of single sign-on: kept by administrators, offered to everyone, and how strong each is.

What views get is plain values: they wait for providers' servers, and no transaction is open meanwhile.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor, Identified
from kierto.database import session
from kierto.errors import NotFound
from kierto.events.actions import record
from kierto.events.catalogue.sign_in import ProviderAdded, ProviderChanged, ProviderRetired
from kierto.people.models import Expert, ExpertState, Member
from kierto.sign_in.models import IdentityProvider
from kierto.units import queries as units
from kierto.units.models import Organisation
from kierto.words import Localised

_TIED = (ExpertState.APPLIED, ExpertState.APPROVED, ExpertState.PAUSED)


class Place(NamedTuple):
    """An organisation, as values."""

    organisation_id: int
    ref: str
    name: Localised


class Provider(NamedTuple):
    """A provider, as values; the secret is for its token endpoint alone."""

    ref: str
    organisation: Place
    name: Localised
    issuer: str
    client_id: str
    client_secret: str
    strong: bool
    retired: bool


class Wanted(NamedTuple):
    """What an administrator decides of a provider. No secret: the one it has stays."""

    name: Localised
    client_id: str
    client_secret: str | None
    strong: bool


def place(actor: Actor, ref: str) -> Place:
    """An organisation, for administrators.

    Raises:
        NotFound: there is none, or the actor is none of them.
    """
    organisation = units.organisation(actor, ref)
    return Place(organisation.id, organisation.ref, organisation.name)


def providers_of(organisation_id: int) -> Sequence[Provider]:
    """The organisation's providers, those in use first, by name."""
    found = session.execute(
        select(IdentityProvider, Organisation)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.organisation_id == organisation_id)
        .order_by(IdentityProvider.retired_at.is_not(None), IdentityProvider.__table__.c.name_fi)
    )
    return [_values(row, organisation) for row, organisation in found]


def provider(actor: Actor, ref: str, provider: str) -> Provider:
    """One of the organisation's providers, for administrators; retired ones too.

    Raises:
        NotFound: there is none, or the actor is no administrator.
    """
    where = place(actor, ref)
    return _values(_row(where, provider), where)


def offered() -> Sequence[Provider]:
    """The providers that anyone may sign in with, by name."""
    found = session.execute(
        select(IdentityProvider, Organisation)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.retired_at.is_(None))
        .order_by(IdentityProvider.__table__.c.name_fi, IdentityProvider.id)
    )
    return [_values(row, organisation) for row, organisation in found]


def offered_one(_actor: Actor, ref: str) -> Provider:
    """One of the providers that anyone may sign in with.

    Raises:
        NotFound: there is none, or it is retired.
    """
    found = session.execute(
        select(IdentityProvider, Organisation)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.ref == ref, IdentityProvider.retired_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    return _values(*found)


def add_provider(actor: Actor, where: Place, issuer: str, wanted: Wanted) -> IdentityProvider:
    """Let people sign in through the provider from now on. Its metadata was looked at before."""
    row = IdentityProvider(
        organisation_id=where.organisation_id,
        name=wanted.name,
        issuer=issuer,
        client_id=wanted.client_id,
        client_secret=(wanted.client_secret or "").encode(),
        strong=wanted.strong,
        created_at=clock.now(),
    )
    session.add(row)
    record(actor, row, ProviderAdded(strong=row.strong))
    return row


def change_provider(actor: Actor, provider: Provider, wanted: Wanted) -> None:
    """Change what it is called, the client, whether it is strong. The issuer stays: identities are known by it.

    Raises:
        NotFound: it is gone.
    """
    row = _row(provider.organisation, provider.ref)
    row.name, row.client_id, row.strong = wanted.name, wanted.client_id, wanted.strong
    if wanted.client_secret:
        row.client_secret = wanted.client_secret.encode()
    record(actor, row, ProviderChanged(strong=row.strong))


def retire_provider(actor: Actor, provider: Provider) -> None:
    """Nobody signs in through it any more; sessions go on. Retiring it twice changes nothing.

    Raises:
        NotFound: it is gone.
    """
    row = _row(provider.organisation, provider.ref)
    if row.retired_at is None:
        row.retired_at = clock.now()
        record(actor, row, ProviderRetired())


def identifies(ref: str) -> Identified:
    """How strongly whoever comes through this provider is identified at most: usually, once it is retired."""
    strong = session.scalar(
        select(IdentityProvider.strong).where(IdentityProvider.ref == ref, IdentityProvider.retired_at.is_(None))
    )
    return Identified.STRONGLY if strong else Identified.WEAKLY


def strength(issuer: str, by_provider: Identified, person_id: int) -> Identified:
    """How strongly whoever comes through the issuer is identified (secret-behind-strong-id).

    Strongly only when the provider that was used is strong (`identifies`: an issuer may have a weak one as well), when
    a strong one belongs to an organisation that the person has to do with, and when every organisation they work in has
    such a provider of this issuer: what one organisation vouches for opens no secrets of another.
    """
    if by_provider is not Identified.STRONGLY:
        return Identified.WEAKLY
    strong = set(
        session.scalars(
            select(IdentityProvider.organisation_id).where(
                IdentityProvider.issuer == issuer, IdentityProvider.strong, IdentityProvider.retired_at.is_(None)
            )
        )
    )
    works = set(session.scalars(select(Member.organisation_id).where(Member.person_id == person_id)))
    is_expert = set(
        session.scalars(select(Expert.organisation_id).where(Expert.person_id == person_id, Expert.state.in_(_TIED)))
    )
    known = bool(strong & (works | is_expert))
    return Identified.STRONGLY if known and works <= strong else Identified.WEAKLY


def _row(where: Place, ref: str) -> IdentityProvider:
    found = session.scalar(
        select(IdentityProvider).where(
            IdentityProvider.organisation_id == where.organisation_id, IdentityProvider.ref == ref
        )
    )
    if found is None:
        raise NotFound
    return found


def _values(row: IdentityProvider, organisation: Organisation | Place) -> Provider:
    where = (
        organisation if isinstance(organisation, Place) else Place(organisation.id, organisation.ref, organisation.name)
    )
    return Provider(
        ref=row.ref,
        organisation=where,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=row.client_secret.decode(),
        strong=row.strong,
        retired=row.retired_at is not None,
    )
