"""Invitations and what came of them, for the tests of staff."""

import re
from datetime import timedelta

from sqlalchemy import select

from kierto.actor import Membership, Role
from kierto.database import reading, session, writing
from kierto.messages.queries import KeptMail, kept_mails
from kierto.people import inviting
from kierto.people.inviting import invitee
from kierto.people.joining import make_joining_link
from kierto.people.models import Invitation, Member
from kierto.settings import Settings
from kierto.sign_in.tokens import invitation_token
from kierto.worker.delivery import Delivery, FanOut
from tests.cast import Cast, Thing


def invite_staff(cast: Cast, address: str, by: str = "host") -> Thing[Invitation]:
    """The first unit's host contact invites a worker."""
    with writing():
        to = Membership(cast.organisation.id, Role.STAFF, cast.unit.id)
        return Thing(inviting.invite(cast.actor(by), invitee("Kutsuttu Kaija", address, "fi"), to))


def invitation_to(address: str) -> Thing[Invitation]:
    """The newest invitation of an e-mail address."""
    with reading():
        found = session.scalars(select(Invitation).where(Invitation.email == address).order_by(Invitation.id)).all()
        return Thing(found[-1])


def delivered(settings: Settings, to: str) -> list[KeptMail]:
    """Everything that has been sent to the address, oldest first, once the worker has done its work."""
    while FanOut().step():
        pass
    Delivery(settings, timedelta(minutes=5)).run(lambda: True)
    return [mail for mail in reversed(kept_mails(settings)) if mail.to == to]


def invitations_sent(settings: Settings, to: str) -> list[KeptMail]:
    """Of these the ones with an invitation's link."""
    return [mail for mail in delivered(settings, to) if "/invitation/" in mail.text]


def link_of(mail: KeptMail) -> str:
    """The path of the one link in an invitation."""
    (found,) = re.findall(r"https?://[^/\s]+(/invitation/\S+)", mail.text)
    return str(found)


def member_of(cast: Cast, name: str) -> Member:
    """The one role of somebody of the cast."""
    return session.scalars(select(Member).where(Member.person_id == cast.id(name))).one()


def staff_refs(cast: Cast) -> dict[str, str]:
    """What the table of permissions names: persons, roles, an invitation to each kind of place, a joining link."""
    invitation = invite_staff(cast, "kutsuttu@kierto.test")
    with writing():
        invited = invitee("Kutsuttu Kaija", "kutsuttu@kierto.test", "fi")
        to_administer = Thing(inviting.invite(cast.actor("administrator"), invited, None))
        cast.organisation.load().mail_domains = ["ranta.example.fi"]
    with writing():
        joining_token = make_joining_link(cast.actor("host"), cast.unit.load(), 30)
    with reading():
        token = invitation_token(invitation.load(), str(cast.app.secret_key))
    return {
        "staff_person": cast.people["staff"].ref,
        "expert_person": cast.people["expert"].ref,
        "staff_role": Role.STAFF.value,
        "coordinator_role": Role.COORDINATOR.value,
        "invitation": invitation.ref,
        "invitation_token": token,
        "invitation_to_administer": to_administer.ref,
        "joining_token": joining_token,
    }
