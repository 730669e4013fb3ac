"""Letting the seats that the mix still needs go to anyone."""

from kierto.actor import Actor
from kierto.database import lock_one
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingSeatsReleased
from kierto.meetings.models import Meeting
from kierto.seats.interest import hold_people
from kierto.seats.offering import offer_freed
from kierto.seats.rules import SEAT_BEFORE_START


def release_seats(actor: Actor, meeting: Meeting) -> None:
    """Keep no seats for a role any more (seat-mix-kept); they are offered to those who wait. Once is enough.

    Raises:
        Refused: seat-before-start.
    """
    meeting = lock_one(Meeting, meeting.id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    if meeting.mix_released:
        return
    hold_people(meeting, ())
    meeting.mix_released = True
    record(actor, meeting, MeetingSeatsReleased())
    offer_freed(actor, meeting)
