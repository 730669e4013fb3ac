"""What is recorded of meetings."""

from dataclasses import dataclass
from datetime import datetime

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class MeetingBooked(EventData):
    kind = "meeting.booked"
    sentence = N_("The meeting was booked.")
    told = True
    unit_id: int
    starts_at: datetime
    booked_by: int | None


@dataclass(frozen=True)
class MeetingConfirmed(EventData):
    kind = "meeting.confirmed"
    sentence = N_("The meeting was confirmed: those it needs have said they come.")


@dataclass(frozen=True)
class MeetingLapsed(EventData):
    kind = "meeting.lapsed"
    sentence = N_("The meeting was not held: its time came before it had the people it needs.")


@dataclass(frozen=True)
class MeetingMixLost(EventData):
    kind = "meeting.mix_lost"
    sentence = N_("The meeting no longer has the people it needs.")
