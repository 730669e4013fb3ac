"""Tables of organisations, units, and the vocabularies they share."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto import clock
from kierto.database import (
    NOT_PERSONAL,
    Base,
    Global,
    Referable,
    Tenant,
    belongs,
    localised,
    tenant_key,
)
from kierto.units.rules import FEE_RATE_ONCE, ORGANISATION_NAMED_ONCE, UNIT_HOURS_IN_ORDER, UNIT_NAMED_ONCE
from kierto.words import Localised, folded


class ExpertWord(StrEnum):
    """What an organisation calls its experts; each word has its full set of translations."""

    KOKEMUSASIANTUNTIJA = "kokemusasiantuntija"
    KOKEMUSTOIMIJA = "kokemustoimija"
    VERTAISTOIMIJA = "vertaistoimija"


class Organisation(Base, Global, Referable):
    """The tenant: a wellbeing services county, a city, HUS, an NGO.

    `mail_domains` are those of its workers' addresses, in lower case. `phone` and `email` are where its coordinators
    are reached. `weak_reading_reason`: why it lets stored secrets be read in weakly identified sessions
    (secret-behind-strong-id); none unless it has decided so.
    """

    __tablename__ = "organisations"
    lock_rank = 0
    __table_args__ = (Index("uq_organisations_name", "name_fi", unique=True, info={"rule": ORGANISATION_NAMED_ONCE}),)

    name: Mapped[Localised] = localised("name")
    created_at: Mapped[datetime]
    bilingual: Mapped[bool] = mapped_column(default=False, server_default=false())
    expert_word: Mapped[ExpertWord] = mapped_column(
        default=ExpertWord.KOKEMUSASIANTUNTIJA, server_default=ExpertWord.KOKEMUSASIANTUNTIJA.value
    )
    mail_domains: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]", info=NOT_PERSONAL)
    phone: Mapped[str | None] = mapped_column(String(20), info=NOT_PERSONAL)
    email: Mapped[str | None] = mapped_column(String(254), info=NOT_PERSONAL)
    weak_reading_reason: Mapped[str | None] = mapped_column(String(500), info=NOT_PERSONAL)


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

    `version` and `changed_at` grow with any change of it: a feed shows its name and its address (calendar-sequence), a
    form that was opened before the change is old. `folded` is what lists search: names, address and municipality. Of
    access None means that nobody has said.
    """

    __tablename__ = "units"
    __table_args__ = (
        tenant_key(),
        belongs("successor_id", "units"),
        Index("uq_units_name", "organisation_id", "name_fi", unique=True, info={"rule": UNIT_NAMED_ONCE}),
        Index(None, "organisation_id", "municipality"),
    )
    lock_rank = 2

    name: Mapped[Localised] = localised("name")
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    municipality: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    street_address: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    folded: Mapped[str] = mapped_column(String(800), default="", server_default="", info=NOT_PERSONAL)
    arrival: Mapped[Localised] = localised("arrival", 1000, note=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]", info=NOT_PERSONAL)
    step_free: Mapped[bool | None]
    lift: Mapped[bool | None]
    accessible_wc: Mapped[bool | None]
    induction_loop: Mapped[bool | None]
    parking: Mapped[bool | None]
    quiet_room: Mapped[bool | None]
    access: Mapped[Localised] = localised("access", 500, note=True)
    retired_on: Mapped[date | None]
    successor_id: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    service: Mapped[Service] = relationship(viewonly=True)
    successor: Mapped["Unit | None"] = relationship(
        viewonly=True, primaryjoin="foreign(Unit.successor_id) == remote(Unit.id)"
    )

    @property
    def unit_id(self) -> int:
        """Its own id, so that policy asks of a unit what it asks of a meeting or a stop."""
        return self.id

    @property
    def address(self) -> str:
        """Street and municipality on one line."""
        return f"{self.street_address}, {self.municipality}"

    def fold(self) -> None:
        """Keep what lists search in step with the names and the address; call it after any of them has changed."""
        names = (self.name.fi, self.name.sv, self.name.en, self.street_address, self.municipality)
        self.folded = folded(" ".join(name for name in names if name))[:800]

    def touch(self) -> None:
        """Something of it has changed: feeds look again (calendar-sequence), and forms opened before are old."""
        self.version += 1
        # A later change must be seen as later by clients that know only whole seconds (ICSx5).
        self.changed_at = max(clock.now(), self.changed_at + timedelta(seconds=1))


class HostingHours(Base, Tenant):
    """When in a week the unit can host, on Helsinki's clocks. `weekday`: 1 is Monday (ISO 8601)."""

    __tablename__ = "hosting_hours"
    __table_args__ = (
        belongs("unit_id", "units"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("from_at < until_at", name="in_order", info={"rule": UNIT_HOURS_IN_ORDER}),
        Index("uq_hosting_hours", "unit_id", "weekday", "from_at", unique=True),
    )

    unit_id: Mapped[int]
    weekday: Mapped[int]
    from_at: Mapped[time]
    until_at: Mapped[time]


class BlockedDates(Base, Tenant, Referable):
    """Days on which the unit does not host, the last one included."""

    __tablename__ = "blocked_dates"
    __table_args__ = (
        belongs("unit_id", "units"),
        CheckConstraint("from_on <= until_on", name="in_order", info={"rule": UNIT_HOURS_IN_ORDER}),
        Index(None, "unit_id", "from_on"),
    )

    unit_id: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(200), info=NOT_PERSONAL)


class FeeRate(Base, Tenant):
    """What an organisation pays an expert for a meeting in a year, as it has decided: sums in cents.

    `cancellation_cents` is paid when a meeting is cancelled late; `late_hours` before its start say how late that is.
    Travel is a sum of its own (fee-before-yes). `paid_by` is who pays, in words.
    """

    __tablename__ = "fee_rates"
    __table_args__ = (
        Index("uq_fee_rates", "organisation_id", "year", unique=True, info={"rule": FEE_RATE_ONCE}),
        CheckConstraint("fee_cents >= 0 AND cancellation_cents >= 0 AND late_hours >= 0", name="sums"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
    )

    year: Mapped[int]
    fee_cents: Mapped[int]
    cancellation_cents: Mapped[int]
    late_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    travel_paid: Mapped[bool]
    paid_by: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
