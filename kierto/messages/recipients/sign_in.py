"""Who is told of signing in and changed addresses."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.sign_in import (
    ContactChanged,
    NewEndAsked,
    OldEndAsked,
    PassMade,
    SignInAsked,
)
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient
from kierto.sign_in.models import PaperPass


def _who_waits(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The address that the event's subject holds, whoever has it: somebody waits for it at the screen."""
    return [Recipient(None, event.kind, urgent=True)]


def _whose_pass(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Whose pass it is, so that nobody has one without knowing it."""
    return [Recipient(session.get_one(PaperPass, event.subject_id).person, event.kind)]


def _whose_it_was(event: Event, _data: EventData) -> Iterable[Recipient]:
    """One certain address of the person's, which the letter knows."""
    return [Recipient(None, event.kind)]


FINDERS: dict[str, Finder] = {
    SignInAsked.kind: _who_waits,
    NewEndAsked.kind: _who_waits,
    OldEndAsked.kind: _whose_it_was,
    ContactChanged.kind: _whose_it_was,
    PassMade.kind: _whose_pass,
}
