"""Who has heard of a thing before: several events may tell the same, each person hears it once."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from kierto.database import session
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.events.models import Event
from kierto.messages.models import Message, MessageState, dedupe_key


def heard(event: Event, kind: str, person_ids: Collection[int]) -> set[int]:
    """Who of the persons has had a letter of the kind about the event's subject, by an earlier event."""
    return {person_id for person_id, _message in _letters(_earlier(event, kind), kind, person_ids)}


def invited(event: Event, person_ids: Collection[int], *, anew: bool) -> set[int]:
    """Who of the persons has the letter of the event's kind about its meeting, or gets it yet.

    One that was outdated by the time it was to leave, or reached nobody, is none. `anew`: nor is one that tells a time
    from which the meeting has moved since; who was told of the move by that letter has it.
    """
    moves = _earlier(event, MeetingMoved.kind)
    last = session.get_one(Event, max(moves)) if anew and moves else None
    letters = _letters({*moves, *_earlier(event, event.kind)}, event.kind, person_ids)
    return {person_id for person_id, message in letters if _tells(message, last)}


def _tells(message: Message, move: Event | None) -> bool:
    """Whether the letter tells, or will tell, how things are after the move: it is written when it leaves."""
    if message.state not in (MessageState.DUE, MessageState.SENT):
        return False
    if move is None or message.event_id >= move.id:
        return True
    if message.state is MessageState.DUE:
        return message.lease_until is None
    return message.sent_at is not None and message.sent_at > move.at


def _earlier(event: Event, kind: str) -> Sequence[int]:
    """Ids of the earlier events of the kind about the event's subject."""
    return session.scalars(
        select(Event.id).where(
            Event.organisation_id == event.organisation_id,
            Event.subject == event.subject,
            Event.subject_id == event.subject_id,
            Event.kind == kind,
            Event.id < event.id,
        )
    ).all()


def _letters(events: Iterable[int], kind: str, person_ids: Collection[int]) -> Iterable[tuple[int, Message]]:
    """The persons' letters of the kind that the events led to."""
    keys = {dedupe_key(event_id, kind, person_id): person_id for event_id in events for person_id in person_ids}
    found = session.scalars(select(Message).where(Message.dedupe_key.in_(keys)))
    return [(keys[message.dedupe_key], message) for message in found]
