"""What is recorded of meetings."""

from dataclasses import dataclass
from datetime import datetime

from kierto.events.catalogue.base import EventData
from kierto.words import N_


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
    told = True


@dataclass(frozen=True)
class MeetingLapsed(EventData):
    kind = "meeting.lapsed"
    sentence = N_("The meeting was not held: its time came before it had the people it needs.")
    told = True


@dataclass(frozen=True)
class MeetingMixLost(EventData):
    kind = "meeting.mix_lost"
    sentence = N_("The meeting no longer has the people it needs.")
    told = True


@dataclass(frozen=True)
class MeetingMoved(EventData):
    kind = "meeting.moved"
    sentence = N_("The meeting was moved to another time.")
    told = True
    before_at: datetime
    starts_at: datetime
    asked_again: int


@dataclass(frozen=True)
class MeetingCancelled(EventData):
    kind = "meeting.cancelled"
    sentence = N_("The meeting was cancelled.")
    told = True
    late: bool


@dataclass(frozen=True)
class MeetingAskedHappened(EventData):
    kind = "meeting.asked_happened"
    sentence = N_("The unit was asked whether the meeting was held.")
    told = True


@dataclass(frozen=True)
class MeetingHappened(EventData):
    kind = "meeting.happened"
    sentence = N_("The meeting was said to have been held.")


@dataclass(frozen=True)
class MeetingDidNotHappen(EventData):
    kind = "meeting.did_not_happen"
    sentence = N_("The meeting was said not to have been held.")


@dataclass(frozen=True)
class MeetingHeldAnyway(EventData):
    kind = "meeting.held_anyway"
    sentence = N_("A coordinator decided that the meeting is held without all the people it needs.")
    told = True


@dataclass(frozen=True)
class MeetingSeatsReleased(EventData):
    kind = "meeting.seats_released"
    sentence = N_("The seats kept for those the meeting needs were released to anyone.")


@dataclass(frozen=True)
class MeetingEdited(EventData):
    kind = "meeting.edited"
    sentence = N_("What the meeting’s page tells was changed.")


@dataclass(frozen=True)
class MeetingReminded(EventData):
    kind = "meeting.reminded"
    sentence = N_("Those who come were reminded of the meeting.")
    told = True
    days: int


@dataclass(frozen=True)
class ExpertsReminded(EventData):
    kind = "meeting.experts_reminded"
    sentence = N_("The experts who come were reminded of the meeting.")
    told = True
    days: int


@dataclass(frozen=True)
class MeetingMixMissing(EventData):
    kind = "meeting.mix_missing"
    sentence = N_("The meeting is near and still lacks people it needs.")
    told = True


@dataclass(frozen=True)
class MeetingCoHosted(EventData):
    kind = "meeting.co_hosted"
    sentence = N_("Two units hold the meeting together.")
    told = True
    unit_id: int


@dataclass(frozen=True)
class MeetingHostedAlone(EventData):
    kind = "meeting.hosted_alone"
    sentence = N_("The meeting is held by one unit again.")
    unit_id: int


@dataclass(frozen=True)
class ExpertsInvited(EventData):
    kind = "meeting.experts_invited"
    sentence = N_("%(count)s experts were invited.")
    told = True
    count: int


@dataclass(frozen=True)
class VisitorsInvited(EventData):
    kind = "meeting.visitors_invited"
    sentence = N_("The workers of the round’s next unit were invited.")
    told = True
    unit_id: int
