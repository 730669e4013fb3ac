"""The tables' base: names of constraints, tenant keys, common columns."""

from datetime import datetime
from enum import Enum, StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kierto.database.types import Ref, UtcDateTime, new_ref

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


NO_ORGANISATION = 0
"""The organisation of what happens outside all of them, in tables that hold a bare number (`TenantNumber`)."""


class Base(DeclarativeBase):
    """Every table. `lock_rank` orders what is locked: organisation 0, round 1, unit 2, meeting 3, person 4."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        StrEnum: sa.Enum(
            Enum,
            native_enum=False,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }
    lock_rank: ClassVar[int | None] = None

    id: Mapped[int] = mapped_column(primary_key=True)


class Global:
    """A table that belongs to no organisation; each is named in tests/checks.

    Events about its rows have organisation 0.
    """

    organisation_id: ClassVar[int] = NO_ORGANISATION


class Tenant:
    """A table whose rows belong to one organisation."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))


class TenantNumber:
    """Like `Tenant`, with a bare number: for the rooms below organisations, and what outlives what it tells of."""

    organisation_id: Mapped[int]


class Referable:
    """A thing that URLs name by `ref`."""

    ref: Mapped[str] = mapped_column(Ref, default=new_ref, unique=True)


def tenant_key() -> UniqueConstraint:
    """What a composite foreign key of another table points to."""
    return UniqueConstraint("organisation_id", "id")


def belongs(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key within one organisation: rows of two organisations cannot be mixed."""
    return ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"])
