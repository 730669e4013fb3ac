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
    until: datetime | None


@dataclass(frozen=True)
class SeatOfferDeclined(EventData):
    kind = "seat.offer_declined"
    sentence = N_("An offered seat was not wanted.")
    told = True
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
    told = True
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatMoved(EventData):
    kind = "seat.moved"
    sentence = N_("The seat is the same person’s under another entry now: the person was known twice.")
    meeting_id: int


@dataclass(frozen=True)
class SeatInterested(EventData):
    kind = "seat.interested"
    sentence = N_("Someone said that they are interested.")
    meeting_id: int


@dataclass(frozen=True)
class SeatGiven(EventData):
    kind = "seat.given"
    sentence = N_("A seat was given by fair turn.")
    told = True
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatNotGiven(EventData):
    kind = "seat.not_given"
    sentence = N_("Someone for whom there was no seat got a place on the waiting list.")
    told = True
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatDeclined(EventData):
    kind = "seat.declined"
    sentence = N_("Someone said that they cannot come.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatAskedAgain(EventData):
    kind = "seat.asked_again"
    sentence = N_("Someone was asked whether they can still come.")
    meeting_id: int


@dataclass(frozen=True)
class SeatReconfirmed(EventData):
    kind = "seat.reconfirmed"
    sentence = N_("Someone can still come after the move.")
    meeting_id: int
    role: str


@dataclass(frozen=True)
class SeatCompanionsSet(EventData):
    kind = "seat.companions_set"
    sentence = N_("%(count)s companions come along.")
    meeting_id: int
    count: int


@dataclass(frozen=True)
class SeatFeeChosen(EventData):
    kind = "seat.fee_chosen"
    sentence = N_("What was agreed of the fee was changed.")
    meeting_id: int
    declined: bool


@dataclass(frozen=True)
class SeatCallWanted(EventData):
    kind = "seat.call_wanted"
    sentence = N_("Someone asked to be called about a meeting.")
    meeting_id: int


@dataclass(frozen=True)
class SeatCallTakenBack(EventData):
    kind = "seat.call_taken_back"
    sentence = N_("Someone needs no call about a meeting after all.")
    meeting_id: int


@dataclass(frozen=True)
class SeatCalled(EventData):
    kind = "seat.called"
    sentence = N_("Someone was called about a meeting.")
    meeting_id: int


@dataclass(frozen=True)
class SeatAnswerRecorded(EventData):
    kind = "seat.answer_recorded"
    sentence = N_("A coordinator recorded an answer given to them.")
    meeting_id: int
    reason_code: str


@dataclass(frozen=True)
class FacilitatorNamed(EventData):
    kind = "seat.facilitator_named"
    sentence = N_("A facilitator was named.")
    told = True
    meeting_id: int
