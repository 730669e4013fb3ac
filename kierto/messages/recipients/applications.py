"""Who is told of applications."""

from collections.abc import Iterable

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.applications import ApplicationLinkWished, ExpertApplied
from kierto.events.models import Event
from kierto.experts.queries import typed_addresses
from kierto.messages.recipients.found import Finder, Recipient
from kierto.people.models import Expert, Person


def _link_wished(_event: Event, _data: EventData) -> Iterable[Recipient]:
    """The address that was typed: it is no person's yet."""
    return [Recipient(None, ApplicationLinkWished.kind)]


def _applied(event: Event, _data: EventData) -> Iterable[Recipient]:
    """Who applied; an address that Kierto knew already is written to as it was typed."""
    expert = session.get(Expert, event.subject_id)
    if expert is None:
        return []
    typed = typed_addresses([expert.id])
    return [Recipient(None if typed else session.get_one(Person, expert.person_id), ExpertApplied.kind)]


FINDERS: dict[str, Finder] = {ApplicationLinkWished.kind: _link_wished, ExpertApplied.kind: _applied}
