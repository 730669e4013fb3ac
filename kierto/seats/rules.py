"""Rules about seats, in plain Python."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from kierto.errors import Refused, Rule
from kierto.meetings.rules import MEETING_MIX, SEAT_CAPACITY, Span
from kierto.words import N_

PERSON_ONE_PLACE = Rule(
    "person-one-place", N_("You already have a seat in another meeting at that time. Give that seat up first.")
)
SEAT_MIX_KEPT = Rule(
    "seat-mix-kept", N_("The last seats are kept for those the meeting still needs. You can join the waiting list.")
)
SEAT_NO_DOUBLE_HAT = Rule(
    "seat-no-double-hat", N_("One person has one seat and one role in a meeting. Nobody is an expert where they work.")
)
SEAT_WITHDRAW_FREELY = Rule("seat-withdraw-freely", N_("You can give up your seat at any time before the meeting."))
SEAT_BEFORE_START = Rule("seat-before-start", N_("The meeting has begun or was cancelled. Seats no longer change."))


class SeatRole(StrEnum):
    EXPERT = "expert"
    HOST_STAFF = "host_staff"
    VISITING_STAFF = "visiting_staff"
    FACILITATOR = "facilitator"


class SeatState(StrEnum):
    """Where a person stands with a meeting; accepted, offered and reconfirm hold one of its seats."""

    INVITED = "invited"
    INTERESTED = "interested"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RECONFIRM = "reconfirm"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"
    ABSENT = "absent"

    @classmethod
    def holding(cls) -> tuple["SeatState", ...]:
        return (cls.ACCEPTED, cls.OFFERED, cls.RECONFIRM)


class Mix(NamedTuple):
    """How many experts and host staff a meeting needs."""

    experts: int
    staff: int
