"""A unit's turns when the unit ends: skipped in rounds under way, taken out of those being prepared."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.rounds import StopSkipped
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.units.models import Unit


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
