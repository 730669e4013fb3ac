"""The log of what happened, and the queue of what people must still be told."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kierto.database import NOT_PERSONAL, Base, Ref, TenantNumber


class Subject(Protocol):
    """A row that an event is about; one of no organisation's table has organisation 0."""

    __tablename__: str
    id: int

    @property
    def organisation_id(self) -> int: ...


class Event(Base, TenantNumber):
    """One thing whose history shows a change. Triggers refuse to change it, or to delete it while it is young.

    Numbers are bare, not foreign keys: the log outlives what it tells of.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "organisation_id", "subject", "subject_id", "id"),
        Index(None, "actor_id"),
        Index(None, "at"),
    )

    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(Ref)
    actor_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    subject: Mapped[str] = mapped_column(String(32), info=NOT_PERSONAL)
    subject_id: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)


class QueuedEvent(Base, TenantNumber):
    """An event that people are to be told of; the worker turns it into messages and deletes it."""

    __tablename__ = "event_queue"

    event_id: Mapped[int] = mapped_column(unique=True)


class Read(StrEnum):
    """What of a person somebody looked at."""

    NEEDS = "needs"
    THEMES = "themes"
    OWN_WORDS = "own_words"
    PARTICIPANTS = "participants"
    EXPORT = "export"


class Reading(Base, TenantNumber):
    """Who looked at what of whom (needs-least-seen).

    Numbers are bare: it outlives what it tells of, until its own end.
    """

    __tablename__ = "readings"
    __table_args__ = (Index(None, "person_id", "at"), Index(None, "at"))

    at: Mapped[datetime]
    reader_id: Mapped[int | None]
    person_id: Mapped[int]
    what: Mapped[Read]
