"""What there is to know when a round's units are chosen: who was left without its turn, who came last time."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from kierto import clock
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.rounds.models import Round, RoundState, Stop


class Former(NamedTuple):
    """The newest other round of an organisation that was opened, and its units in their order."""

    round: Round
    unit_ids: Sequence[int]


def left_without_turn(round_: Round) -> frozenset[int]:
    """The units whose turn in the last round that had them was never had, because that round ended.

    They come first in the next round. A unit that has been put into a newer round since is not among them, nor one that
    was skipped for a reason.
    """
    newer, later = aliased(Stop), aliased(Round)
    since = (
        select(newer.id)
        .join(later, later.id == newer.round_id)
        .where(
            newer.unit_id == Stop.unit_id,
            newer.round_id > Stop.round_id,
            newer.round_id != round_.id,
            later.state != RoundState.CANCELLED,
        )
    )
    held = and_(
        Meeting.state.in_((MeetingState.CONFIRMED, MeetingState.CLOSED)),
        Meeting.starts_at <= clock.now(),
    )
    rows = session.scalars(
        select(Stop.unit_id)
        .join(Round, Round.id == Stop.round_id)
        .outerjoin(Meeting, Meeting.id == Stop.meeting_id)
        .where(
            Stop.organisation_id == round_.organisation_id,
            Round.id != round_.id,
            Round.state == RoundState.CLOSED,
            Stop.skipped_because.is_(None),
            or_(Stop.meeting_id.is_(None), ~held),
            ~since.exists(),
        )
    )
    return frozenset(rows)


def never_visited(unit_ids: Collection[int]) -> frozenset[int]:
    """Which of the units have never held a meeting, alone or together with another one."""
    held = (Meeting.state.in_((MeetingState.CONFIRMED, MeetingState.CLOSED)), Meeting.starts_at <= clock.now())
    hosts = select(Meeting.unit_id).where(Meeting.unit_id.in_(unit_ids), *held)
    co_hosts = select(Meeting.co_unit_id).where(Meeting.co_unit_id.in_(unit_ids), *held)
    return frozenset(unit_ids) - set(session.scalars(hosts.union(co_hosts)))


def former_round(round_: Round) -> Former | None:
    """The newest round before this one that was opened, with its units that are in use; None when there is none."""
    found = session.scalar(
        select(Round)
        .where(
            Round.organisation_id == round_.organisation_id,
            Round.id != round_.id,
            Round.state.in_((RoundState.OPEN, RoundState.CLOSED)),
        )
        .order_by(Round.created_at.desc(), Round.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    stops = select(Stop.unit_id).where(Stop.round_id == found.id).order_by(Stop.position)
    return Former(found, session.scalars(stops).all())
