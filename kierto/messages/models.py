"""The table of messages to people."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto.database import NOT_PERSONAL, Base, TenantNumber
from kierto.people.models import Person


class MessageState(StrEnum):
    """due → sent, or failed when it was tried in vain.

    Unreachable when the person has no address, outdated when what it tells was over before it left.
    """

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    OUTDATED = "outdated"


def dedupe_key(event_id: int, kind: str, person_id: int | None) -> str:
    """What makes a message the only one of its kind about the event to the person, or to the address it knows."""
    return f"{event_id}:{kind}:{person_id or 0}"


class Message(Base, TenantNumber):
    """One message of one kind to one person about one event. `dedupe_key` makes a second one impossible.

    Without a person it goes to the address that its subject holds: a sign-in request, an invitation. Such as people
    wait for at the screen are `urgent`: they leave before all others.

    The text is rendered when it is sent. A worker claims it with a lease, so that a crash only delays it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("uq_messages_dedupe", "dedupe_key", unique=True),
        Index(None, "state", "next_attempt_at"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(100), info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    event_id: Mapped[int]
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[MessageState] = mapped_column(default=MessageState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(300), info=NOT_PERSONAL)

    person: Mapped[Person | None] = relationship(viewonly=True)
