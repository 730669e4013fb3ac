"""Staff of the demo on their way in: invitations that wait for an answer, and what a joining link needs."""

from kierto.actor import Actor, Membership, Role
from kierto.database import session
from kierto.demo.places import HELSINKI
from kierto.people.inviting import invite, invitee
from kierto.units.models import Organisation

MAIL_DOMAINS = {HELSINKI: ["kierto.example"]}
"""How workers' addresses end; who has said nothing of it can make no joining link yet."""


def set_mail_domains(organisations: dict[str, int]) -> None:
    """Let the organisations' workers join by links."""
    for key, domains in MAIL_DOMAINS.items():
        session.get_one(Organisation, organisations[key]).mail_domains = domains


def invite_more(contact: Actor, coordinator: Actor, unit: Membership) -> None:
    """A contact person invites a colleague, the coordinator somebody of the management."""
    invite(contact, invitee("Kaisu Leino", "kaisu.leino@kierto.example", "fi"), unit)
    management = Membership(unit.organisation_id, Role.DECISION_MAKER)
    invite(coordinator, invitee("Olavi Raita", "olavi.raita@kierto.example", "fi"), management)
