"""What a finder finds: whom to tell, and by which letter."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kierto.events.catalogue import EventData
from kierto.events.models import Event
from kierto.people.models import Person


class Recipient(NamedTuple):
    """One person and the kind of message they get (a name of `letters.LETTERS`).

    No person: the letter itself knows its address. `urgent`: somebody waits for it at the screen, or it would come too
    late if it rested through the quiet hours.
    """

    person: Person | None
    kind: str
    urgent: bool = False


Finder = Callable[[Event, EventData], Iterable[Recipient]]


def told(kind: str, persons: dict[int, Person], *, but: int | None = None, urgent: bool = False) -> list[Recipient]:
    """Each of the persons, but for who did it, told by the same letter."""
    return [Recipient(persons[id_], kind, urgent) for id_ in sorted(persons) if id_ != but]
