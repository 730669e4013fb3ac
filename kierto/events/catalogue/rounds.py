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


@dataclass(frozen=True)
class StopSkipped(EventData):
    kind = "stop.skipped"
    sentence = N_("The turn of a unit was skipped.")
    round_id: int
    unit_id: int
