"""A unit that joins a round later: what the others have agreed arrives there, too."""

from sqlalchemy import Select, select

from kierto.actor import Actor
from kierto.database import session
from kierto.practices.actions import arrive
from kierto.practices.models import Adoption, Practice
from kierto.practices.rules import PracticeState
from kierto.rounds.editing import add_stop
from kierto.rounds.models import Round, Stop


def agreed_in(round_: Round) -> int:
    """How many practices the round's meetings have agreed that are still spread: so many arrive at who joins."""
    return len(session.scalars(_agreed(round_).with_only_columns(Practice.id)).all())


def join_round(actor: Actor, round_: Round, unit_id: int) -> int:
    """Let a unit join an open round, with the last turn; what has been agreed in the round arrives there.

    Returns how many practices arrived: what the unit knows already does not come twice (practice-arrives).

    Raises:
        Refused: round-under-way, unit-retired, round-each-unit-once.
    """
    add_stop(actor, round_, unit_id)
    known = select(Adoption.practice_id).where(Adoption.unit_id == unit_id)
    new = session.scalars(_agreed(round_).where(Practice.id.not_in(known)).order_by(Practice.id)).all()
    for practice in new:
        arrive(actor, practice, unit_id)
    return len(new)


def _agreed(round_: Round) -> Select[Practice]:
    meetings = select(Stop.meeting_id).where(Stop.round_id == round_.id, Stop.meeting_id.is_not(None))
    return select(Practice).where(Practice.meeting_id.in_(meetings), Practice.state == PracticeState.AGREED)
