"""Letters about meetings and seats."""

from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.seats import SeatOffered
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.letters.told import Facts, Letter, Outdated, Told
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.settings import Settings
from kierto.words import day_long, hours, moment, when


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


LETTERS = {
    "meeting.booked": Letter(_meeting_booked),
    "seat.offered": Letter(_seat_offered),
}
