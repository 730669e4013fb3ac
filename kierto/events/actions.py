"""Recording what happened."""

from collections.abc import Sequence

from sqlalchemy import insert

from kierto import clock
from kierto.actor import Actor
from kierto.database import act, session
from kierto.events.catalogue import EventData
from kierto.events.models import Event, QueuedEvent, Read, Reading, Subject


def record(actor: Actor, subject: Subject, data: EventData) -> Event:
    """Write down that `actor` did something to `subject`, and queue it when people are to be told.

    Flushes first, so that a new subject has its id.
    """
    return record_all(actor, [subject], data)[0]


def record_all(actor: Actor, subjects: Sequence[Subject], data: EventData) -> list[Event]:
    """`record` for many subjects alike, in few statements: what holds the write lock is to be short."""
    session.flush()
    events = [
        Event(
            at=clock.now(),
            act=act(),
            organisation_id=subject.organisation_id,
            actor_id=actor.person_id,
            kind=data.kind,
            subject=subject.__tablename__,
            subject_id=subject.id,
            data=data.as_json(),
        )
        for subject in subjects
    ]
    session.add_all(events)
    if data.told:
        session.flush()
        session.add_all(QueuedEvent(organisation_id=event.organisation_id, event_id=event.id) for event in events)
    return events


def record_new(actor: Actor, table: str, organisation_id: int, ids: Sequence[int], data: EventData) -> None:
    """`record_all` for rows that were inserted by one statement, by their ids; of what nobody is told."""
    common = {
        "at": clock.now(),
        "act": act(),
        "organisation_id": organisation_id,
        "actor_id": actor.person_id,
        "kind": data.kind,
        "subject": table,
        "data": data.as_json(),
    }
    if ids and not data.told:
        session.execute(insert(Event), [common | {"subject_id": id_} for id_ in ids])


def note_reading(actor: Actor, organisation_id: int, person_id: int, what: Read) -> None:
    """Write down that `actor` looked at something of a person (needs-least-seen); they see it among their own data.

    Looking at one's own is noted too, when it is all of it: an export.
    """
    session.add(
        Reading(
            organisation_id=organisation_id,
            at=clock.now(),
            reader_id=actor.person_id,
            person_id=person_id,
            what=what,
        )
    )
