"""What is recorded of roles and invitations."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class MembershipGiven(EventData):
    kind = "membership.given"
    sentence = N_("A role was given.")
    role: str
    unit_id: int | None


@dataclass(frozen=True)
class MembershipEnded(EventData):
    kind = "membership.ended"
    sentence = N_("A role ended.")
    told = True
    person_id: int
    role: str
    unit_id: int | None


@dataclass(frozen=True)
class HostHandedOn(EventData):
    kind = "unit.host_handed_on"
    sentence = N_("The unit has a new contact person.")
    told = True
    to_person_id: int
    from_person_id: int | None


@dataclass(frozen=True)
class InvitationSent(EventData):
    kind = "invitation.sent"
    sentence = N_("An invitation was sent.")
    told = True
    role: str | None
    unit_id: int | None


@dataclass(frozen=True)
class InvitationAccepted(EventData):
    kind = "invitation.accepted"
    sentence = N_("An invitation was accepted.")
    person_id: int


@dataclass(frozen=True)
class InvitationWithdrawn(EventData):
    kind = "invitation.withdrawn"
    sentence = N_("An invitation was withdrawn.")


@dataclass(frozen=True)
class StaffJoined(EventData):
    kind = "staff.joined"
    sentence = N_("A worker joined the unit by its joining link.")
    told = True
    unit_id: int
    person_id: int


@dataclass(frozen=True)
class JoiningLinkMade(EventData):
    kind = "joining_link.made"
    sentence = N_("A joining link was made; it works for %(days)s days.")
    unit_id: int
    days: int


@dataclass(frozen=True)
class JoiningLinkEnded(EventData):
    kind = "joining_link.ended"
    sentence = N_("A joining link was ended.")
    unit_id: int


@dataclass(frozen=True)
class AdministratorGiven(EventData):
    kind = "administrator.given"
    sentence = N_("The person became an administrator.")


@dataclass(frozen=True)
class AdministratorEnded(EventData):
    kind = "administrator.ended"
    sentence = N_("The person is not an administrator any more.")
