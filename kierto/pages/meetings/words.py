"""How the pages of meetings read addresses and order what they show."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from itertools import groupby

from kierto.actor import Actor
from kierto.clock import local
from kierto.meetings.models import Meeting
from kierto.policy import is_expert_there, works_there
from kierto.seats.rules import SeatRole, SeatState

COMING = (SeatState.ACCEPTED, SeatState.RECONFIRM, SeatState.ATTENDED)
TAKING_PART = tuple(
    state for state in SeatState if state not in (SeatState.WITHDRAWN, SeatState.DECLINED, SeatState.INVITED)
)
"""Whom a list of participants names: who was only invited has nothing to do with the meeting yet."""


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


def role_of(actor: Actor, meeting: Meeting) -> SeatRole:
    """As what the actor comes: a worker where they work, an expert elsewhere (seat-no-double-hat)."""
    if works_there(actor, meeting) or not is_expert_there(actor, meeting):
        return SeatRole.HOST_STAFF
    return SeatRole.EXPERT
