"""Tables of persons, their memberships and invitations to such, and experts."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from kierto import clock
from kierto.actor import Role
from kierto.database import (
    CONTACT,
    FREE,
    HEALTH,
    NOT_PERSONAL,
    Base,
    Encrypted,
    Global,
    Referable,
    Tenant,
    TenantNumber,
    belongs,
    tenant_key,
)
from kierto.people.names import PersonName
from kierto.people.rules import EXPERT_ONCE, PERSON_REACHED_ONCE
from kierto.people.rules import ExpertState as ExpertState  # noqa: PLC0414 - offered from here
from kierto.units.models import Organisation, Unit


class Person(Base, Global, Referable):
    """A human being, global and minimal. The name may be a chosen one; e-mail and phone are each optional.

    `folded` is the name as lists search it. `email_proved_at` and `phone_proved_at` say when it was last seen that the
    address reaches the person: a code from it was typed in, or a call was recorded.
    Its lock guards the person's own time (person-one-place).
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index("uq_persons_email", "email", unique=True, info={"rule": PERSON_REACHED_ONCE}),
        Index("uq_persons_phone", "phone", unique=True, info={"rule": PERSON_REACHED_ONCE}),
    )
    lock_rank = 4

    name: Mapped[str] = mapped_column(PersonName(200), info=CONTACT)
    email: Mapped[str | None] = mapped_column(String(254), info=CONTACT)
    phone: Mapped[str | None] = mapped_column(String(20), info=CONTACT)
    language: Mapped[str] = mapped_column(String(2), default="fi", info=CONTACT)
    administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    folded: Mapped[str] = mapped_column(String(200), default="", server_default="", info=CONTACT)
    email_proved_at: Mapped[datetime | None]
    phone_proved_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Member(Base, Tenant):
    """One role of a person in an organisation; staff and host contacts have a unit. Experts have their own table."""

    __tablename__ = "members"
    __table_args__ = (
        belongs("unit_id", "units"),
        CheckConstraint("(role IN ('staff', 'host_contact')) = (unit_id IS NOT NULL)", name="unit_of_staff"),
        CheckConstraint("role <> 'expert'", name="no_expert"),
        Index("uq_members", "organisation_id", "person_id", "role", text("coalesce(unit_id, 0)"), unique=True),
        Index(None, "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[Role]
    unit_id: Mapped[int | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(viewonly=True)


class Expert(Base, Tenant, Referable):
    """A person with lived experience in one organisation's register.

    Limits are limits, not wishes: `earliest_start` (Helsinki's clocks), `longest_minutes` of one meeting,
    `most_meetings` and `most_euros` a month. `own_words` may tell of health, so they are encrypted.
    `decision_words` are what the coordinator added to the letter of the latest decision.
    """

    __tablename__ = "experts"
    __table_args__ = (
        tenant_key(),
        Index("uq_experts", "organisation_id", "person_id", unique=True, info={"rule": EXPERT_ONCE}),
        Index(None, "person_id"),
        Index(None, "organisation_id", "state"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[ExpertState] = mapped_column(default=ExpertState.APPLIED)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    municipality: Mapped[str | None] = mapped_column(String(100), info=CONTACT)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]", info=CONTACT)
    home_base: Mapped[str | None] = mapped_column(String(200), info=CONTACT)
    own_words: Mapped[bytes | None] = mapped_column(Encrypted, info=HEALTH)
    training: Mapped[str | None] = mapped_column(String(300), info=CONTACT)
    fee_wish: Mapped[str | None] = mapped_column(String(200), info=CONTACT)
    earliest_start: Mapped[time | None]
    longest_minutes: Mapped[int | None]
    most_meetings: Mapped[int | None]
    most_euros: Mapped[int | None]
    inducted_on: Mapped[date | None]
    undertaking_on: Mapped[date | None]
    contract_until: Mapped[date | None]
    call_wished: Mapped[bool] = mapped_column(default=False, server_default=false())
    decision_words: Mapped[str | None] = mapped_column(String(500), info=FREE)

    person: Mapped[Person] = relationship(viewonly=True)


class Invitation(Base, TenantNumber, Referable):
    """A role that waits for the person to say yes. Its link is derived from the row's id and the secret key.

    It knows an address, not a person: who invites learns nothing of whether the address is known already. No role, and
    organisation 0: to be an administrator of Kierto. Nobody's (`created_by` is none): asked for at a joining link.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        belongs("unit_id", "units"),
        CheckConstraint(
            "(coalesce(role, '') IN ('staff', 'host_contact')) = (unit_id IS NOT NULL)", name="unit_of_staff"
        ),
        CheckConstraint("(role IS NULL) = (organisation_id = 0)", name="administrators_outside"),
        CheckConstraint("(email IS NULL) <> (phone IS NULL)", name="one_address"),
        Index(None, "organisation_id", "unit_id"),
    )

    role: Mapped[Role | None]
    unit_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200), info=CONTACT)
    email: Mapped[str | None] = mapped_column(String(254), info=CONTACT)
    phone: Mapped[str | None] = mapped_column(String(20), info=CONTACT)
    language: Mapped[str] = mapped_column(String(2), default="fi", info=CONTACT)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(viewonly=True)
    organisation: Mapped[Organisation | None] = relationship(
        primaryjoin=lambda: foreign(Invitation.organisation_id) == Organisation.id, viewonly=True
    )
    inviter: Mapped[Person | None] = relationship(viewonly=True)

    @property
    def address(self) -> str:
        """Where its letter goes: an e-mail address or a phone number."""
        return self.email or self.phone or ""

    @property
    def open(self) -> bool:
        """Whether nobody has accepted or withdrawn it; it may have expired."""
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def usable(self) -> bool:
        """Whether its link can be accepted now."""
        return self.open and self.expires_at > clock.now() and (self.unit is None or self.unit.retired_on is None)


class JoiningLink(Base, Tenant, Referable):
    """A link on a unit's wall by which its workers make themselves its staff. Random, stored as a hash, shown once."""

    __tablename__ = "joining_links"
    __table_args__ = (tenant_key(), belongs("unit_id", "units"), Index(None, "unit_id"))

    unit_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(viewonly=True)

    @property
    def usable(self) -> bool:
        return self.ended_at is None and self.expires_at > clock.now() and self.unit.retired_on is None
