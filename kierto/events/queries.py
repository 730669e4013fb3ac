"""Reading the log."""

from collections.abc import Sequence

from sqlalchemy import select

from kierto.database import session
from kierto.events.models import Event, Subject


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
