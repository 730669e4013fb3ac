"""Skipping a unit's turn, and taking that back; a unit's turns when the unit ends."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.rounds import StopSkipped, StopTakenBack
from kierto.rounds.lifecycle import locked_open, locked_stops, said
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.rules import ROUND_EACH_UNIT_ONCE, ROUND_MEETINGS_FIRST
from kierto.units.models import Unit
from kierto.units.rules import UNIT_RETIRED
from kierto.words import N_


def skip_stop(actor: Actor, stop: Stop, reason: str) -> None:
    """Skip a unit's turn in an open round, for a reason that people read (round-each-unit-once).

    Skipping a skipped turn changes nothing.

    Raises:
        Refused: stop-reason, round-under-way; round-meetings-first when it has a meeting to come; round-each-unit-once
            when it has been visited.
    """
    reason = said(reason)
    stop = _locked(stop)
    if stop.state is StopState.SKIPPED:
        return
    if stop.state is StopState.BOOKED:
        raise Refused(ROUND_MEETINGS_FIRST, units=str(stop.unit.name))
    if stop.state is StopState.VISITED:
        raise Refused(ROUND_EACH_UNIT_ONCE, N_("The unit has had its meeting, so its turn is not skipped."))
    stop.skipped_because = reason
    record(actor, stop, StopSkipped(round_id=stop.round_id, unit_id=stop.unit_id))
    session.flush()


def take_back_stop(actor: Actor, stop: Stop) -> None:
    """Give a unit its skipped turn in an open round back; it keeps its place in the order.

    A turn that was not skipped stays as it is.

    Raises:
        Refused: round-under-way, unit-retired.
    """
    stop = _locked(stop)
    if stop.state is not StopState.SKIPPED:
        return
    if lock_one(Unit, stop.unit_id).retired_on is not None:
        raise Refused(UNIT_RETIRED)
    stop.skipped_because, stop.round_ended = None, False
    record(actor, stop, StopTakenBack(round_id=stop.round_id, unit_id=stop.unit_id))
    session.flush()


def _locked(stop: Stop) -> Stop:
    """The turn as it is now; its round, which is open, is locked."""
    round_ = locked_open(stop.round_id)
    return next(one for one in locked_stops(round_.id) if one.id == stop.id)


def turns_ahead(unit: Unit) -> Sequence[Stop]:
    """The unit's turns that wait, in rounds that are open or being prepared, with round and meeting; oldest first."""
    stops = session.scalars(
        select(Stop)
        .join(Round, Round.id == Stop.round_id)
        .where(Stop.unit_id == unit.id, Round.state.in_((RoundState.DRAFT, RoundState.OPEN)))
        .options(joinedload(Stop.round), joinedload(Stop.meeting))
        .order_by(Round.from_on, Stop.id),
        execution_options={"populate_existing": True},
    )
    return [stop for stop in stops if stop.state is StopState.WAITING]


def skip_turns(actor: Actor, unit: Unit, reason: str, held: Collection[int]) -> int:
    """Skip the unit's waiting turns for the reason; a draft loses the turn instead. Returns how many were skipped.

    `held` are the ids of the rounds whose locks guard the turns; a turn of another round is left as it is.
    """
    skipped = 0
    for stop in turns_ahead(unit):
        if stop.round_id not in held:
            continue
        if stop.round.state is RoundState.DRAFT:
            session.delete(stop)
            _close_ranks(stop)
            continue
        stop.skipped_because = reason
        record(actor, stop, StopSkipped(round_id=stop.round_id, unit_id=unit.id))
        skipped += 1
    session.flush()
    return skipped


def _close_ranks(gone: Stop) -> None:
    """The turns behind one that a draft has lost come one earlier."""
    behind = select(Stop).where(Stop.round_id == gone.round_id, Stop.position > gone.position)
    for stop in session.scalars(behind):
        stop.position -= 1
