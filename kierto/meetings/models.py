"""The table of meetings."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto import clock
from kierto.database import FREE, NOT_PERSONAL, Base, Referable, Tenant, belongs, tenant_key
from kierto.meetings.rules import MEETING_ENDS_LATER, MEETING_MIX, MEETING_TWO_UNITS, SEAT_CAPACITY, Span
from kierto.units.models import Organisation, Theme, Unit

_SECOND = timedelta(seconds=1)


class MeetingState(StrEnum):
    """proposed → confirmed → closed, or cancelled."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingKind(StrEnum):
    ROTATING = "rotating"


def _new_uid() -> str:
    return str(uuid.uuid4())


class Meeting(Base, Tenant, Referable):
    """One meeting. It knows no round: what it needs of it (mix, seats, theme, interest) is copied when it is booked.

    `co_unit_id` is the unit that hosts it together with `unit_id`, if there is one. Until `interest_until` experts say
    that they are interested, then seats go by fair turn (seat-interest-first); none: first come.
    `mix_released`: the coordinator let the seats that the mix needs go to anyone (seat-mix-kept). `override_reason`:
    why a coordinator had it held without its mix (meeting-mix). `happened` is what was said the next morning, none
    until then. `asked_happened_at`, `reminded_…_at` and `warned_mix_at` say when the worker set that message in motion,
    so that it does so once. `visitors_unit_id` is the unit that meets next as it was when its workers were invited.

    `seats_taken` counts the seats that hold a place; its CHECK is seat-capacity's last word. `uid` and `sequence` are
    those of calendars (RFC 5545 §3.8.4.7, RFC 5546 §2.1.4); `version` and `changed_at` grow with any change a feed
    shows. Its lock guards its seats.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        tenant_key(),
        belongs("unit_id", "units"),
        belongs("co_unit_id", "units"),
        belongs("visitors_unit_id", "units"),
        CheckConstraint("co_unit_id <> unit_id", name="two_units", info={"rule": MEETING_TWO_UNITS}),
        CheckConstraint("ends_at > starts_at", name="ends_later", info={"rule": MEETING_ENDS_LATER}),
        CheckConstraint("seats_taken <= seats", name="seat_capacity", info={"rule": SEAT_CAPACITY}),
        CheckConstraint("seats_taken >= 0", name="seats_taken"),
        CheckConstraint("seats >= mix_experts + mix_staff", name="mix_fits", info={"rule": MEETING_MIX}),
        UniqueConstraint("uid"),
        Index(None, "starts_at"),
        Index(None, "organisation_id", "starts_at"),
        Index(None, "unit_id", "starts_at"),
        Index(None, "co_unit_id", "starts_at"),
        Index(None, "interest_until"),
    )
    lock_rank = 3

    uid: Mapped[str] = mapped_column(String(36), default=_new_uid, info=NOT_PERSONAL)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[MeetingKind] = mapped_column(default=MeetingKind.ROTATING)
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PROPOSED)
    public: Mapped[bool]
    unit_id: Mapped[int]
    co_unit_id: Mapped[int | None]
    room: Mapped[str | None] = mapped_column(String(100), info=NOT_PERSONAL)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    description: Mapped[str | None] = mapped_column(Text, info=FREE)
    remote_link: Mapped[str | None] = mapped_column(String(500), info=NOT_PERSONAL)
    dial_in: Mapped[str | None] = mapped_column(String(100), info=NOT_PERSONAL)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    mix_experts: Mapped[int]
    mix_staff: Mapped[int]
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    interest_until: Mapped[datetime | None]
    mix_released: Mapped[bool] = mapped_column(default=False, server_default=false())
    override_reason: Mapped[str | None] = mapped_column(String(500), info=FREE)
    happened: Mapped[bool | None]
    asked_happened_at: Mapped[datetime | None]
    reminded_week_at: Mapped[datetime | None]
    reminded_day_at: Mapped[datetime | None]
    warned_mix_at: Mapped[datetime | None]
    visitors_unit_id: Mapped[int | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(500), info=FREE)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True, primaryjoin="foreign(Meeting.unit_id) == Unit.id")
    co_unit: Mapped[Unit | None] = relationship(viewonly=True, primaryjoin="foreign(Meeting.co_unit_id) == Unit.id")
    theme: Mapped[Theme] = relationship(viewonly=True)

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """The unit that hosts it, and the one that hosts it together with that."""
        return (self.unit_id,) if self.co_unit_id is None else (self.unit_id, self.co_unit_id)

    @property
    def staff_needed(self) -> int:
        """Rule meeting-mix: how many workers the mix needs; where two units meet together, one of each at least."""
        return max(self.mix_staff, len(self.unit_ids))

    @property
    def started(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def held(self) -> bool:
        """Confirmed or closed, and begun."""
        return self.state in (MeetingState.CONFIRMED, MeetingState.CLOSED) and self.started

    @property
    def lapsed(self) -> bool:
        """Its time came before it had its mix: it was never confirmed, and so not held."""
        unheld = self.state is MeetingState.PROPOSED or (
            self.state is MeetingState.CANCELLED
            and self.confirmed_at is None
            and self.cancelled_at is not None
            and self.cancelled_at >= self.starts_at
        )
        return unheld and self.started

    @property
    def open(self) -> bool:
        """Neither begun nor cancelled: its seats may change (seat-before-start)."""
        return self.state in (MeetingState.PROPOSED, MeetingState.CONFIRMED) and not self.started

    @property
    def taking_interest(self) -> bool:
        """Whether experts say that they are interested, and seats go by fair turn later (seat-interest-first)."""
        return self.interest_until is not None and self.interest_until > clock.now()

    def touch(self) -> None:
        """Something that a feed shows has changed (calendar-sequence)."""
        self.version += 1
        # A later change must be seen as later by clients that know only whole seconds (ICSx5).
        self.changed_at = max(clock.now(), self.changed_at + _SECOND)

    def reschedule(self) -> None:
        """Its time, place or state has changed (calendar-sequence; RFC 5546 §2.1.4)."""
        self.sequence += 1
        self.touch()
