"""Tables of what is kept how long, and who was told of an end coming."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kierto.database import Base, Tenant
from kierto.privacy.rules import RETENTION_WITHIN, DataKind


class Retention(Base, Tenant):
    """How many months an organisation keeps a kind of data; without a row `privacy.rules` says."""

    __tablename__ = "retentions"
    __table_args__ = (
        CheckConstraint("months BETWEEN 1 AND 240", name="months", info={"rule": RETENTION_WITHIN}),
        Index("uq_retentions", "organisation_id", "kind", unique=True),
    )

    kind: Mapped[DataKind]
    months: Mapped[int]
    changed_at: Mapped[datetime]


class RetentionNotice(Base, Tenant):
    """On `due_on` a person's data of a kind is deleted, unless something changes before; `told_at`: they were told.

    Who wants to stay puts the day off; then they are told again before the new one.
    """

    __tablename__ = "retention_notices"
    __table_args__ = (Index("uq_retention_notices", "organisation_id", "person_id", "kind", unique=True),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[DataKind]
    due_on: Mapped[date]
    told_at: Mapped[datetime | None]
