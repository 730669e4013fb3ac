"""A person's busy times as they are kept: nothing but from when until when, of one calendar file at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Forbidden, NotFound
from kierto.events.actions import record
from kierto.events.catalogue.experts import BusyTimesKept, BusyTimesRemoved
from kierto.experts.busy import Span
from kierto.experts.models import BusySpan
from kierto.experts.queries import IN_REGISTER
from kierto.people.models import Expert, Person

_SHOWN_DAYS = 7
_SPANS_READ = 40
"""Enough for the days that are shown; who has more in them sees the first days only."""


class Part(NamedTuple):
    """A busy time within one day."""

    starts_at: datetime
    ends_at: datetime


class BusyDay(NamedTuple):
    """A day in Helsinki and its busy times; `whole`: all of it."""

    on: date
    parts: Sequence[Part]
    whole: bool


@dataclass(frozen=True)
class OwnBusyTimes:
    """What is kept of one's own calendar, as plain values; `days` are the next ones."""

    count: int = 0
    last: date | None = None
    uploaded_at: datetime | None = None
    days: Sequence[BusyDay] = ()


def own_busy_times(actor: Actor) -> OwnBusyTimes:
    """What is kept of the actor's calendar, for who is in a register, or for who has something kept still.

    Raises:
        Forbidden: nobody is signed in.
        NotFound: the actor is in no register: then nobody asks when they can come.
    """
    if not actor.signed_in:
        raise Forbidden
    now = clock.now()
    coming = select(BusySpan).where(BusySpan.person_id == actor.person_id, BusySpan.ends_at > now)
    counted = coming.with_only_columns(func.count(), func.max(BusySpan.ends_at), func.max(BusySpan.uploaded_at))
    count, ends_at, uploaded_at = session.execute(counted).one()
    if not count:
        if not _in_register(actor):
            raise NotFound
        return OwnBusyTimes()
    spans = session.scalars(coming.order_by(BusySpan.starts_at).limit(_SPANS_READ))
    found = [Span(max(one.starts_at, now), one.ends_at) for one in spans]
    return OwnBusyTimes(count, _last_day(ends_at), uploaded_at, days_of(found)[:_SHOWN_DAYS])


def is_busy(person_id: int) -> bool:
    """Whether any busy time to come is kept of the person."""
    coming = select(BusySpan.id).where(BusySpan.person_id == person_id, BusySpan.ends_at > clock.now())
    return session.scalar(coming.limit(1)) is not None


def keep_busy(actor: Actor, spans: Sequence[Span]) -> None:
    """Keep these busy times of the actor's, instead of all before. Two at one moment: the later one's stay, whole.

    Raises:
        Forbidden: nobody is signed in any more.
        NotFound: the actor is in no register.
    """
    person = _locked(actor)
    if not _in_register(actor):
        raise NotFound
    session.execute(delete(BusySpan).where(BusySpan.person_id == person.id))
    now = clock.now()
    if spans:
        session.execute(
            insert(BusySpan),
            [
                {"person_id": person.id, "starts_at": span.start, "ends_at": span.end, "uploaded_at": now}
                for span in spans
            ],
        )
    record(actor, person, BusyTimesKept(count=len(spans)))


def remove_busy(actor: Actor) -> None:
    """Delete all busy times of the actor's; when there are none, nothing happens.

    Raises:
        Forbidden: nobody is signed in any more.
    """
    person = _locked(actor)
    if session.scalar(select(BusySpan.id).where(BusySpan.person_id == person.id).limit(1)) is None:
        return
    session.execute(delete(BusySpan).where(BusySpan.person_id == person.id))
    record(actor, person, BusyTimesRemoved())


def of_no_use(now: datetime) -> ColumnElement[bool]:
    """Busy times that are over, and those of people whom no register asks to meetings."""
    asked = exists().where(Expert.person_id == BusySpan.person_id, Expert.state.in_(IN_REGISTER))
    return or_(BusySpan.ends_at < now, ~asked)


def days_of(spans: Sequence[Span]) -> list[BusyDay]:
    """The spans day by day in Helsinki; one that goes over midnight is in each of its days."""
    days: dict[date, list[Part]] = {}
    for span in spans:
        on = clock.local(span.start).date()
        while (begins := clock.instant(on, time.min)) < span.end:
            ends = clock.instant(on + timedelta(days=1), time.min)
            days.setdefault(on, []).append(Part(max(begins, span.start), min(ends, span.end)))
            on += timedelta(days=1)
    return [BusyDay(on, parts, _is_whole(on, parts)) for on, parts in sorted(days.items())]


def _is_whole(on: date, parts: Sequence[Part]) -> bool:
    whole = Part(clock.instant(on, time.min), clock.instant(on + timedelta(days=1), time.min))
    return list(parts) == [whole]


def _last_day(ends_at: datetime) -> date:
    return clock.local(ends_at - timedelta(seconds=1)).date()


def _locked(actor: Actor) -> Person:
    if not actor.signed_in or actor.person_id is None:
        raise Forbidden
    return lock_one(Person, actor.person_id)


def _in_register(actor: Actor) -> bool:
    mine = select(Expert.id).where(Expert.person_id == actor.person_id, Expert.state.in_(IN_REGISTER))
    return session.scalar(mine.limit(1)) is not None
