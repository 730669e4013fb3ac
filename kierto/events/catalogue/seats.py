"""What is recorded of seats."""

from dataclasses import dataclass
from datetime import datetime

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class SeatTaken(EventData):
    kind = "seat.taken"
    sentence = N_("A seat was taken.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatQueued(EventData):
    kind = "seat.queued"
    sentence = N_("Someone joined the waiting list.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatOffered(EventData):
    kind = "seat.offered"
    sentence = N_("A free seat was offered to the first in the waiting list.")
    told = True
    meeting_id: int
    until: datetime


@dataclass(frozen=True)
class SeatOfferDeclined(EventData):
    kind = "seat.offer_declined"
    sentence = N_("An offered seat was not wanted.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatOfferPassed(EventData):
    kind = "seat.offer_passed"
    sentence = N_("An offered seat was not answered in time.")
    meeting_id: int


@dataclass(frozen=True)
class SeatWithdrawn(EventData):
    kind = "seat.withdrawn"
    sentence = N_("A seat was given up.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatMoved(EventData):
    kind = "seat.moved"
    sentence = N_("The seat is the same person’s under another entry now: the person was known twice.")
    meeting_id: int
