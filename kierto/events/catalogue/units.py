"""What is recorded of organisations, units, and the words they share.

`fields` are the names of what was changed, with commas between.
"""

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


@dataclass(frozen=True)
class HostingHoursImported(EventData):
    kind = "hosting_hours.imported"
    sentence = N_("The hosting hours of %(count)s units were imported from a file.")
    count: int


@dataclass(frozen=True)
class OrganisationAdded(EventData):
    kind = "organisation.added"
    sentence = N_("The organisation was added.")


@dataclass(frozen=True)
class OrganisationChanged(EventData):
    kind = "organisation.changed"
    sentence = N_("The organisation was changed.")
    fields: str


@dataclass(frozen=True)
class WeakReadingAllowed(EventData):
    """Stored themes and what to arrange may be read without strong identification (secret-behind-strong-id)."""

    kind = "organisation.weak_reading_allowed"
    sentence = N_("The organisation lets secrets be read without strong identification. The reason is recorded.")


@dataclass(frozen=True)
class WeakReadingEnded(EventData):
    kind = "organisation.weak_reading_ended"
    sentence = N_("The organisation asks for strong identification again before secrets are read.")


@dataclass(frozen=True)
class UnitChanged(EventData):
    kind = "unit.changed"
    sentence = N_("The unit was changed.")
    fields: str


@dataclass(frozen=True)
class UnitHoursChanged(EventData):
    kind = "unit.hours_changed"
    sentence = N_("The hosting hours of the unit were changed: %(count)s times in a week.")
    count: int


@dataclass(frozen=True)
class UnitDatesBlocked(EventData):
    kind = "unit.dates_blocked"
    sentence = N_("%(days)s days were blocked for the unit.")
    days: int


@dataclass(frozen=True)
class UnitDatesFreed(EventData):
    kind = "unit.dates_freed"
    sentence = N_("%(days)s blocked days of the unit were freed.")
    days: int


@dataclass(frozen=True)
class UnitRetired(EventData):
    kind = "unit.retired"
    sentence = N_(
        "The unit was retired: %(skipped)s turns skipped, %(inherited)s practices handed on, %(roles)s roles ended."
    )
    successor_id: int | None
    skipped: int
    inherited: int
    roles: int


@dataclass(frozen=True)
class UnitUnretired(EventData):
    kind = "unit.unretired"
    sentence = N_("The unit was taken back into use.")


@dataclass(frozen=True)
class ServiceAdded(EventData):
    kind = "service.added"
    sentence = N_("A kind of service was added.")


@dataclass(frozen=True)
class ServiceRenamed(EventData):
    kind = "service.renamed"
    sentence = N_("A kind of service was renamed.")


@dataclass(frozen=True)
class ThemeAdded(EventData):
    kind = "theme.added"
    sentence = N_("A theme was added.")


@dataclass(frozen=True)
class ThemeRenamed(EventData):
    kind = "theme.renamed"
    sentence = N_("A theme was renamed in %(meetings)s meetings.")
    meetings: int


@dataclass(frozen=True)
class FeeRateSet(EventData):
    kind = "fee_rate.set"
    sentence = N_("The fees of the year %(year)s were set.")
    year: int
