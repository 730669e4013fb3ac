"""What is recorded of applying, of consents, and of what experts say of themselves."""

from dataclasses import dataclass

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class ApplicationBegun(EventData):
    kind = "application.begun"
    sentence = N_("An application was begun.")


@dataclass(frozen=True)
class ApplicationLinkWished(EventData):
    kind = "application.link_wished"
    sentence = N_("The link to go on with an application was sent.")
    told = True


@dataclass(frozen=True)
class ApplicationDeleted(EventData):
    kind = "application.deleted"
    sentence = N_("An application that was not sent was deleted.")


@dataclass(frozen=True)
class ExpertApplied(EventData):
    kind = "expert.applied"
    sentence = N_("The person applied to be an expert.")
    told = True
    application_id: int


@dataclass(frozen=True)
class ApplicationClaimed(EventData):
    kind = "application.claimed"
    sentence = N_("The owner of the address said that the application is theirs.")
    expert_id: int


@dataclass(frozen=True)
class ApplicationWithdrawn(EventData):
    kind = "application.withdrawn"
    sentence = N_("The person withdrew the application.")


@dataclass(frozen=True)
class ConsentGiven(EventData):
    kind = "consent.given"
    sentence = N_("A consent was given.")
    consent: str
    version: int


@dataclass(frozen=True)
class ConsentWithdrawn(EventData):
    kind = "consent.withdrawn"
    sentence = N_("A consent was withdrawn.")
    consent: str


@dataclass(frozen=True)
class ExpertThemesReplaced(EventData):
    kind = "expert.themes_replaced"
    sentence = N_("The themes of the expert’s experience were written anew.")


@dataclass(frozen=True)
class ExpertNeedsReplaced(EventData):
    kind = "expert.needs_replaced"
    sentence = N_("What to arrange for the expert was written anew.")


@dataclass(frozen=True)
class ExpertProfileChanged(EventData):
    kind = "expert.profile_changed"
    sentence = N_("What the expert tells of themself was changed.")


@dataclass(frozen=True)
class ExpertTimesChanged(EventData):
    kind = "expert.times_changed"
    sentence = N_("The times that suit the expert were changed.")


@dataclass(frozen=True)
class PersonChanged(EventData):
    kind = "person.changed"
    sentence = N_("The person changed their name or language.")
