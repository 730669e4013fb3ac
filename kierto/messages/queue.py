"""The queue as administrators look after it: what waits, what failed and why, and sending it once more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record_all
from kierto.events.catalogue.privacy import MessageRetried
from kierto.events.catalogue.sign_in import OldEndAsked, SignInAsked
from kierto.messages.models import Message, MessageState
from kierto.people.models import Person
from kierto.sign_in.models import Channel, ContactChange, SignInRequest

AT_ONCE = 1000
"""How many failed messages one press sends again."""

_LOOKED_AFTER = (MessageState.DUE, MessageState.FAILED, MessageState.UNREACHABLE)


class Pile(NamedTuple):
    """Messages of one kind in one state: how many, since when, and the fault of one of them.

    `silent`: they did not leave because the phone number has been silent long, and somebody calls first.
    """

    kind: str
    state: MessageState
    number: int
    oldest_at: datetime
    fault: str | None
    silent: bool = False

    @property
    def nobody(self) -> bool:
        """Whether it was for an address that nobody has: whoever asks to be let in may type any."""
        return self.kind == SignInAsked.kind and self.state is MessageState.UNREACHABLE and not self.silent


def piles() -> Sequence[Pile]:
    """What waits, failed, or reaches nobody; by kind and state. Faults hold no address and no name."""
    one = (
        select(Message.kind, Message.state, Message.created_at, Message.fault, _silent().label("silent"))
        .where(Message.state.in_(_LOOKED_AFTER))
        .subquery()
    )
    of = one.c
    rows = session.execute(
        select(of.kind, of.state, func.count(), func.min(of.created_at), func.max(of.fault), of.silent)
        .group_by(of.kind, of.state, of.silent)
        .order_by(of.state, of.kind, of.silent)
    )
    return [Pile(*row) for row in rows]


def _silent() -> ColumnElement[bool]:
    """Whether the message did not leave because a call comes first: somebody has the phone number, and yet no way."""
    asked = exists().where(
        SignInRequest.id == Message.subject_id,
        SignInRequest.channel == Channel.SMS,
        Person.phone == SignInRequest.address,
    )
    old_end = exists().where(ContactChange.id == Message.subject_id, ContactChange.channel == Channel.SMS)
    return and_(
        Message.state == MessageState.UNREACHABLE,
        or_(and_(Message.kind == SignInAsked.kind, asked), and_(Message.kind == OldEndAsked.kind, old_end)),
    )


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
