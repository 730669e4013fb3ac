"""What each kind of message tells: the facts that its templates show."""

from collections.abc import Callable
from typing import Any

from kierto.clock import local
from kierto.database import session
from kierto.meetings.models import Meeting
from kierto.messages.models import Message
from kierto.settings import Settings
from kierto.words import day_long, hours, when

Facts = dict[str, Any]


def facts_of(message: Message, settings: Settings) -> Facts:
    """What the message's templates show, in the current language. Called in `reading()`.

    Raises:
        KeyError: this version of Kierto does not know the kind.
    """
    return LETTERS[message.kind](message, settings)


def _meeting_booked(message: Message, settings: Settings) -> Facts:
    meeting = session.get_one(Meeting, message.subject_id)
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


LETTERS: dict[str, Callable[[Message, Settings], Facts]] = {
    "meeting.booked": _meeting_booked,
}
