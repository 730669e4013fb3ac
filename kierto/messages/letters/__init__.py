"""What each kind of message tells: the facts that its templates show, and where it goes."""

from kierto.database import session
from kierto.events.catalogue import data_of
from kierto.events.models import Event
from kierto.messages.letters import applications, experts, meetings, people, privacy, rounds, seats, sign_in
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told
from kierto.messages.models import Message
from kierto.settings import Settings

__all__ = ["LETTERS", "Address", "Facts", "Letter", "Outdated", "Told", "told"]

LETTERS: dict[str, Letter] = (
    applications.LETTERS
    | experts.LETTERS
    | meetings.LETTERS
    | people.LETTERS
    | privacy.LETTERS
    | rounds.LETTERS
    | seats.LETTERS
    | sign_in.LETTERS
)


def told(message: Message, settings: Settings) -> tuple[Letter, Told]:
    """The message's letter and what it is written from. Called in `reading()`.

    Raises:
        KeyError: this version of Kierto does not know the kind.
    """
    event = session.get_one(Event, message.event_id)
    return LETTERS[message.kind], Told(message, data_of(event.kind, event.data), settings)
