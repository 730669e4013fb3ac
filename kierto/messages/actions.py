"""From events to messages, and a message's steps on its way out.

A worker owns a message while its `attempts` is the number that its claim gave; each later step checks that.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import select

from kierto import clock
from kierto.database import savepoint, session
from kierto.events.models import Event, QueuedEvent
from kierto.messages.letters.told import address_of
from kierto.messages.models import Message, MessageState, dedupe_key
from kierto.messages.queries import due
from kierto.messages.recipients import recipients_of
from kierto.messages.rules import wait_after

log = structlog.get_logger()


class FannedOut(NamedTuple):
    """How many events were turned into messages, and the queue rows of those that could not be."""

    events: int
    stuck: frozenset[int]


class Claim(NamedTuple):
    """A message taken to be sent, and which attempt this is."""

    message_id: int
    attempt: int


def fan_out(limit: int, leaving: Collection[int] = ()) -> FannedOut:
    """Turn queued events into one message per person and kind, and take them off the queue.

    Several workers may do it at once. An event that fails stays queued and stops no other; `leaving` names queue rows
    to pass over.
    """
    queued = session.scalars(
        select(QueuedEvent)
        .where(QueuedEvent.id.not_in(leaving))
        .order_by(QueuedEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    events = {
        event.id: event
        for event in session.scalars(select(Event).where(Event.id.in_([row.event_id for row in queued])))
    }
    stuck = set()
    for row in queued:
        try:
            with savepoint():
                _tell(events[row.event_id])
                session.delete(row)
        except Exception:
            # Whatever is wrong with one event, the others go on; this one is tried again later, nothing is lost.
            log.exception("event could not be turned into messages", event_id=row.event_id)
            stuck.add(row.id)
    return FannedOut(len(queued) - len(stuck), frozenset(stuck))


def claim(lease: timedelta, *, at_any_hour: bool = False) -> Claim | None:
    """Take the message that has waited longest; None when none is due. See `queries.due` for the hours."""
    now = clock.now()
    message = session.scalar(
        due(now, at_any_hour=at_any_hour)
        .order_by(Message.urgent.desc(), Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if message is None:
        return None
    message.attempts += 1
    message.lease_until = now + lease
    return Claim(message.id, message.attempts)


def mark_sent(claim: Claim) -> None:
    """The message was accepted by the next server; that is as far as one can know."""
    message = _held(claim)
    if message:
        message.state = MessageState.SENT
        message.sent_at = clock.now()
        message.lease_until = None
        message.fault = None


def put_back(claim: Claim, wait: timedelta) -> None:
    """The message was not tried, since its way out is down: it is due again later, and the attempt does not count."""
    message = _held(claim)
    if message:
        message.attempts -= 1
        message.lease_until = None
        message.next_attempt_at = clock.now() + wait


def mark_unreachable(claim: Claim) -> None:
    """The person has no address any more."""
    _end(claim, MessageState.UNREACHABLE)


def mark_outdated(claim: Claim) -> None:
    """What the message tells is not so any more."""
    _end(claim, MessageState.OUTDATED)


def mark_fault(claim: Claim, fault: str, *, permanent: bool) -> None:
    """The attempt was in vain: try again after a growing wait, or give up. `fault` holds no address and no name."""
    message = _held(claim)
    if message is None:
        return
    wait = None if permanent else wait_after(message.attempts)
    message.fault = fault[:300]
    message.lease_until = None
    if wait is None:
        message.state = MessageState.FAILED
    else:
        message.next_attempt_at = clock.now() + wait


def _tell(event: Event) -> None:
    told = {
        dedupe_key(event.id, found.kind, found.person.id if found.person else None): found
        for found in recipients_of(event)
    }
    known = set(session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_(told))))
    now = clock.now()
    for key, found in told.items():
        if key not in known:
            unreachable = found.person is not None and address_of(found.person) is None
            session.add(
                Message(
                    organisation_id=event.organisation_id,
                    dedupe_key=key,
                    kind=found.kind,
                    event_id=event.id,
                    subject_id=event.subject_id,
                    person_id=found.person.id if found.person else None,
                    urgent=found.urgent,
                    state=MessageState.UNREACHABLE if unreachable else MessageState.DUE,
                    next_attempt_at=now,
                    created_at=now,
                )
            )
    session.flush()


def _end(claim: Claim, state: MessageState) -> None:
    message = _held(claim)
    if message:
        message.state = state
        message.lease_until = None


def _held(claim: Claim) -> Message | None:
    """The message, locked, if the claim still holds: after its lease another worker may have taken it."""
    return session.scalar(
        select(Message)
        .where(
            Message.id == claim.message_id,
            Message.attempts == claim.attempt,
            Message.state == MessageState.DUE,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
