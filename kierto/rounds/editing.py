"""Changing a round after it was planned: its dates and numbers, its units and their order."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.rounds import RoundEdited, StopAdded
from kierto.rounds.actions import RoundPlan
from kierto.rounds.lifecycle import locked_open, locked_stops
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.rules import (
    ROUND_CHANGED,
    ROUND_EACH_UNIT_ONCE,
    ROUND_GAP,
    ROUND_UNDER_WAY,
    ROUND_WITHIN,
)
from kierto.units.models import Unit
from kierto.units.rules import UNIT_RETIRED
from kierto.words import N_, day


class _Visit(NamedTuple):
    """A meeting of the round that was held or is to come: whose, and on which day."""

    unit: str
    on: date

    def __str__(self) -> str:
        return f"{self.unit} ({day(self.on, today=clock.today())})"


def edit_round(actor: Actor, round_: Round, plan: RoundPlan) -> None:
    """Change what was decided of a draft or an open round. Meetings that are booked keep what they were booked with.

    Guarded by the round's lock. Changing nothing records nothing.

    Raises:
        Refused: round-under-way when it is over; round-within when a meeting would be outside its dates and round-gap
            when two would be too near, saying whose; round-ends-later, meeting-mix.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused(ROUND_UNDER_WAY, N_("The round is over, so it no longer changes. Open it again first."))
    if all(getattr(round_, name) == value for name, value in vars(plan).items()):
        return
    visits = _visits(locked_stops(round_.id))
    _check_dates(visits, round_, plan)
    if plan.gap_days > round_.gap_days:
        _check_gaps(visits, plan.gap_days)
    for name, value in vars(plan).items():
        setattr(round_, name, value)
    record(actor, round_, RoundEdited())
    session.flush()


def order_stops(actor: Actor, round_: Round, unit_ids: Sequence[int]) -> None:
    """Give the units of an open round another order. What is booked stays booked.

    Raises:
        Refused: round-under-way; round-changed when these are not the round's units any more.
    """
    round_ = locked_open(round_.id)
    stops = {stop.unit_id: stop for stop in locked_stops(round_.id)}
    if sorted(stops) != sorted(unit_ids):
        raise Refused(ROUND_CHANGED)
    if list(stops) == list(unit_ids):
        return
    for position, unit_id in enumerate(unit_ids, start=1):
        stops[unit_id].position = position
    record(actor, round_, RoundEdited())
    session.flush()


def add_stop(actor: Actor, round_: Round, unit_id: int) -> Stop:
    """Let a unit join an open round: its turn is the last one.

    `practices.catching_up.join_round` also lets arrive what the round has agreed so far.

    Raises:
        Refused: round-under-way, unit-retired, round-each-unit-once.
    """
    round_ = locked_open(round_.id)
    unit = lock_one(Unit, unit_id)
    if unit.retired_on is not None:
        raise Refused(UNIT_RETIRED)
    stops = locked_stops(round_.id)
    there = next((stop for stop in stops if stop.unit_id == unit.id), None)
    if there is not None and there.state is StopState.SKIPPED:
        raise Refused(
            ROUND_EACH_UNIT_ONCE,
            N_("The unit is in the round, and its turn was skipped. Give it its turn back on the round’s page."),
            field="unit",
        )
    if there is not None:
        raise Refused(ROUND_EACH_UNIT_ONCE, field="unit")
    stop = Stop(
        organisation_id=round_.organisation_id,
        round_id=round_.id,
        unit_id=unit.id,
        position=max((stop.position for stop in stops), default=0) + 1,
    )
    session.add(stop)
    session.flush()
    record(actor, stop, StopAdded(round_id=round_.id, unit_id=unit.id))
    session.expire(round_, ["stops"])
    return stop


def may_join(round_: Round) -> Sequence[Unit]:
    """The organisation's units in use that are not in the round, by name."""
    there = select(Stop.unit_id).where(Stop.round_id == round_.id)
    return session.scalars(
        select(Unit)
        .where(
            Unit.organisation_id == round_.organisation_id,
            Unit.retired_on.is_(None),
            Unit.id.not_in(there),
        )
        .order_by(Unit.__table__.c.name_fi)
    ).all()


def _visits(stops: Sequence[Stop]) -> list[_Visit]:
    """The round's meetings by day; of two units that meet together, the one that is first in the round."""
    found: dict[int, _Visit] = {}
    for stop in stops:
        if stop.meeting is not None and stop.state in (StopState.BOOKED, StopState.VISITED):
            visit = _Visit(str(stop.unit.name), clock.local(stop.meeting.starts_at).date())
            found.setdefault(stop.meeting.id, visit)
    return sorted(found.values(), key=lambda visit: visit.on)


def _check_dates(visits: Sequence[_Visit], round_: Round, plan: RoundPlan) -> None:
    """Rule round-within, for the dates that are changed."""
    message = N_("These meetings would be outside the round: %(meetings)s. Move them first, or choose another day.")
    for field, outside in (
        ("from_on", [visit for visit in visits if visit.on < plan.from_on]),
        ("until_on", [visit for visit in visits if visit.on > plan.until_on]),
    ):
        if outside and getattr(plan, field) != getattr(round_, field):
            raise Refused(ROUND_WITHIN, message, field=field, meetings=", ".join(map(str, outside)))


def _check_gaps(visits: Sequence[_Visit], gap: int) -> None:
    """Rule round-gap: a longer gap than before must fit what is booked."""
    for one, other in combinations(visits, 2):
        if (other.on - one.on).days < gap:
            raise Refused(
                ROUND_GAP,
                N_("These two meetings are nearer to each other than that: %(one)s, %(other)s. Give fewer days."),
                field="gap_days",
                one=one,
                other=other,
            )
