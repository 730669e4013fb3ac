"""Who is told of applications."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.applications import ApplicationLinkWished, ExpertApplied
from kierto.events.models import Event
from kierto.experts.calling import unsure
from kierto.experts.queries import typed_addresses
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Expert, Person


def _link_wished(_event: Event, _data: EventData) -> Iterable[Recipient]:
    """The address that was typed: it is no person's yet."""
    return [Recipient(None, ApplicationLinkWished.kind)]


def _applied(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Who applied; an address that Kierto knew already is written to as it was typed.

    Whoever typed somebody else's number beside an e-mail address of their own gets the same mail as ever: what is
    missing would tell them that the number is known. A number that may be somebody else's by now gets nothing.
    """
    expert = session.get(Expert, event.subject_id)
    if expert is None:
        return []
    person = session.get_one(Person, expert.person_id)
    typed = typed_addresses([expert.id]).get(expert.id)
    found = [Recipient(person, ExpertApplied.kind)] if typed is None or (person.email and not typed.email) else []
    if typed is not None and expert.id not in unsure({expert.id: typed}):
        found.append(Recipient(None, ExpertApplied.kind))
    return found


FINDERS: dict[str, Finder] = {ApplicationLinkWished.kind: _link_wished, ExpertApplied.kind: _applied}
