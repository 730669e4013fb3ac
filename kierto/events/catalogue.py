"""Every kind of event Kierto has ever recorded. It only grows: a released kind is never renamed or removed.

Fields are ids, enumerated values, instants, numbers and names of changed fields; never names, contacts, free text or
tokens. The sentence is what a person reads in a history.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from kierto.words import N_

KINDS: dict[str, type["EventData"]] = {}


@dataclass(frozen=True)
class EventData:
    """What one kind of event tells beside who, when and about what."""

    kind: ClassVar[str]
    sentence: ClassVar[str]
    told: ClassVar[bool] = False  # whether people get messages of it

    def __init_subclass__(cls) -> None:
        KINDS[cls.kind] = cls

    def as_json(self) -> dict[str, Any]:
        """Plain values for the JSON column; instants in ISO 8601, UTC."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def data_of(kind: str, data: dict[str, Any]) -> EventData:
    """An event's data as its class; fields added since it was recorded take their defaults.

    Raises:
        KeyError: no such kind.
    """
    cls = KINDS[kind]
    known = {field.name: field.type for field in fields(cls)}
    values = {
        name: datetime.fromisoformat(value) if known[name] == datetime else value
        for name, value in data.items()
        if name in known
    }
    return cls(**values)


@dataclass(frozen=True)
class UnitAdded(EventData):
    kind = "unit.added"
    sentence = N_("The unit was added.")


@dataclass(frozen=True)
class UnitsImported(EventData):
    kind = "units.imported"
    sentence = N_("%(count)s units were imported from a file.")
    count: int


@dataclass(frozen=True)
class MembershipGiven(EventData):
    kind = "membership.given"
    sentence = N_("A role was given.")
    role: str
    unit_id: int | None


@dataclass(frozen=True)
class ExpertApproved(EventData):
    kind = "expert.approved"
    sentence = N_("The expert was approved.")


@dataclass(frozen=True)
class RoundCreated(EventData):
    kind = "round.created"
    sentence = N_("The round was created.")


@dataclass(frozen=True)
class RoundUnitsChosen(EventData):
    kind = "round.units_chosen"
    sentence = N_("%(count)s units are in the round.")
    count: int


@dataclass(frozen=True)
class RoundOpened(EventData):
    kind = "round.opened"
    sentence = N_("The round was opened for booking.")


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
class PracticeDrafted(EventData):
    kind = "practice.drafted"
    sentence = N_("A practice was written down.")
    meeting_id: int


@dataclass(frozen=True)
class PracticeRewritten(EventData):
    kind = "practice.rewritten"
    sentence = N_("The text of the practice was changed.")
    language: str


@dataclass(frozen=True)
class PracticeAgreed(EventData):
    kind = "practice.agreed"
    sentence = N_("The practice was agreed by %(experts)s experts and %(workers)s workers.")
    meeting_id: int
    experts: int
    workers: int


@dataclass(frozen=True)
class AdoptionArrived(EventData):
    kind = "adoption.arrived"
    sentence = N_("The practice arrived at the unit.")
    practice_id: int
    unit_id: int


@dataclass(frozen=True)
class AdoptionAnswered(EventData):
    kind = "adoption.answered"
    sentence = N_("The unit answered: %(stage)s.")
    practice_id: int
    unit_id: int
    stage: str
