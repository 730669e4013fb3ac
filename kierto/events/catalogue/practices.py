"""What is recorded of practices and their adoption."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


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


@dataclass(frozen=True)
class AdoptionInherited(EventData):
    """A unit ended, and its successor goes on with the practice."""

    kind = "adoption.inherited"
    sentence = N_("The practice was handed on from a unit that ended.")
    practice_id: int
    unit_id: int
    from_unit_id: int
    stage: str


@dataclass(frozen=True)
class AdoptionEnded(EventData):
    """The unit ended: what it used it uses no more, what it had not answered asks nothing any more."""

    kind = "adoption.ended"
    sentence = N_("The practice ended in the unit when the unit ended.")
    practice_id: int
    unit_id: int
    stage: str
