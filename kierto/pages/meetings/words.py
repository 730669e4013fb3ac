"""What the pages of meetings say of how a press went, and how they order what they show."""

from collections.abc import Container, Iterable, Sequence
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


def day_asked(text: str | None) -> date | None:
    """The day that an address names, none when it names none that there is."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def month_key(day: date) -> str:
    """How an address names the day's month: "2027-01"."""
    return f"{day:%Y-%m}"


def month_asked(text: str | None, years: Container[int]) -> date | None:
    """The first day of the month that an address names, if it is of one of the years."""
    first = day_asked(f"{text}-01")
    return first if first is not None and first.year in years else None


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
    if seat.state is SeatState.INTERESTED:
        return gettext("You are among the interested. We tell you if you get a seat."), "success"
    if seat.state is SeatState.INVITED:
        return gettext("You are invited. Say below whether you come."), "info"
    if seat.state is SeatState.RECONFIRM:
        return gettext("The meeting has moved. Say below whether you can still come."), "info"
    return given_up(), "success"


def given_up() -> str:
    return gettext("You do not have a seat in this meeting any more. Thank you for telling us.")


def answer_missing() -> str:
    return gettext("We did not get your answer. Press Yes or No below.")
