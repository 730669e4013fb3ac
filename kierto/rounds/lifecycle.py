"""How a round ends, is called off, and is opened again; what that would do is counted before anybody does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.rounds import (
    RoundCancelled,
    RoundClosed,
    RoundRemoved,
    RoundReopened,
    StopSkipped,
    StopTakenBack,
)
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.rules import ROUND_DRAFT, ROUND_MEETINGS_FIRST, ROUND_UNDER_WAY, STOP_REASON
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.units.models import Unit


@dataclass(frozen=True)
class Standing:
    """How a round's turns stand: what closing it, calling it off or opening it again would change.

    `coming` have a meeting that has not begun, `left` wait for one, `ended` lost their turn when the round was closed
    and would have it again.
    """

    visited: Sequence[Stop]
    coming: Sequence[Stop]
    left: Sequence[Stop]
    ended: Sequence[Stop]

    @property
    def meetings(self) -> frozenset[int]:
        """The ids of the meetings to come: two units may hold one together."""
        return frozenset(stop.meeting_id for stop in self.coming if stop.meeting_id is not None)


def standing(round_: Round) -> Standing:
    """How the round's turns stand now. Needs its stops with their units and meetings."""
    by_state: dict[StopState, list[Stop]] = {state: [] for state in StopState}
    for stop in round_.stops:
        by_state[stop.state].append(stop)
    return Standing(
        visited=by_state[StopState.VISITED],
        coming=by_state[StopState.BOOKED],
        left=by_state[StopState.WAITING],
        ended=[stop for stop in by_state[StopState.SKIPPED] if stop.round_ended and stop.unit.retired_on is None],
    )


def people_coming(stops: Sequence[Stop]) -> int:
    """How many people have said that they come to the meetings of these turns."""
    found = session.scalar(
        select(func.count(Seat.person_id.distinct())).where(
            Seat.meeting_id.in_({stop.meeting_id for stop in stops}),
            Seat.state.in_((SeatState.ACCEPTED, SeatState.RECONFIRM)),
        )
    )
    return found or 0


def next_turn(round_: Round) -> Stop | None:
    """Whose turn it is: the soonest meeting to come of an open round, else the first in the order that waits."""
    if round_.state is not RoundState.OPEN:
        return None
    now = standing(round_)
    coming = [(stop.meeting.starts_at, stop.position, stop) for stop in now.coming if stop.meeting is not None]
    return min(coming)[2] if coming else next(iter(now.left), None)


def locked_stops(round_id: int) -> Sequence[Stop]:
    """The stops in order with their units and meetings, read anew; the round is locked."""
    return session.scalars(
        select(Stop)
        .where(Stop.round_id == round_id)
        .options(joinedload(Stop.unit), joinedload(Stop.meeting))
        .order_by(Stop.position, Stop.id),
        execution_options={"populate_existing": True},
    ).all()


def locked_open(round_id: int) -> Round:
    """The round, locked.

    Raises:
        Refused: round-under-way when it is not open.
    """
    round_ = lock_one(Round, round_id)
    if round_.state is not RoundState.OPEN:
        raise Refused(ROUND_UNDER_WAY)
    return round_


def close_round(actor: Actor, round_: Round) -> int:
    """End a round. Turns that still wait are skipped, since the round ended; returns how many.

    Closing a closed round changes nothing.

    Raises:
        Refused: round-under-way; round-meetings-first, saying whose.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is RoundState.CLOSED:
        return 0
    round_ = locked_open(round_.id)
    stops = locked_stops(round_.id)
    coming = [str(stop.unit.name) for stop in stops if stop.state is StopState.BOOKED]
    if coming:
        raise Refused(ROUND_MEETINGS_FIRST, units=", ".join(coming))
    left = [stop for stop in stops if stop.state is StopState.WAITING]
    for stop in left:
        stop.round_ended = True
        record(actor, stop, StopSkipped(round_id=round_.id, unit_id=stop.unit_id))
    round_.state = RoundState.CLOSED
    record(actor, round_, RoundClosed(skipped=len(left)))
    session.flush()
    return len(left)


def cancel_round(actor: Actor, round_: Round, reason: str) -> int:
    """Call a round off: its coming meetings are cancelled for the reason, what was held stays. Returns how many.

    Cancelling a cancelled round changes nothing.

    Raises:
        Refused: stop-reason without a reason; round-under-way.
    """
    reason = said(reason)
    round_ = lock_one(Round, round_.id)
    if round_.state is RoundState.CANCELLED:
        return 0
    round_ = locked_open(round_.id)
    coming = {
        stop.meeting_id
        for stop in locked_stops(round_.id)
        if stop.state is StopState.BOOKED and stop.meeting_id is not None
    }
    # All of them before anybody's seat: a person may be in several.
    for meeting in lock(Meeting, coming):
        cancel_meeting(actor, meeting, reason)
    round_.state, round_.ended_because = RoundState.CANCELLED, reason
    record(actor, round_, RoundCancelled())
    session.flush()
    return len(coming)


def reopen_round(actor: Actor, round_: Round) -> int:
    """Open a round again that was closed or cancelled. Returns how many units have their turn again.

    Those are the ones that it had ended without; a unit that was retired since then has none. Cancelled meetings stay
    cancelled. Opening an open round changes nothing.

    Raises:
        Refused: round-under-way when it is a draft.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is RoundState.OPEN:
        return 0
    if round_.state is RoundState.DRAFT:
        raise Refused(ROUND_UNDER_WAY)
    round_.state, round_.ended_because = RoundState.OPEN, None
    record(actor, round_, RoundReopened())
    # Locked, so that none of them is retired at this very moment.
    lock(Unit, {stop.unit_id for stop in locked_stops(round_.id) if stop.round_ended})
    again = [stop for stop in locked_stops(round_.id) if stop.round_ended and stop.unit.retired_on is None]
    for stop in again:
        stop.round_ended = False
        record(actor, stop, StopTakenBack(round_id=round_.id, unit_id=stop.unit_id))
    session.flush()
    return len(again)


def remove_draft(actor: Actor, round_: Round) -> None:
    """Throw a draft away: nobody but coordinators has seen it.

    Raises:
        Refused: round-draft when it has been opened meanwhile.
    """
    round_ = lock_one(Round, round_.id)
    if round_.state is not RoundState.DRAFT:
        raise Refused(ROUND_DRAFT)
    record(actor, round_, RoundRemoved())
    session.execute(delete(Stop).where(Stop.round_id == round_.id))
    session.delete(round_)
    session.flush()


def said(reason: str) -> str:
    """A reason without the spaces around it.

    Raises:
        Refused: stop-reason when there is none.
    """
    if not reason.strip():
        raise Refused(STOP_REASON, field="reason")
    return reason.strip()
