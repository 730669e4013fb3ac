"""What is recorded of organisations and units."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class UnitAdded(EventData):
    kind = "unit.added"
    sentence = N_("The unit was added.")


@dataclass(frozen=True)
class UnitsImported(EventData):
    kind = "units.imported"
    sentence = N_("%(count)s units were imported from a file.")
    count: int
