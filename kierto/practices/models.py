"""Tables of practices, their texts, and their adoption in units."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import FREE, NOT_PERSONAL, Base, Referable, Tenant, belongs, tenant_key
from kierto.meetings.models import Meeting
from kierto.practices.rules import (
    PRACTICE_ARRIVES,
    PRACTICE_FROM_MEETING,
    PRACTICE_WRITTEN_ONCE,
    PracticeState,
    Stage,
)
from kierto.units.models import Organisation, Theme, Unit
from kierto.words import Language, current


class Practice(Base, Tenant, Referable):
    """Something that people in a meeting agree to do from now on. Counts per role record who agreed, never names."""

    __tablename__ = "practices"
    __table_args__ = (
        tenant_key(),
        belongs("meeting_id", "meetings"),
        belongs("unit_id", "units"),
        CheckConstraint(
            "state = 'draft' OR (agreed_experts >= 1 AND agreed_workers >= 1 AND agreed_at IS NOT NULL)",
            name="from_meeting",
            info={"rule": PRACTICE_FROM_MEETING},
        ),
        Index(None, "meeting_id"),
        Index(None, "state", "public", "agreed_at"),
    )

    meeting_id: Mapped[int]
    unit_id: Mapped[int]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    state: Mapped[PracticeState] = mapped_column(default=PracticeState.DRAFT)
    public: Mapped[bool]
    agreed_at: Mapped[datetime | None]
    agreed_experts: Mapped[int] = mapped_column(default=0)
    agreed_workers: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    meeting: Mapped[Meeting] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True, overlaps="meeting")
    theme: Mapped[Theme] = relationship(viewonly=True)
    texts: Mapped[list["PracticeText"]] = relationship(viewonly=True, order_by="PracticeText.id")
    adoptions: Mapped[list["Adoption"]] = relationship(viewonly=True, order_by="Adoption.id")

    def text(self, language: Language | None = None) -> "PracticeText":
        """The text in the language (the current one unless named), else in the language it was first written in."""
        wished = language or current()
        return next((text for text in self.texts if text.language == wished), self.texts[0])


class PracticeText(Base, Tenant):
    """What a practice says in one language: the two questions first."""

    __tablename__ = "practice_texts"
    __table_args__ = (
        belongs("practice_id", "practices"),
        Index("uq_practice_texts", "practice_id", "language", unique=True, info={"rule": PRACTICE_WRITTEN_ONCE}),
    )

    practice_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(2), info=NOT_PERSONAL)
    title: Mapped[str] = mapped_column(String(120), info=FREE)
    start_doing: Mapped[str] = mapped_column(Text, info=FREE)
    how_noticed: Mapped[str] = mapped_column(Text, info=FREE)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    written_at: Mapped[datetime]


class Adoption(Base, Tenant, Referable):
    """A practice in a unit: how far it is, and the unit's own words."""

    __tablename__ = "adoptions"
    __table_args__ = (
        tenant_key(),
        belongs("practice_id", "practices"),
        belongs("unit_id", "units"),
        Index("uq_adoptions_unit", "practice_id", "unit_id", unique=True, info={"rule": PRACTICE_ARRIVES}),
        Index(None, "unit_id", "stage"),
    )

    practice_id: Mapped[int]
    unit_id: Mapped[int]
    stage: Mapped[Stage]
    local_change: Mapped[str | None] = mapped_column(Text, info=FREE)
    reason: Mapped[str | None] = mapped_column(Text, info=FREE)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))

    practice: Mapped[Practice] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True, overlaps="practice")
    stages: Mapped[list["AdoptionStage"]] = relationship(viewonly=True, order_by="AdoptionStage.id")


class AdoptionStage(Base, Tenant):
    """When an adoption came to a stage: its journey."""

    __tablename__ = "adoption_stages"
    __table_args__ = (belongs("adoption_id", "adoptions"), Index(None, "adoption_id"))

    adoption_id: Mapped[int]
    stage: Mapped[Stage]
    at: Mapped[datetime]
