"""What is recorded of experts."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class ExpertApproved(EventData):
    kind = "expert.approved"
    sentence = N_("The expert was approved.")
