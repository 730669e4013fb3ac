"""The states of things as people read them: a word and a colour for each."""

from enum import StrEnum
from typing import NamedTuple

from kierto.experts import importing as experts
from kierto.jobs.models import JobState
from kierto.meetings.models import MeetingState
from kierto.messages.models import MessageState
from kierto.people.models import ExpertState
from kierto.practices.rules import PracticeState, Stage
from kierto.rounds.models import RoundState, StopState
from kierto.seats.rules import SeatState
from kierto.units import importing as units
from kierto.units import importing_hours as hours
from kierto.words import N_, gettext


class Described(NamedTuple):
    """A state's word in the reader's language, and the colour that goes with it (`data-color`); never colour alone."""

    word: str
    color: str


_GOING, _GOOD, _ASKS, _OVER, _BAD = "info", "success", "warning", "neutral", "danger"

_STATES: dict[type[StrEnum], dict[StrEnum, tuple[str, str]]] = {
    MeetingState: {
        MeetingState.PROPOSED: (N_("Waiting for people"), _ASKS),
        MeetingState.CONFIRMED: (N_("Confirmed"), _GOOD),
        MeetingState.CLOSED: (N_("Held, notes published"), _OVER),
        MeetingState.CANCELLED: (N_("Cancelled"), _BAD),
    },
    SeatState: {
        SeatState.INVITED: (N_("Invited"), _ASKS),
        SeatState.INTERESTED: (N_("Interested"), _GOING),
        SeatState.WAITING: (N_("On the waiting list"), _GOING),
        SeatState.OFFERED: (N_("Offered: answer"), _ASKS),
        SeatState.ACCEPTED: (N_("Coming"), _GOOD),
        SeatState.RECONFIRM: (N_("Changed: answer again"), _ASKS),
        SeatState.DECLINED: (N_("Not this time"), _OVER),
        SeatState.WITHDRAWN: (N_("Seat given up"), _OVER),
        SeatState.ATTENDED: (N_("Was there"), _GOOD),
        SeatState.ABSENT: (N_("Was not there"), _OVER),
    },
    RoundState: {
        RoundState.DRAFT: (N_("Being prepared"), _OVER),
        RoundState.OPEN: (N_("Open for booking"), _GOOD),
        RoundState.CLOSED: (N_("Ended"), _OVER),
        RoundState.CANCELLED: (N_("Cancelled"), _BAD),
    },
    StopState: {
        StopState.WAITING: (N_("Not booked yet"), _ASKS),
        StopState.BOOKED: (N_("Booked"), _GOING),
        StopState.VISITED: (N_("Visited"), _GOOD),
        StopState.SKIPPED: (N_("Skipped"), _OVER),
    },
    PracticeState: {
        PracticeState.DRAFT: (N_("Draft"), _OVER),
        PracticeState.AGREED: (N_("Agreed"), _GOOD),
        PracticeState.RETIRED: (N_("No longer spread"), _OVER),
    },
    Stage: {
        Stage.ARRIVED: (N_("Arrived: waits for an answer"), _ASKS),
        Stage.TRYING: (N_("Being tried"), _GOING),
        Stage.IN_USE: (N_("In use"), _GOOD),
        Stage.ROOTED: (N_("Rooted"), _GOOD),
        Stage.DECLINED: (N_("Not for this unit"), _OVER),
        Stage.STOPPED: (N_("Stopped"), _OVER),
    },
    ExpertState: {
        ExpertState.APPLIED: (N_("Has applied"), _ASKS),
        ExpertState.APPROVED: (N_("Approved"), _GOOD),
        ExpertState.PAUSED: (N_("On a break"), _OVER),
        ExpertState.LEFT: (N_("Has left"), _OVER),
        ExpertState.DECLINED: (N_("Not approved"), _OVER),
        ExpertState.WITHDRAWN: (N_("Application withdrawn"), _OVER),
    },
    MessageState: {
        MessageState.DUE: (N_("Waits to be sent"), _GOING),
        MessageState.SENT: (N_("Has been sent"), _GOOD),
        MessageState.FAILED: (N_("Could not be sent"), _BAD),
        MessageState.UNREACHABLE: (N_("No address"), _ASKS),
        MessageState.OUTDATED: (N_("Not needed any more"), _OVER),
    },
    JobState: {
        JobState.QUEUED: (N_("Waits for its turn"), _GOING),
        JobState.RUNNING: (N_("Under way"), _GOING),
        JobState.ASKING: (N_("Waits for your answer"), _ASKS),
        JobState.DONE: (N_("Ready"), _GOOD),
        JobState.FAILED: (N_("Failed"), _BAD),
        JobState.STOPPED: (N_("Stopped"), _OVER),
    },
}

_JOBS = {
    units.KIND: N_("Import of units"),
    hours.KIND: N_("Import of hosting hours"),
    experts.KIND: N_("Import of experts"),
}


def job_called(kind: str) -> str:
    """What a kind of long work is called; one that this version does not know, by its name."""
    return gettext(_JOBS[kind]) if kind in _JOBS else kind


def described(state: StrEnum) -> Described:
    """The state's word and colour."""
    word, color = _STATES[type(state)][state]
    return Described(gettext(word), color)
