"""Tables of organisations, units, and the vocabularies they share."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import (
    NOT_PERSONAL,
    Base,
    Global,
    Referable,
    Tenant,
    localised,
    tenant_key,
)
from kierto.units.rules import UNIT_NAMED_ONCE
from kierto.words import Localised


class Organisation(Base, Global, Referable):
    """The tenant: a wellbeing services county, a city, HUS, an NGO."""

    __tablename__ = "organisations"

    name: Mapped[Localised] = localised("name")
    created_at: Mapped[datetime]


class Service(Base, Global):
    """A kind of service that units give: one vocabulary for everyone."""

    __tablename__ = "services"

    code: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    name: Mapped[Localised] = localised("name")


class Theme(Base, Global):
    """What a round, a meeting or a practice is about: one vocabulary for everyone."""

    __tablename__ = "themes"

    code: Mapped[str] = mapped_column(String(40), unique=True, info=NOT_PERSONAL)
    name: Mapped[Localised] = localised("name")


class Unit(Base, Tenant, Referable):
    """A place where people are served and meetings are held. Its lock guards the times it hosts (meeting-unit-free)."""

    __tablename__ = "units"
    __table_args__ = (
        tenant_key(),
        Index("uq_units_name", "organisation_id", "name_fi", unique=True, info={"rule": UNIT_NAMED_ONCE}),
    )
    lock_rank = 2

    name: Mapped[Localised] = localised("name")
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    municipality: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    street_address: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    service: Mapped[Service] = relationship(viewonly=True)

    @property
    def address(self) -> str:
        """Street and municipality on one line."""
        return f"{self.street_address}, {self.municipality}"


