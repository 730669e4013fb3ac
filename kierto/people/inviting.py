"""Inviting people to roles. An invitation knows an address; whether anybody has it, only accepting it tells."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Membership, Role
from kierto.database import NO_ORGANISATION, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import InvitationSent, InvitationWithdrawn
from kierto.people.addresses import plain_email, plain_phone
from kierto.people.models import Invitation, Person
from kierto.people.queries import person_with_email, person_with_phone
from kierto.people.rules import INVITATION_LASTS, INVITATION_OPEN, SENT_AGAIN_AFTER
from kierto.units.models import Organisation, Unit
from kierto.words import Language


class Invitee(NamedTuple):
    """Who is invited: a name to begin with, which they may change, and an e-mail address or a phone number."""

    name: str
    email: str | None
    phone: str | None
    language: Language


def invitee(name: str, address: str, language: Language, *, field: str = "address") -> Invitee:
    """Who is invited, from what was typed.

    Raises:
        Refused: address-understood.
    """
    if "@" in address or not any(one.isdigit() for one in address):
        return Invitee(name, plain_email(address, field=field), None, language)
    return Invitee(name, None, plain_phone(address, field=field), language)


def invite(actor: Actor, invited: Invitee, to: Membership | None) -> Invitation:
    """Invite somebody to be something; `to` none: an administrator of Kierto.

    Nothing here depends on whether the address is known. An invitation of the same address to the same that is still
    open is sent again, and no second one is made.
    """
    role, organisation_id, unit_id = (to.role, to.organisation_id, to.unit_id) if to else (None, NO_ORGANISATION, None)
    earlier = session.scalar(
        select(Invitation).where(
            Invitation.organisation_id == organisation_id,
            Invitation.role == role if role else Invitation.role.is_(None),
            Invitation.unit_id == unit_id if unit_id else Invitation.unit_id.is_(None),
            Invitation.email == invited.email if invited.email else Invitation.phone == invited.phone,
            Invitation.created_by.is_not(None),
            *_OPEN,
        )
    )
    if earlier is not None:
        earlier.name, earlier.language = invited.name, invited.language
        return _sent(actor, earlier)
    now = clock.now()
    invitation = Invitation(
        organisation_id=organisation_id,
        role=role,
        unit_id=unit_id,
        name=invited.name,
        email=invited.email,
        phone=invited.phone,
        language=invited.language,
        created_by=actor.person_id,
        created_at=now,
        expires_at=now,
    )
    session.add(invitation)
    return _sent(actor, invitation)


def send_again(actor: Actor, invitation: Invitation) -> Invitation:
    """Send the letter once more; its link is the same and works 14 days from now.

    Raises:
        Refused: invitation-open.
    """
    return _sent(actor, _fresh(invitation))


def withdraw_invitation(actor: Actor, invitation: Invitation) -> None:
    """Take the invitation back: its link works no more.

    Raises:
        Refused: invitation-open when it was accepted; withdrawing twice changes nothing.
    """
    if _locked(invitation).withdrawn_at is not None:
        return
    _fresh(invitation).withdrawn_at = clock.now()
    record(actor, invitation, InvitationWithdrawn())


def visible_invitations(actor: Actor) -> Select[Invitation]:
    """The invitations that the actor may see: of the units they host and of the organisations they coordinate.

    Administrators see those that are not of a unit.
    """
    hosted = [one.unit_id for one in actor.memberships if one.role is Role.HOST_CONTACT]
    return select(Invitation).where(
        or_(
            Invitation.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Invitation.unit_id.in_(hosted),
            Invitation.unit_id.is_(None) if actor.administrator else false(),
        )
    )


def invitation(actor: Actor, ref: str) -> Invitation:
    """One visible invitation.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible_invitations(actor).where(Invitation.ref == ref).options(joinedload(Invitation.unit)))
    if found is None:
        raise NotFound
    return found


def open_invitations(actor: Actor, of: Unit | Organisation | None) -> Sequence[Invitation]:
    """Visible invitations that nobody has accepted, oldest first.

    To a unit, to an organisation itself, or (none) to be an administrator. Who only asked at a joining link has proved
    nothing yet, and is not shown.
    """
    organisation_id = NO_ORGANISATION if of is None else of.organisation_id if isinstance(of, Unit) else of.id
    unit = Invitation.unit_id == of.id if isinstance(of, Unit) else Invitation.unit_id.is_(None)
    return session.scalars(
        visible_invitations(actor)
        .where(Invitation.organisation_id == organisation_id, unit, Invitation.created_by.is_not(None), *_OPEN)
        .order_by(Invitation.id)
    ).all()


def invited_person(invitation: Invitation) -> Person | None:
    """Who has the invitation's address now, None when nobody is known by it."""
    if invitation.email is not None:
        return person_with_email(invitation.email)
    return person_with_phone(invitation.phone or "")


_OPEN = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now; who accepts it at this moment waits, or was first."""
    return session.scalars(
        select(Invitation).where(Invitation.id == invitation.id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()


def _fresh(invitation: Invitation) -> Invitation:
    if not _locked(invitation).open:
        raise Refused(INVITATION_OPEN)
    return invitation


def _sent(actor: Actor, invitation: Invitation) -> Invitation:
    now = clock.now()
    if invitation.expires_at > now + INVITATION_LASTS - SENT_AGAIN_AFTER:
        return invitation  # pressed twice
    invitation.expires_at = now + INVITATION_LASTS
    role = invitation.role.value if invitation.role else None
    record(actor, invitation, InvitationSent(role=role, unit_id=invitation.unit_id))
    return invitation
