"""Tables of organisations, units, and the vocabularies they share."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto import clock
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
    """A place where people are served and meetings are held. Its lock guards the times it hosts (meeting-unit-free).

    `version` and `changed_at` grow with any change a feed shows: its name and its address (calendar-sequence).
    """

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
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    service: Mapped[Service] = relationship(viewonly=True)

    @property
    def unit_id(self) -> int:
        """Its own id, so that policy asks of a unit what it asks of a meeting or a stop."""
        return self.id

    @property
    def address(self) -> str:
        """Street and municipality on one line."""
        return f"{self.street_address}, {self.municipality}"

    def touch(self) -> None:
        """Something that a feed shows has changed (calendar-sequence)."""
        self.version += 1
        # A later change must be seen as later by clients that know only whole seconds (ICSx5).
        self.changed_at = max(clock.now(), self.changed_at + timedelta(seconds=1))
