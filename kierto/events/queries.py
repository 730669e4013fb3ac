"""Reading the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select

from kierto import clock
from kierto.database import NO_ORGANISATION, session
from kierto.events.models import Event, Subject

OUTSIDE = NO_ORGANISATION
"""The organisation of what happened outside all of them."""


@dataclass(frozen=True)
class Asked:
    """What of the log is asked for; None: all."""

    organisation_id: int | None = None
    kind: str | None = None
    day: date | None = None
    actor_id: int | None = None
    before: int | None = None


def history(subject: Subject, limit: int = 100) -> Sequence[Event]:
    """What happened to a thing, newest first."""
    statement = (
        select(Event)
        .where(
            Event.organisation_id == subject.organisation_id,
            Event.subject == subject.__tablename__,
            Event.subject_id == subject.id,
        )
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def log(asked: Asked, limit: int) -> Sequence[Event]:
    """What happened anywhere, newest first; from behind the event numbered `before`."""
    statement = select(Event)
    if asked.organisation_id is not None:
        statement = statement.where(Event.organisation_id == asked.organisation_id)
    if asked.kind is not None:
        statement = statement.where(Event.kind == asked.kind)
    if asked.actor_id is not None:
        statement = statement.where(Event.actor_id == asked.actor_id)
    if asked.day is not None:
        begins, ends = (clock.instant(day, time(0)) for day in (asked.day, asked.day + timedelta(days=1)))
        statement = statement.where(Event.at >= begins, Event.at < ends)
    if asked.before is not None:
        statement = statement.where(Event.id < asked.before)
    return session.scalars(statement.order_by(Event.id.desc()).limit(limit)).all()
