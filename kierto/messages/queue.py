"""The queue as administrators look after it: what waits, what failed and why, and sending it once more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record_all
from kierto.events.catalogue.privacy import MessageRetried
from kierto.messages.models import Message, MessageState

AT_ONCE = 1000
"""How many failed messages one press sends again."""

_LOOKED_AFTER = (MessageState.DUE, MessageState.FAILED, MessageState.UNREACHABLE)


class Pile(NamedTuple):
    """Messages of one kind in one state: how many, since when, and the fault of one of them."""

    kind: str
    state: MessageState
    number: int
    oldest_at: datetime
    fault: str | None


def piles() -> Sequence[Pile]:
    """What waits, failed, or reaches nobody; by kind and state. Faults hold no address and no name."""
    rows = session.execute(
        select(Message.kind, Message.state, func.count(), func.min(Message.created_at), func.max(Message.fault))
        .where(Message.state.in_(_LOOKED_AFTER))
        .group_by(Message.kind, Message.state)
        .order_by(Message.state, Message.kind)
    )
    return [Pile(*row) for row in rows]


def retry_failed(actor: Actor, kind: str) -> int:
    """Let the failed messages of a kind be tried from the beginning; how many they were. Twice sends none twice."""
    failed = session.scalars(
        select(Message)
        .where(Message.kind == kind, Message.state == MessageState.FAILED)
        .order_by(Message.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).all()
    for message in failed:
        # `attempts` goes on from where it is: a worker that was thought dead owns none of these any more.
        message.state, message.next_attempt_at, message.lease_until = MessageState.DUE, clock.now(), None
    record_all(actor, failed, MessageRetried())
    return len(failed)
