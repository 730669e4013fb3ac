"""Tables of rounds and their stops."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import NOT_PERSONAL, Base, Referable, Tenant, belongs, localised, tenant_key
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import MEETING_MIX
from kierto.rounds.rules import ROUND_EACH_UNIT_ONCE, ROUND_ENDS_LATER
from kierto.units.models import Organisation, Theme, Unit
from kierto.words import Localised


class RoundState(StrEnum):
    """What is stored: draft → open → closed, or cancelled. That an open round *runs* is computed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Round(Base, Tenant, Referable):
    """One pass over a set of units. Its lock guards its stops and the days between its meetings (round-gap)."""

    __tablename__ = "rounds"
    __table_args__ = (
        tenant_key(),
        CheckConstraint("until_on > from_on", name="ends_later", info={"rule": ROUND_ENDS_LATER}),
        CheckConstraint("seats >= mix_experts + mix_staff", name="mix_fits", info={"rule": MEETING_MIX}),
        CheckConstraint("mix_experts >= 1 AND mix_staff >= 1 AND minutes > 0 AND gap_days >= 0", name="sizes"),
    )
    lock_rank = 1

    name: Mapped[Localised] = localised("name")
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    minutes: Mapped[int]
    mix_experts: Mapped[int]
    mix_staff: Mapped[int]
    seats: Mapped[int]
    gap_days: Mapped[int]
    public: Mapped[bool]
    state: Mapped[RoundState] = mapped_column(default=RoundState.DRAFT)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    theme: Mapped[Theme] = relationship(viewonly=True)
    stops: Mapped[list["Stop"]] = relationship(order_by="Stop.position", viewonly=True)


class StopState(StrEnum):
    """Computed from the stop's meeting: waiting → booked → visited, or skipped."""

    WAITING = "waiting"
    BOOKED = "booked"
    VISITED = "visited"
    SKIPPED = "skipped"


class Stop(Base, Tenant, Referable):
    """A unit's turn in a round. Its state is computed, so that a cancelled meeting frees it by itself."""

    __tablename__ = "stops"
    __table_args__ = (
        belongs("round_id", "rounds"),
        belongs("unit_id", "units"),
        belongs("meeting_id", "meetings"),
        Index("uq_stops_unit", "round_id", "unit_id", unique=True, info={"rule": ROUND_EACH_UNIT_ONCE}),
        Index("uq_stops_meeting", "meeting_id", unique=True, info={"rule": ROUND_EACH_UNIT_ONCE}),
        Index(None, "unit_id"),
    )

    round_id: Mapped[int]
    unit_id: Mapped[int]
    position: Mapped[int]
    meeting_id: Mapped[int | None]
    skipped_because: Mapped[str | None] = mapped_column(String(500), info=NOT_PERSONAL)

    round: Mapped[Round] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True, overlaps="round")
    meeting: Mapped[Meeting | None] = relationship(viewonly=True)

    @property
    def state(self) -> StopState:
        if self.skipped_because is not None:
            return StopState.SKIPPED
        if self.meeting is None or self.meeting.lapsed or self.meeting.state is MeetingState.CANCELLED:
            return StopState.WAITING
        return StopState.VISITED if self.meeting.held else StopState.BOOKED
