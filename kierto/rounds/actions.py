"""Creating and opening rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.rounds import RoundCreated, RoundOpened, RoundUnitsChosen
from kierto.rounds import queries
from kierto.rounds.models import INTEREST_DAYS, Round, RoundState, Stop
from kierto.rounds.rules import (
    ROUND_DRAFT,
    ROUND_HAS_UNITS,
)
from kierto.units.models import Unit
from kierto.units.rules import UNIT_RETIRED
from kierto.words import Localised


@dataclass(frozen=True)
class RoundPlan:
    """What a coordinator decides of a round. `minutes` is a meeting's length; `gap_days` lie between two meetings.

    During `interest_days` after a booking experts say that they are interested (seat-interest-first); 0: first come.
    """

    name: Localised
    theme_id: int
    from_on: date
    until_on: date
    minutes: int
    mix_experts: int
    mix_staff: int
    seats: int
    gap_days: int
    public: bool
    interest_days: int = INTEREST_DAYS


def create_round(actor: Actor, organisation_id: int, plan: RoundPlan) -> Round:
    """A new draft of a round.

    Raises:
        Refused: round-ends-later, meeting-mix.
    """
    round_ = Round(organisation_id=organisation_id, created_at=clock.now(), **vars(plan))
    session.add(round_)
    record(actor, round_, RoundCreated())
    return round_


def choose_units(actor: Actor, round_: Round, unit_ids: Sequence[int]) -> None:
    """Make these units, in this order, the stops of a draft.

    Raises:
        Refused: round-draft when the round has been opened; round-each-unit-once; unit-retired.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is not RoundState.DRAFT:
        raise Refused(ROUND_DRAFT)
    if any(unit.retired_on for unit in lock(Unit, unit_ids)):
        raise Refused(UNIT_RETIRED)
    for stop in session.scalars(queries.stops_of(round_)):
        session.delete(stop)
    session.flush()
    for position, unit_id in enumerate(unit_ids, start=1):
        session.add(
            Stop(
                organisation_id=round_.organisation_id,
                round_id=round_.id,
                unit_id=unit_id,
                position=position,
            )
        )
    record(actor, round_, RoundUnitsChosen(count=len(unit_ids)))
    session.flush()
    session.expire(round_, ["stops"])


def open_round(actor: Actor, round_: Round) -> None:
    """Open a draft for booking. Opening an open round changes nothing.

    Raises:
        Refused: round-has-units, round-draft when it is closed or cancelled.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is RoundState.OPEN:
        return
    if round_.state is not RoundState.DRAFT:
        raise Refused(ROUND_DRAFT)
    if len(session.scalars(queries.stops_of(round_)).all()) < 2:
        raise Refused(ROUND_HAS_UNITS)
    round_.state = RoundState.OPEN
    record(actor, round_, RoundOpened())
