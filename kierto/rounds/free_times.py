"""The times that a unit can book, or move its meeting to, and for whom they suit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from kierto import clock
from kierto.actor import Actor
from kierto.errors import Refused
from kierto.meetings.rules import Span
from kierto.rounds.booking import hosts_of
from kierto.rounds.models import Stop, StopState
from kierto.rounds.timing import Timing, span_of, timing
from kierto.seats.elsewhere import accepted_spans
from kierto.seats.rules import check_one_place
from kierto.seats.suiting import suitable

START_TIMES = (time(9), time(12), time(13))
"""What is offered besides the beginnings of hosting hours; who books may choose any other time."""


class FreeTime(NamedTuple):
    """A time that is free, and how many experts could come then."""

    span: Span
    experts: int


class FreeDay(NamedTuple):
    """A day that a unit can book, and when its meeting could be."""

    on: date
    times: tuple[FreeTime, ...]


def free_times(actor: Actor, stop: Stop, limit: int, after: date | None = None) -> Sequence[FreeDay]:
    """The next days on which the unit could have its meeting, from tomorrow or behind `after`, `limit` at most.

    Of a turn that is booked: the days to which its meeting could be moved. Asks those who judge the booking: round-gap,
    meeting-unit-free, and person-one-place for who works in the unit and so gets a seat by booking. How many experts
    could come at each time is counted for all of them at once.
    """
    round_ = stop.round
    moving = stop.meeting if stop.state is StopState.BOOKED else None
    first = max(round_.from_on, (after or clock.today()) + timedelta(days=1))
    if first > round_.until_on:
        return []
    whole = Span(clock.instant(first, time.min), clock.instant(round_.until_on + timedelta(days=1), time.min))
    judge = timing(round_, hosts_of(stop), whole, but=[moving.id] if moving else [])
    books = moving is None and actor.person_id is not None and stop.unit_id in actor.units
    own = accepted_spans(actor.person_id, whole) if books and actor.person_id is not None else ()
    length = moving.ends_at - moving.starts_at if moving else timedelta(minutes=round_.minutes)
    found: list[tuple[date, list[Span]]] = []
    for on in (first + timedelta(days=offset) for offset in range((round_.until_on - first).days + 1)):
        spans = [span for span in _offered(judge, on, length) if _fits(judge, on, span, own)]
        if moving:
            spans = [span for span in spans if span != moving.span]
        if spans:
            found.append((on, spans))
        if len(found) == limit:
            break
    return _counted(stop, found)


def experts_at(stop: Stop, span: Span) -> int:
    """How many experts could come then."""
    return _suitable(stop, [span]).get(span, 0)


def _offered(judge: Timing, on: date, length: timedelta) -> Iterator[Span]:
    """What could be offered on a day, if it is free: the usual times and the beginnings of the unit's hosting hours."""
    begins = {one.from_at for one in judge.hours if one.weekday == on.isoweekday()}
    return (span_of(on, at, length) for at in sorted(begins.union(START_TIMES)))


def _fits(judge: Timing, on: date, span: Span, own: Sequence[Span]) -> bool:
    try:
        judge.check(on, span, override=False)
        check_one_place(span, own)
    except Refused:
        return False
    return True


def _counted(stop: Stop, days: Sequence[tuple[date, Sequence[Span]]]) -> Sequence[FreeDay]:
    """The days with the number of experts whom each time suits."""
    every = [span for _on, spans in days for span in spans]
    experts = _suitable(stop, every)
    return [FreeDay(on, tuple(FreeTime(span, experts.get(span, 0)) for span in spans)) for on, spans in days]


def _suitable(stop: Stop, spans: Sequence[Span]) -> Mapping[Span, int]:
    """For how many experts each time suits, where the unit's meeting would be."""
    moving = stop.meeting if stop.state is StopState.BOOKED else None
    return suitable(
        stop.organisation_id,
        spans,
        hosts_of(stop)[0],
        moving.theme_id if moving else stop.round.theme_id,
        but=moving.id if moving else 0,
    )
