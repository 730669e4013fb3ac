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
