"""What each kind of message tells: the facts that its templates show."""

from collections.abc import Callable
from typing import Any, NamedTuple

from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue import EventData, SeatOffered, data_of
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.models import Message
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.settings import Settings
from kierto.words import day_long, hours, moment, when

Facts = dict[str, Any]


class Outdated(Exception):
    """What the message tells is not so any more: better no mail than a wrong one."""


class Told(NamedTuple):
    """What a letter is written from: the message, its event's data, the settings."""

    message: Message
    data: EventData
    settings: Settings


def facts_of(message: Message, settings: Settings) -> Facts:
    """What the message's templates show, in the current language. Called in `reading()`.

    Raises:
        Outdated: the mail is not to be sent.
        KeyError: this version of Kierto does not know the kind.
    """
    event = session.get_one(Event, message.event_id)
    return LETTERS[message.kind](Told(message, data_of(event.kind, event.data), settings))


def _meeting_booked(told: Told) -> Facts:
    return _meeting(session.get_one(Meeting, told.message.subject_id), told.settings)


def _seat_offered(told: Told) -> Facts:
    seat = session.get_one(Seat, told.message.subject_id)
    assert isinstance(told.data, SeatOffered)
    if seat.state is not SeatState.OFFERED or seat.offered_until != told.data.until:
        raise Outdated
    return _meeting(seat.meeting, told.settings) | {"until": moment(local(told.data.until))}


def _meeting(meeting: Meeting, settings: Settings) -> Facts:
    if meeting.state is MeetingState.CANCELLED:
        raise Outdated
    start, end = local(meeting.starts_at), local(meeting.ends_at)
    return {
        "short_when": when(start, end),
        "day": day_long(start.date()),
        "hours": hours(start, end),
        "unit": meeting.unit.name.text(),
        "address": meeting.unit.address,
        "room": meeting.room,
        "link": f"{settings.base_url}/meetings/{meeting.ref}",
    }


LETTERS: dict[str, Callable[[Told], Facts]] = {
    "meeting.booked": _meeting_booked,
    "seat.offered": _seat_offered,
}
