"""Letters about invitations and roles."""

from sqlalchemy import select

from kierto.actor import Role
from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.people import HostHandedOn, MembershipEnded, StaffJoined
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told
from kierto.people.addresses import spoken_phone
from kierto.people.inviting import invited_person
from kierto.people.models import Invitation, Member, Person
from kierto.people.words import role_can, role_name
from kierto.sign_in.models import Channel
from kierto.sign_in.tokens import invitation_token
from kierto.units.models import Organisation, Unit
from kierto.words import Text, current, matched, moment


def _invited(told: Told) -> Facts:
    invitation = _invitation(told)
    token = invitation_token(invitation, told.settings.secret_key)
    return {
        "inviter": invitation.inviter.name if invitation.inviter else None,
        "place": _place(invitation.unit, invitation.organisation),
        "role": role_name(invitation.role),
        "can": role_can(invitation.role),
        "until": moment(local(invitation.expires_at)),
        "link": f"{told.settings.base_url}/invitation/{token}?lang={current()}",
    }


def _to_the_address(told: Told) -> Address:
    invitation = _invitation(told)
    channel = Channel.EMAIL if invitation.email else Channel.SMS
    known = invited_person(invitation)
    return Address(channel, invitation.address, matched(known.language if known else invitation.language))


def _invitation(told: Told) -> Invitation:
    invitation = session.get(Invitation, told.message.subject_id)
    if invitation is None or not invitation.usable:
        raise Outdated
    return invitation


def _role_ended(told: Told) -> Facts:
    assert isinstance(told.data, MembershipEnded)
    role = Role(told.data.role)
    again = select(Member.id).where(
        Member.person_id == told.data.person_id,
        Member.role == role,
        Member.organisation_id == told.message.organisation_id,
        Member.unit_id == told.data.unit_id if told.data.unit_id else Member.unit_id.is_(None),
    )
    if session.scalar(again) is not None:
        raise Outdated
    unit = session.get(Unit, told.data.unit_id) if told.data.unit_id else None
    organisation = session.get_one(Organisation, told.message.organisation_id)
    return {
        "role": role_name(role),
        "place": _place(unit, organisation),
        "phone": spoken_phone(organisation.phone) if organisation.phone else None,
        "link": f"{told.settings.base_url}/me",
    }


def _host_handed_on(told: Told) -> Facts:
    assert isinstance(told.data, HostHandedOn)
    unit = session.get_one(Unit, told.message.subject_id)
    still = select(Member.id).where(
        Member.unit_id == unit.id, Member.person_id == told.data.to_person_id, Member.role == Role.HOST_CONTACT
    )
    if session.scalar(still) is None:
        raise Outdated
    mine = told.message.person_id == told.data.to_person_id
    return {
        "mine": mine,
        "receiver": None if mine else session.get_one(Person, told.data.to_person_id).name,
        "place": unit.name.text(),
        "can": role_can(Role.HOST_CONTACT),
        "link": f"{told.settings.base_url}/units/{unit.ref}",
    }


def _staff_joined(told: Told) -> Facts:
    assert isinstance(told.data, StaffJoined)
    member = session.get(Member, told.message.subject_id)
    if member is None:
        raise Outdated
    unit = session.get_one(Unit, told.data.unit_id)
    return {
        "name": member.person.name,
        "place": unit.name.text(),
        "link": f"{told.settings.base_url}/units/{unit.ref}/people",
    }


def _place(unit: Unit | None, organisation: Organisation | None) -> Text | None:
    """Where the role is, in the reader's language; none: in Kierto itself."""
    thing = unit or organisation
    return thing.name.text() if thing else None


LETTERS: dict[str, Letter] = {
    "invitation.sent": Letter(_invited, _to_the_address),
    "membership.ended": Letter(_role_ended),
    "staff.joined": Letter(_staff_joined),
    "unit.host_handed_on": Letter(_host_handed_on),
}
