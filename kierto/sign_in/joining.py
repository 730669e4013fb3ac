"""The links that let people in with a role: an invitation's, and the letter that a unit's joining link sends."""

from kierto import clock
from kierto.actor import VISITOR, Role
from kierto.database import session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import InvitationSent
from kierto.people.addresses import plain_email
from kierto.people.joining import check_work_address
from kierto.people.models import Invitation, JoiningLink
from kierto.people.rules import JOINING_ASKED_LASTS, JOINING_LINK_WORKS
from kierto.sign_in import limits
from kierto.sign_in.tokens import invitation_link
from kierto.words import Language


def invitation_behind(token: str, secret_key: str) -> Invitation | None:
    """The invitation behind its link's token, None when it is not ours; it may be used, withdrawn or expired."""
    link = invitation_link(token, secret_key)
    found = session.get(Invitation, link.id) if link else None
    return found if link and found and link.leads_to(found) else None


def ask_to_join(link: JoiningLink, name: str, email: str, language: Language, client: str, secret_key: str) -> None:
    """Ask, at a joining link, to become staff of its unit: a letter with a link goes to the work address.

    It is an invitation that nobody made; accepting it proves the mailbox. The answer is the same whether the address
    is known or not. Counted together with asking for sign-in messages, since it sends one too.

    Raises:
        Refused: joining-link-works, address-understood, joining-work-address.
        TooMany: this address, or this caller, has asked too often.
    """
    if not link.usable:
        raise Refused(JOINING_LINK_WORKS)
    address = plain_email(email, field="email")
    check_work_address(link.unit.organisation, address, field="email")
    limits.message_asked(address, client, secret_key)
    now = clock.now()
    asked = Invitation(
        organisation_id=link.organisation_id,
        role=Role.STAFF,
        unit_id=link.unit_id,
        name=name,
        email=address,
        language=language,
        created_at=now,
        expires_at=now + JOINING_ASKED_LASTS,
    )
    session.add(asked)
    record(VISITOR, asked, InvitationSent(role=Role.STAFF.value, unit_id=link.unit_id))
