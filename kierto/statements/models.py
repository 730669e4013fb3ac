"""Tables of privacy notices and accessibility statements, and of the feedback on accessibility."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kierto.database import CONTACT, FREE, NOT_PERSONAL, Base, Referable, Tenant, TenantNumber


class StatementKind(StrEnum):
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"


class Statement(Base, Tenant):
    """An organisation's own text in one language, beside or instead of the default one."""

    __tablename__ = "statements"
    __table_args__ = (Index("uq_statements", "organisation_id", "kind", "language", unique=True),)

    kind: Mapped[StatementKind]
    language: Mapped[str] = mapped_column(String(2), info=NOT_PERSONAL)
    text: Mapped[str] = mapped_column(String(20000), info=NOT_PERSONAL)
    changed_at: Mapped[datetime]


class AccessibilityFeedback(Base, TenantNumber, Referable):
    """What somebody told of an obstacle, without signing in; due within 14 days (accessibility-answer).

    `organisation_id` is 0 when they did not say whose page it was: then it is the administrators' to answer.
    """

    __tablename__ = "accessibility_feedback"
    __table_args__ = (Index(None, "organisation_id", "answered_at", "due_on"),)

    text: Mapped[str] = mapped_column(String(4000), info=FREE)
    page: Mapped[str | None] = mapped_column(String(300), info=FREE)
    reply_to: Mapped[str | None] = mapped_column(String(254), info=CONTACT)
    language: Mapped[str] = mapped_column(String(2), info=NOT_PERSONAL)
    created_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[str | None] = mapped_column(String(4000), info=FREE)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
