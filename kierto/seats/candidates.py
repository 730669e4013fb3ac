"""Whom a meeting suits (seat-fair-turn), in plain Python: an expert judged against a time and place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from kierto.clock import local
from kierto.meetings.rules import Span
from kierto.units.rules import Hours

Month = tuple[int, int]
"""A year and a month of it, on Helsinki's calendar."""


@dataclass(frozen=True)
class Occasion:
    """Where and when: the units that host, their municipality, the fee in cents.

    `theme_id` is none when nobody in the organisation has it in their background: then it narrows nothing.
    """

    span: Span
    unit_ids: Collection[int]
    municipality: str
    theme_id: int | None
    fee_cents: int = 0


@dataclass
class Candidate:
    """An approved expert: their limits and reach, when they are free, the seats they have.

    `hours` none: any time; `municipalities` none: anywhere. `seats` and `cents` count, by month, the meetings they come
    to and the fees agreed for them.
    """

    person_id: int
    earliest_start: time | None = None
    longest_minutes: int | None = None
    most_meetings: int | None = None
    most_euros: int | None = None
    hours: list[Hours] = field(default_factory=list)
    away: list[tuple[date, date]] = field(default_factory=list)
    taken: list[Span] = field(default_factory=list)
    municipalities: set[str] = field(default_factory=set)
    workplaces: set[int] = field(default_factory=set)
    theme_ids: set[int] = field(default_factory=set)
    seats: dict[Month, int] = field(default_factory=dict)
    cents: dict[Month, int] = field(default_factory=dict)


def month_of(span: Span) -> Month:
    """The month in which a meeting begins."""
    day = local(span.start).date()
    return day.year, day.month


def suits(one: Candidate, occasion: Occasion) -> bool:
    """Rule seat-fair-turn: free at that time, within limits and reach, not their own workplace, the theme theirs."""
    return (
        _free(one, occasion.span)
        and _within_limits(one, occasion)
        and (not one.municipalities or occasion.municipality in one.municipalities)
        and one.workplaces.isdisjoint(occasion.unit_ids)
        and (occasion.theme_id is None or occasion.theme_id in one.theme_ids)
    )


def counts(candidates: Sequence[Candidate], occasions: Sequence[Occasion]) -> Mapping[Span, int]:
    """For how many of the candidates each time suits."""
    return {occasion.span: sum(suits(one, occasion) for one in candidates) for occasion in occasions}


def _free(one: Candidate, span: Span) -> bool:
    start, end = local(span.start), local(span.end)
    last_day = local(span.end - timedelta(microseconds=1)).date()
    if any(first <= last_day and start.date() <= last for first, last in one.away):
        return False
    if any(span.overlaps(other) for other in one.taken):
        return False
    return not one.hours or any(
        hours.weekday == start.isoweekday()
        and hours.from_at <= start.time()
        and end.time() <= hours.until_at
        and start.date() == end.date()
        for hours in one.hours
    )


def _within_limits(one: Candidate, occasion: Occasion) -> bool:
    span, month = occasion.span, month_of(occasion.span)
    if one.earliest_start is not None and local(span.start).time() < one.earliest_start:
        return False
    if one.longest_minutes is not None and (span.end - span.start).total_seconds() > one.longest_minutes * 60:
        return False
    if one.most_meetings is not None and one.seats.get(month, 0) >= one.most_meetings:
        return False
    return one.most_euros is None or one.cents.get(month, 0) + occasion.fee_cents <= one.most_euros * 100
