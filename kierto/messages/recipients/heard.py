"""Who has heard of a thing before: several events may tell the same, each person hears it once."""

from collections.abc import Collection

from sqlalchemy import select

from kierto.database import session
from kierto.events.models import Event
from kierto.messages.models import Message, dedupe_key


def heard(event: Event, kind: str, person_ids: Collection[int]) -> set[int]:
    """Who of the persons has had a letter of the kind about the event's subject, by an earlier event."""
    earlier = session.scalars(
        select(Event.id).where(
            Event.organisation_id == event.organisation_id,
            Event.subject == event.subject,
            Event.subject_id == event.subject_id,
            Event.kind == kind,
            Event.id < event.id,
        )
    ).all()
    keys = {dedupe_key(event_id, kind, person_id): person_id for event_id in earlier for person_id in person_ids}
    found = session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_(keys)))
    return {keys[key] for key in found}
