"""What a unit's page opens with: at most three things, and how many minutes they take about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kierto import clock
from kierto.actor import Actor
from kierto.meetings.happening import unanswered_in
from kierto.meetings.models import Meeting
from kierto.policy import BOOK_STOP, SAY_HAPPENED, SEE_NEEDS
from kierto.rounds import queries as rounds
from kierto.rounds.models import Stop, StopState, StopSwap
from kierto.rounds.swapping import swaps_to_answer
from kierto.seats.arranging import any_to_arrange
from kierto.units.models import Unit

MOST = 3
SOON = timedelta(days=7)
"""So near, the next meeting comes before what can be done later."""

MOST_COUNTED = 3
"""Nobody answers more practices than that at one sitting."""


@dataclass(frozen=True)
class Thing:
    """One thing and its minutes; `kind` says which of the others it is about, and how it is drawn."""

    kind: str
    minutes: int
    meeting: Meeting | None = None
    stop: Stop | None = None
    swap: StopSwap | None = None
    count: int = 0
    may: bool = True


@dataclass(frozen=True)
class Now:
    """The first things, and how many more wait behind them."""

    things: Sequence[Thing]
    more: int

    @property
    def minutes(self) -> int:
        return sum(thing.minutes for thing in self.things)


def now_in(who: Actor, unit: Unit, coming: Sequence[Meeting], to_answer: int) -> Now:
    """What waits for the people of the unit, the most urgent first; `to_answer` practices have arrived."""
    found = list(_things(who, unit, coming[0] if coming else None, to_answer))
    return Now(found[:MOST], max(0, len(found) - MOST))


def _things(who: Actor, unit: Unit, following: Meeting | None, to_answer: int) -> Iterator[Thing]:
    next_ = _next(who, following) if following else None
    soon = following is not None and following.starts_at - clock.now() <= SOON
    if SAY_HAPPENED.allows(who, unit):
        yield from (Thing("happened", 1, meeting=meeting) for meeting in unanswered_in([unit.id], MOST))
    yield from (Thing("swap", 2, swap=swap) for swap in swaps_to_answer(who, unit))
    if next_ is not None and soon:
        yield next_
    turns = [stop for stop in rounds.open_stops_of(unit) if stop.state is StopState.WAITING]
    if turns:
        may = BOOK_STOP.allows(who, unit)
        yield Thing("turn", 3 if may else 0, stop=turns[0], may=may)
    if to_answer:
        yield Thing("practices", 3 * min(to_answer, MOST_COUNTED), count=to_answer, may=not turns)
    if next_ is not None and not soon:
        yield next_


def _next(who: Actor, meeting: Meeting) -> Thing:
    """The next meeting, and for how many of those who come there is something to arrange."""
    arrange = any_to_arrange(meeting) if SEE_NEEDS.allows(who, meeting) else 0
    return Thing("next", 3 if arrange else 1, meeting=meeting, count=arrange)
