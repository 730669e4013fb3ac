"""Tables of rounds, their stops, and swaps of two stops' times."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import FREE, NOT_PERSONAL, Base, Referable, Tenant, belongs, localised, tenant_key
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import MEETING_MIX
from kierto.people.models import Person
from kierto.rounds.rules import ROUND_EACH_UNIT_ONCE, ROUND_ENDS_LATER, STOP_SWAP
from kierto.units.models import Organisation, Theme, Unit
from kierto.words import Localised

INTEREST_DAYS = 7
"""The days of interest of a round, unless set (seat-interest-first)."""


class RoundState(StrEnum):
    """What is stored: draft → open → closed, or cancelled. That an open round *runs* is computed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Round(Base, Tenant, Referable):
    """One pass over a set of units. Its lock guards its stops and the days between its meetings (round-gap).

    `interest_days` after a booking experts say that they are interested; 0 means first come at once
    (seat-interest-first). `ended_because` is why it was cancelled.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        tenant_key(),
        CheckConstraint("until_on > from_on", name="ends_later", info={"rule": ROUND_ENDS_LATER}),
        CheckConstraint("seats >= mix_experts + mix_staff", name="mix_fits", info={"rule": MEETING_MIX}),
        CheckConstraint("mix_experts >= 1 AND mix_staff >= 1 AND minutes > 0 AND gap_days >= 0", name="sizes"),
        CheckConstraint("interest_days >= 0", name="interest"),
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
    interest_days: Mapped[int] = mapped_column(default=INTEREST_DAYS, server_default=str(INTEREST_DAYS))
    public: Mapped[bool]
    state: Mapped[RoundState] = mapped_column(default=RoundState.DRAFT)
    created_at: Mapped[datetime]
    ended_because: Mapped[str | None] = mapped_column(String(500), info=FREE)

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
    """A unit's turn in a round. Its state is computed, so that a cancelled meeting frees it by itself.

    Two units that meet together have one meeting: one is its host, the other its co-host, and both are visited.
    It was skipped for a reason that somebody wrote, or because the round ended without it (`round_ended`): then it
    comes first in the next round.
    """

    __tablename__ = "stops"
    __table_args__ = (
        tenant_key(),
        belongs("round_id", "rounds"),
        belongs("unit_id", "units"),
        belongs("meeting_id", "meetings"),
        Index("uq_stops_unit", "round_id", "unit_id", unique=True, info={"rule": ROUND_EACH_UNIT_ONCE}),
        Index(None, "meeting_id"),
        Index(None, "unit_id"),
    )

    round_id: Mapped[int]
    unit_id: Mapped[int]
    position: Mapped[int]
    meeting_id: Mapped[int | None]
    skipped_because: Mapped[str | None] = mapped_column(String(500), info=NOT_PERSONAL)
    round_ended: Mapped[bool] = mapped_column(default=False, server_default=false())

    round: Mapped[Round] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True, overlaps="round")
    meeting: Mapped[Meeting | None] = relationship(viewonly=True)

    @property
    def state(self) -> StopState:
        if self.skipped_because is not None or self.round_ended:
            return StopState.SKIPPED
        if self.meeting is None or self.meeting.lapsed or self.meeting.state is MeetingState.CANCELLED:
            return StopState.WAITING
        return StopState.VISITED if self.meeting.held else StopState.BOOKED

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """Whose turn it is: of two units that meet together, either moves or cancels their meeting."""
        together = self.meeting.unit_ids if self.meeting is not None and self.state is StopState.BOOKED else ()
        return (self.unit_id, *(id_ for id_ in together if id_ != self.unit_id))


class FormerMeeting(Base, Tenant):
    """A meeting that a turn had, cancelled since: its people are asked first the next time (seat-interest-first)."""

    __tablename__ = "former_meetings"
    __table_args__ = (belongs("stop_id", "stops"), belongs("meeting_id", "meetings"), Index(None, "stop_id"))

    stop_id: Mapped[int]
    meeting_id: Mapped[int]


class SwapState(StrEnum):
    """asked → done or declined; or withdrawn by who asked. One whose meetings have moved meanwhile is outdated."""

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class StopSwap(Base, Tenant, Referable):
    """One unit of a round asks another to change the times of their meetings with each other.

    `asking_starts_at` and `asked_starts_at` are the times that it was about: once one of the meetings has another, the
    question is out of date. `hosts_anyway`: the asking unit said that it hosts at the other's time though it usually
    would not (meeting-unit-free). The round's lock guards it.
    """

    __tablename__ = "stop_swaps"
    __table_args__ = (
        belongs("asking_stop_id", "stops"),
        belongs("asked_stop_id", "stops"),
        CheckConstraint("asking_stop_id <> asked_stop_id", name="two", info={"rule": STOP_SWAP}),
        Index(
            "uq_stop_swaps_asking",
            "asking_stop_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
            info={"rule": STOP_SWAP},
        ),
        Index(None, "asked_stop_id"),
    )

    asking_stop_id: Mapped[int]
    asked_stop_id: Mapped[int]
    asking_starts_at: Mapped[datetime]
    asked_starts_at: Mapped[datetime]
    hosts_anyway: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[SwapState] = mapped_column(default=SwapState.ASKED)
    words: Mapped[str | None] = mapped_column(String(500), info=FREE)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None]

    asking: Mapped[Stop] = relationship(
        viewonly=True, primaryjoin="foreign(StopSwap.asking_stop_id) == remote(Stop.id)"
    )
    asked: Mapped[Stop] = relationship(viewonly=True, primaryjoin="foreign(StopSwap.asked_stop_id) == remote(Stop.id)")
    asker: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[asked_by])

    @property
    def unit_id(self) -> int:
        """The unit that is asked: its host contact answers."""
        return self.asked.unit_id

    @property
    def current(self) -> bool:
        """Whether both meetings are still to come, at the times that it was about."""
        turns = ((self.asking, self.asking_starts_at), (self.asked, self.asked_starts_at))
        return all(
            stop.state is StopState.BOOKED
            and stop.meeting is not None
            and stop.meeting.open
            and stop.meeting.starts_at == starts_at
            for stop, starts_at in turns
        )
