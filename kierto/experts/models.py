"""Tables of applications, consents, background themes, what to arrange, and when experts can come."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import (
    CONTACT,
    HEALTH,
    NOT_PERSONAL,
    Base,
    Encrypted,
    Global,
    Referable,
    Tenant,
    belongs,
    tenant_key,
)
from kierto.units.models import Theme
from kierto.units.rules import UNIT_HOURS_IN_ORDER


class Application(Base, Tenant, Referable):
    """An expert's application while it is being written, and what it said of reaching the person once it was sent.

    `answers` is JSON (question → answer), encrypted whole: it may tell of health. Whoever holds the token goes on with
    it. `person_id` is whose it is when they were signed in as they began, `assisted_by` the coordinator beside the
    person; each of them alone goes on with it then.
    """

    __tablename__ = "applications"
    __table_args__ = (tenant_key(), belongs("expert_id", "experts"), Index(None, "expires_at"))

    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    answers: Mapped[bytes] = mapped_column(Encrypted, info=HEALTH)
    language: Mapped[str] = mapped_column(String(2), info=CONTACT)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    assisted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    expert_id: Mapped[int | None]
    claimed_at: Mapped[datetime | None]


class ConsentTo(StrEnum):
    """What a person consents to."""

    REGISTER = "register"
    THEMES = "themes"
    NEEDS = "needs"


class ConsentGiven(StrEnum):
    """How: by the person here, or told to a coordinator, who recorded it (answer-for-another)."""

    SELF = "self"
    BESIDE = "beside"
    PHONE = "phone"
    PAPER = "paper"


class Consent(Base, Tenant):
    """One consent: dated, versioned, withdrawable. A new one is a new row (theme-consent)."""

    __tablename__ = "consents"
    __table_args__ = (belongs("expert_id", "experts"), Index(None, "expert_id"))

    expert_id: Mapped[int]
    to: Mapped[ConsentTo]
    version: Mapped[int]
    given: Mapped[ConsentGiven]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ExpertTheme(Base, Tenant):
    """What a person's experience is about: health data, stored only with consent (theme-consent)."""

    __tablename__ = "expert_themes"
    __table_args__ = (belongs("expert_id", "experts"), Index("uq_expert_themes", "expert_id", "theme_id", unique=True))

    expert_id: Mapped[int]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))

    theme: Mapped[Theme] = relationship(viewonly=True)


class ExpertNeeds(Base, Tenant):
    """What to arrange for a person, never why. Encrypted, UTF-8 inside; see `secret-behind-strong-id`."""

    __tablename__ = "expert_needs"
    __table_args__ = (belongs("expert_id", "experts"), Index("uq_expert_needs", "expert_id", unique=True))

    expert_id: Mapped[int]
    text: Mapped[bytes] = mapped_column(Encrypted, info=HEALTH)
    changed_at: Mapped[datetime]


class NotTheSame(Base, Tenant):
    """Two experts that look like one person are two: a coordinator has said so. `one_id` is the smaller number."""

    __tablename__ = "experts_not_the_same"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                ["organisation_id", column], ["experts.organisation_id", "experts.id"], ondelete="CASCADE"
            )
            for column in ("one_id", "other_id")
        ),
        CheckConstraint("one_id < other_id", name="in_order"),
        Index("uq_experts_not_the_same", "one_id", "other_id", unique=True),
    )

    one_id: Mapped[int]
    other_id: Mapped[int]


class ExpertMunicipality(Base, Tenant):
    """Where the expert can come to meetings, by the municipality's Finnish name. No rows: anywhere."""

    __tablename__ = "expert_municipalities"
    __table_args__ = (
        belongs("expert_id", "experts"),
        Index("uq_expert_municipalities", "expert_id", "municipality", unique=True),
    )

    expert_id: Mapped[int]
    municipality: Mapped[str] = mapped_column(String(100), info=CONTACT)


class AvailableHours(Base, Tenant):
    """When in a week the expert can come, on Helsinki's clocks. `weekday`: 1 is Monday. No rows: any time."""

    __tablename__ = "available_hours"
    __table_args__ = (
        belongs("expert_id", "experts"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("from_at < until_at", name="in_order", info={"rule": UNIT_HOURS_IN_ORDER}),
        Index("uq_available_hours", "expert_id", "weekday", "from_at", unique=True),
    )

    expert_id: Mapped[int]
    weekday: Mapped[int]
    from_at: Mapped[time]
    until_at: Mapped[time]


class AwayDates(Base, Tenant):
    """Days on which the expert cannot come, the last one included; no reason is asked."""

    __tablename__ = "away_dates"
    __table_args__ = (
        belongs("expert_id", "experts"),
        CheckConstraint("from_on <= until_on", name="in_order", info={"rule": UNIT_HOURS_IN_ORDER}),
        Index(None, "expert_id", "from_on"),
    )

    expert_id: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]


class BusySpan(Base, Global):
    """When the person is busy, by a calendar file of their own: nothing of it is kept but the time.

    It is the person's, not a register's: whoever is an expert in two organisations is busy in both. A new file replaces
    what the one before it left (`uploaded_at` is the same in all of one file).
    """

    __tablename__ = "busy_spans"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order", info={"rule": UNIT_HOURS_IN_ORDER}),
        Index(None, "person_id", "starts_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    uploaded_at: Mapped[datetime]


TOLD = (ExpertTheme, ExpertNeeds, ExpertMunicipality, AvailableHours, AwayDates)
"""Tables of what an expert tells, each with its `expert_id`: what moves and what goes with the expert."""
