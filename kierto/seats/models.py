"""The table of seats."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import Base, Referable, Tenant, belongs, tenant_key
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.people.rules import SEAT_NO_DOUBLE_HAT
from kierto.seats.rules import SeatRole, SeatState


class Seat(Base, Tenant, Referable):
    """One person in one meeting, with one role.

    `waiting_since` orders the waiting list; an offer stands until `offered_until`; `passed_at` says that one went by
    unanswered, so that the next in line is asked.
    """

    __tablename__ = "seats"
    __table_args__ = (
        tenant_key(),
        belongs("meeting_id", "meetings"),
        Index("uq_seats_person", "meeting_id", "person_id", unique=True, info={"rule": SEAT_NO_DOUBLE_HAT}),
        Index(None, "person_id", "state"),
    )

    meeting_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[SeatRole]
    state: Mapped[SeatState]
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)

    @property
    def holds(self) -> bool:
        """Whether it takes one of the meeting's seats."""
        return self.state in SeatState.holding()
