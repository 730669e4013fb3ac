"""What the pages of meetings say of how a press went, and how they order what they show."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from kierto.clock import local
from kierto.meetings.models import Meeting
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.words import gettext

GIVEN_UP = (SeatState.WITHDRAWN, SeatState.DECLINED)
TAKING_PART = tuple(state for state in SeatState if state not in GIVEN_UP)


def by_day(meetings: Iterable[Meeting]) -> Sequence[tuple[date, list[Meeting]]]:
    """Meetings in their order, those of one day together."""
    return [(day, list(group)) for day, group in groupby(meetings, lambda one: local(one.starts_at).date())]


def outcome(seat: Seat, place: int | None) -> tuple[str, str]:
    """How things stand after a press: the sentence and the kind of message."""
    if seat.state is SeatState.ACCEPTED:
        return gettext("You have a seat. Welcome!"), "success"
    if seat.state is SeatState.WAITING:
        return gettext(
            "There is no free seat for you now. You are number %(place)s on the waiting list.", place=place
        ), "info"
    if seat.state is SeatState.OFFERED:
        return gettext("A seat is offered to you. Say yes or no below."), "info"
    return given_up(), "success"


def given_up() -> str:
    return gettext("You do not have a seat in this meeting any more. Thank you for telling us.")


def answer_missing() -> str:
    return gettext("We did not get your answer. Press Yes or No below.")
