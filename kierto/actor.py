"""Who asks: a frozen picture of a person, their memberships, and how strongly they are identified."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in an organisation. A host contact is also staff of the unit."""

    COORDINATOR = "coordinator"
    HOST_CONTACT = "host_contact"
    STAFF = "staff"
    EXPERT = "expert"
    DECISION_MAKER = "decision_maker"


class Identified(StrEnum):
    """How strongly a session knows its person (rule secret-behind-strong-id)."""

    NOT = "not"
    WEAKLY = "weakly"
    STRONGLY = "strongly"


@dataclass(frozen=True)
class Membership:
    """One role in one organisation; staff and host contacts belong to a unit as well."""

    organisation_id: int
    role: Role
    unit_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks. `person_id` is None for a visitor and for Kierto itself (`SYSTEM`).

    `only_answers`: the right of a paper pass and of answer links, which reaches the person's own seats and nothing
    else; such an actor has no memberships.
    """

    person_id: int | None = None
    name: str = ""
    memberships: frozenset[Membership] = frozenset()
    identified: Identified = Identified.NOT
    administrator: bool = False
    system: bool = False
    session_id: int | None = None
    only_answers: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether somebody is here with a session; a right to answer is none."""
        return self.person_id is not None and not self.only_answers

    @property
    def organisations(self) -> frozenset[int]:
        """Ids of the organisations the actor belongs to in any role."""
        return frozenset(m.organisation_id for m in self.memberships)

    def organisations_as(self, *roles: Role) -> frozenset[int]:
        """Ids of the organisations where the actor has one of the roles."""
        return frozenset(m.organisation_id for m in self.memberships if m.role in roles)

    @property
    def units(self) -> frozenset[int]:
        """Ids of the units where the actor works."""
        return frozenset(m.unit_id for m in self.memberships if m.unit_id is not None)

    def is_in(self, organisation_id: int, *roles: Role) -> bool:
        """Whether the actor has one of the roles (any, when none is named) in the organisation."""
        return any(m.organisation_id == organisation_id and (not roles or m.role in roles) for m in self.memberships)

    def hosts(self, unit_id: int | None) -> bool:
        """Whether the actor is a host contact of the unit."""
        return any(m.unit_id == unit_id and m.role is Role.HOST_CONTACT for m in self.memberships)


VISITOR = Actor()
"""Anyone without a session."""

SYSTEM = Actor(name="Kierto", system=True)
"""Kierto itself, when time and not a person sets something in motion."""
