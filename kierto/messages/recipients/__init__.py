"""Who is told of an event, and by which kind of message."""

from kierto.events.catalogue import data_of
from kierto.events.models import Event
from kierto.messages.recipients import applications, experts, meetings, people, privacy, rounds, seats, sign_in
from kierto.messages.recipients.found import Finder, Recipient

__all__ = ["FINDERS", "Finder", "Recipient", "recipients_of"]

FINDERS: dict[str, Finder] = (
    applications.FINDERS
    | experts.FINDERS
    | meetings.FINDERS
    | people.FINDERS
    | privacy.FINDERS
    | rounds.FINDERS
    | seats.FINDERS
    | sign_in.FINDERS
)


def recipients_of(event: Event) -> list[Recipient]:
    """Everyone who is told of the event.

    Raises:
        KeyError: this version of Kierto does not know whom to tell of such an event.
    """
    find = FINDERS[event.kind]
    return list(find(event, data_of(event.kind, event.data)))
