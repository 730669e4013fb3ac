"""Who is told of rounds: whoever books for a unit."""

from collections.abc import Iterable

from sqlalchemy import select

from kierto.database import session
from kierto.events.catalogue import EventData
from kierto.events.catalogue.meetings import MeetingCancelled
from kierto.events.catalogue.rounds import (
    RoundCancelled,
    RoundClosed,
    RoundOpened,
    RoundReopened,
    StopAdded,
    StopTakenBack,
    SwapAsked,
    SwapDeclined,
    SwapDone,
)
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.messages.recipients.found import Finder, Recipient, told
from kierto.messages.recipients.hosts import contacts_of, who_acts
from kierto.rounds.models import Stop, StopState


def _opened(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The contact persons of the units whose turn waits; the coordinators, if one of the units has none."""
    stops = session.scalars(select(Stop).where(Stop.round_id == event.subject_id))
    units = [stop.unit_id for stop in stops if stop.state is StopState.WAITING]
    return told(event.kind, who_acts(event.organisation_id, units))


def _cancelled(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The contact persons of the units whose turn waited; whose meeting was cancelled with it has a letter of that."""
    with_it = select(Event.subject_id).where(
        Event.act == event.act, Event.kind == MeetingCancelled.kind, Event.subject == Meeting.__tablename__
    )
    gone = set(session.scalars(with_it))
    stops = session.scalars(select(Stop).where(Stop.round_id == event.subject_id))
    units = [stop.unit_id for stop in stops if stop.state is StopState.WAITING and stop.meeting_id not in gone]
    return told(event.kind, contacts_of(units), but=event.actor_id)


def _closed(event: Event, _data: EventData) -> Iterable[Recipient]:
    """The contact persons of the units whose turn the round ended without."""
    units = session.scalars(select(Stop.unit_id).where(Stop.round_id == event.subject_id, Stop.round_ended))
    return told(event.kind, contacts_of(units), but=event.actor_id)


def _added(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit; without any the coordinators."""
    assert isinstance(data, StopAdded | StopTakenBack)
    return told(event.kind, who_acts(event.organisation_id, [data.unit_id]))


def _taken_back(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit; without any the coordinators. Not when the whole round was opened again."""
    reopened = select(Event.id).where(Event.act == event.act, Event.kind == RoundReopened.kind)
    return [] if session.scalar(reopened) is not None else _added(event, data)


def _swap_asked(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit that is asked; without any the coordinators."""
    assert isinstance(data, SwapAsked)
    return told(event.kind, who_acts(event.organisation_id, [data.asked_unit_id]), but=event.actor_id)


def _swap_done(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of both units, or the coordinators; not who answered."""
    assert isinstance(data, SwapDone)
    both = who_acts(event.organisation_id, [data.unit_id, data.asked_unit_id])
    return told(event.kind, both, but=event.actor_id)


def _swap_declined(event: Event, data: EventData) -> Iterable[Recipient]:
    """The contact persons of the unit that asked; without any the coordinators."""
    assert isinstance(data, SwapDeclined)
    return told(event.kind, who_acts(event.organisation_id, [data.unit_id]), but=event.actor_id)


FINDERS: dict[str, Finder] = {
    RoundOpened.kind: _opened,
    RoundReopened.kind: _opened,
    RoundCancelled.kind: _cancelled,
    RoundClosed.kind: _closed,
    StopAdded.kind: _added,
    StopTakenBack.kind: _taken_back,
    SwapAsked.kind: _swap_asked,
    SwapDone.kind: _swap_done,
    SwapDeclined.kind: _swap_declined,
}
