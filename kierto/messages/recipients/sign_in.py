"""Who is told of signing in and changed addresses."""

from collections.abc import Iterable

from kierto.events.catalogue import EventData
from kierto.events.catalogue.sign_in import SignInAsked
from kierto.events.models import Event
from kierto.messages.recipients.found import Finder, Recipient


def _who_waits(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The address that the event's subject holds, whoever has it: somebody waits for it at the screen."""
    return [Recipient(None, event.kind, urgent=True)]


FINDERS: dict[str, Finder] = {
    SignInAsked.kind: _who_waits,
}
