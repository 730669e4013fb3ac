"""What is recorded of rounds."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


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
    told = True


@dataclass(frozen=True)
class StopSkipped(EventData):
    kind = "stop.skipped"
    sentence = N_("The turn of a unit was skipped.")
    round_id: int
    unit_id: int


@dataclass(frozen=True)
class RoundEdited(EventData):
    kind = "round.edited"
    sentence = N_("What was planned of the round was changed.")


@dataclass(frozen=True)
class RoundClosed(EventData):
    kind = "round.closed"
    sentence = N_("The round was closed; %(skipped)s units were left.")
    told = True
    skipped: int


@dataclass(frozen=True)
class RoundCancelled(EventData):
    kind = "round.cancelled"
    sentence = N_("The round was cancelled.")
    told = True


@dataclass(frozen=True)
class RoundReopened(EventData):
    kind = "round.reopened"
    sentence = N_("The round was opened again.")
    told = True


@dataclass(frozen=True)
class RoundRemoved(EventData):
    kind = "round.removed"
    sentence = N_("The draft of a round was thrown away.")


@dataclass(frozen=True)
class StopAdded(EventData):
    kind = "stop.added"
    sentence = N_("A unit joined the round.")
    told = True
    round_id: int
    unit_id: int


@dataclass(frozen=True)
class StopTakenBack(EventData):
    kind = "stop.taken_back"
    sentence = N_("A skipped unit has its turn again.")
    told = True
    round_id: int
    unit_id: int


@dataclass(frozen=True)
class SwapAsked(EventData):
    kind = "swap.asked"
    sentence = N_("A unit asked another one to change times.")
    told = True
    unit_id: int
    asked_unit_id: int


@dataclass(frozen=True)
class SwapDone(EventData):
    kind = "swap.done"
    sentence = N_("Two units changed times.")
    told = True
    unit_id: int
    asked_unit_id: int


@dataclass(frozen=True)
class SwapDeclined(EventData):
    kind = "swap.declined"
    sentence = N_("A change of times was not wanted.")
    told = True
    unit_id: int
    asked_unit_id: int


@dataclass(frozen=True)
class SwapWithdrawn(EventData):
    kind = "swap.withdrawn"
    sentence = N_("A question about changing times was taken back.")
    unit_id: int
    asked_unit_id: int
