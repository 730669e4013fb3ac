"""The table of seats."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import NOT_PERSONAL, Base, Referable, Tenant, belongs, tenant_key
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.people.rules import SEAT_NO_DOUBLE_HAT
from kierto.seats.rules import FEE_BEFORE_YES, Answered, SeatRole, SeatState


class Seat(Base, Tenant, Referable):
    """One person in one meeting, with one role.

    `waiting_since` orders the waiting list; an offer stands until `offered_until` (none: its clock has not begun, since
    the person is told by a call); `passed_at` says that one went by unanswered, so that the next in line is asked.
    `interested_since` orders the interested whose turn is equally fair. `asked_first`: they had a seat in the cancelled
    meeting that this one stands for, and have not answered yet. `companions` come along, they need room but no seat.
    What the person was shown of the fee before they said yes is kept (fee-before-yes): sums in cents; `fee_declined` is
    an equal choice. `answered_by` and `answered` say who gave the latest answer and how (answer-for-another).
    `call_wanted_at`: they asked to be called. `agreed_starts_at` is the meeting's beginning that they last said yes to
    or were asked about:
    what a move is judged against (seat-reconfirm).
    """

    __tablename__ = "seats"
    __table_args__ = (
        tenant_key(),
        belongs("meeting_id", "meetings"),
        Index("uq_seats_person", "meeting_id", "person_id", unique=True, info={"rule": SEAT_NO_DOUBLE_HAT}),
        Index(None, "person_id", "state"),
        Index(None, "state", "offered_until"),
        CheckConstraint("companions BETWEEN 0 AND 9", name="companions"),
        CheckConstraint("fee_cents >= 0 AND cancellation_cents >= 0", name="fee", info={"rule": FEE_BEFORE_YES}),
    )

    meeting_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[SeatRole]
    state: Mapped[SeatState]
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    interested_since: Mapped[datetime | None]
    asked_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    companions: Mapped[int] = mapped_column(default=0, server_default="0")
    fee_cents: Mapped[int | None]
    cancellation_cents: Mapped[int | None]
    travel_paid: Mapped[bool | None]
    paid_by: Mapped[str | None] = mapped_column(String(200), info=NOT_PERSONAL)
    fee_declined: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered: Mapped[Answered | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None]
    call_wanted_at: Mapped[datetime | None]
    agreed_starts_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])
    recorder: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[answered_by])

    @property
    def holds(self) -> bool:
        """Whether it takes one of the meeting's seats: a facilitator needs room, but none of them."""
        return self.state in SeatState.holding() and self.role is not SeatRole.FACILITATOR
