"""Tables of persons, their memberships, experts, and sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto import clock
from kierto.actor import Identified, Role
from kierto.database import CONTACT, NOT_PERSONAL, Base, Global, Referable, Tenant, belongs, tenant_key
from kierto.people.rules import PERSON_REACHED_ONCE


class Person(Base, Global, Referable):
    """A human being, global and minimal. The name may be a chosen one; e-mail and phone are each optional.

    Its lock guards the person's own time (person-one-place).
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index("uq_persons_email", "email", unique=True, info={"rule": PERSON_REACHED_ONCE}),
        Index("uq_persons_phone", "phone", unique=True, info={"rule": PERSON_REACHED_ONCE}),
    )
    lock_rank = 4

    name: Mapped[str] = mapped_column(String(200), info=CONTACT)
    email: Mapped[str | None] = mapped_column(String(254), info=CONTACT)
    phone: Mapped[str | None] = mapped_column(String(20), info=CONTACT)
    language: Mapped[str] = mapped_column(String(2), default="fi", info=CONTACT)
    administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


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


class ExpertState(StrEnum):
    """applied → approved → paused → left, or declined, withdrawn."""

    APPLIED = "applied"
    APPROVED = "approved"
    PAUSED = "paused"
    LEFT = "left"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Expert(Base, Tenant, Referable):
    """A person with lived experience in one organisation's register."""

    __tablename__ = "experts"
    __table_args__ = (
        tenant_key(),
        Index("uq_experts", "organisation_id", "person_id", unique=True),
        Index(None, "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[ExpertState] = mapped_column(default=ExpertState.APPLIED)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(viewonly=True)


class SessionBy(StrEnum):
    """How a session came to be."""

    LINK = "link"
    DEMO = "demo"


class PersonSession(Base, Global):
    """A signed-in device. The cookie holds the token, the table its hash; each can be ended alone."""

    __tablename__ = "person_sessions"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    by: Mapped[SessionBy]
    identified: Mapped[Identified]
    device: Mapped[str] = mapped_column(String(200), info=CONTACT)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInLink(Base, Global):
    """A link that signs one person in once. Its token is derived from the row's id and the secret key."""

    __tablename__ = "sign_in_links"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True)

    @property
    def usable(self) -> bool:
        return self.used_at is None and self.expires_at > clock.now()
