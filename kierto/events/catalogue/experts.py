"""What is recorded of experts."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class ExpertAdded(EventData):
    kind = "expert.added"
    sentence = N_("The expert was added to the register.")


@dataclass(frozen=True)
class ExpertApproved(EventData):
    kind = "expert.approved"
    sentence = N_("The expert was approved.")
    told = True


@dataclass(frozen=True)
class ExpertDeclined(EventData):
    kind = "expert.declined"
    sentence = N_("The application was not approved.")
    told = True


@dataclass(frozen=True)
class ExpertPaused(EventData):
    kind = "expert.paused"
    sentence = N_("The expert began a break.")
    told = True


@dataclass(frozen=True)
class ExpertCameBack(EventData):
    kind = "expert.came_back"
    sentence = N_("The expert came back from a break.")


@dataclass(frozen=True)
class ExpertLeft(EventData):
    kind = "expert.left"
    sentence = N_("The expert left the register.")


@dataclass(frozen=True)
class ExpertDatesChanged(EventData):
    kind = "expert.dates_changed"
    sentence = N_("Dates of the expert were changed: induction, undertaking or contract.")
    fields: str


@dataclass(frozen=True)
class ExpertCalled(EventData):
    kind = "expert.called"
    sentence = N_("The coordinator called the person.")


@dataclass(frozen=True)
class ExpertsNotTheSame(EventData):
    kind = "expert.not_the_same"
    sentence = N_("Two experts who look alike were said to be two persons.")
    other_expert_id: int


@dataclass(frozen=True)
class ExpertMerged(EventData):
    kind = "expert.merged"
    sentence = N_("The same person was here twice: the two were made one.")
    other_expert_id: int


@dataclass(frozen=True)
class ExpertMergedAway(EventData):
    kind = "expert.merged_away"
    sentence = N_("The same person was here twice: this one went into the other.")
    into_expert_id: int


@dataclass(frozen=True)
class ExpertUpdated(EventData):
    kind = "expert.updated"
    sentence = N_("What the register tells of the expert was changed from a file.")
    fields: str


@dataclass(frozen=True)
class ExpertsImported(EventData):
    kind = "experts.imported"
    sentence = N_("%(count)s experts were imported from a file.")
    count: int


@dataclass(frozen=True)
class BusyTimesKept(EventData):
    kind = "person.busy_times_kept"
    sentence = N_("Busy times were taken from a calendar file.")
    count: int


@dataclass(frozen=True)
class BusyTimesRemoved(EventData):
    kind = "person.busy_times_removed"
    sentence = N_("Busy times were deleted.")
