"""What of rounds waits too long: turns not booked in time, rounds past their last day, units never visited."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.meetings.models import Meeting, MeetingState
from kierto.rounds.models import Round, RoundState, Stop
from kierto.units.models import Unit


def middle_of(round_: Round) -> date:
    """The day after which a turn that is not booked yet is overdue: half of the round has gone by."""
    return round_.from_on + timedelta(days=(round_.until_on - round_.from_on).days // 2)


def rounds_over(actor: Actor, limit: int) -> Sequence[Round]:
    """Open rounds that the actor coordinates and whose last day has passed, the longest over first."""
    return session.scalars(
        _open(actor).where(Round.until_on < clock.today()).order_by(Round.until_on).limit(limit)
    ).all()


def overdue_stops(actor: Actor, limit: int) -> Sequence[Stop]:
    """Turns without a meeting in open rounds past their middle that the actor coordinates, with round and unit.

    Rounds past their last day are left out: those wait to be closed, or for more days.
    """
    rounds = session.scalars(_open(actor).where(Round.until_on >= clock.today())).all()
    late = [round_.id for round_ in rounds if middle_of(round_) < clock.today()]
    if not late:
        return []
    live = and_(
        Meeting.state != MeetingState.CANCELLED,
        or_(Meeting.state != MeetingState.PROPOSED, Meeting.starts_at > clock.now()),
    )
    return session.scalars(
        select(Stop)
        .join(Round, Round.id == Stop.round_id)
        .outerjoin(Meeting, Meeting.id == Stop.meeting_id)
        .where(
            Stop.round_id.in_(late),
            Stop.skipped_because.is_(None),
            Stop.round_ended.is_(False),
            or_(Stop.meeting_id.is_(None), ~live),
        )
        .options(joinedload(Stop.round), joinedload(Stop.unit))
        .order_by(Round.until_on, Stop.round_id, Stop.position)
        .limit(limit)
    ).all()


def never_visited(actor: Actor, limit: int) -> Sequence[Unit]:
    """Units in use that have never held a meeting and have no turn ahead, where the actor coordinates; by name."""
    turn = exists().where(
        Stop.unit_id == Unit.id,
        Stop.round_id == Round.id,
        Round.state.in_((RoundState.DRAFT, RoundState.OPEN)),
        Stop.skipped_because.is_(None),
    )
    held = (Meeting.state.in_((MeetingState.CONFIRMED, MeetingState.CLOSED)), Meeting.starts_at <= clock.now())
    return session.scalars(
        select(Unit)
        .where(
            Unit.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Unit.retired_on.is_(None),
            ~turn,
            ~exists().where(Meeting.unit_id == Unit.id, *held),
            ~exists().where(Meeting.co_unit_id == Unit.id, *held),
        )
        .order_by(Unit.__table__.c.name_fi)
        .limit(limit)
    ).all()


def _open(actor: Actor) -> Select[Round]:
    return select(Round).where(
        Round.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)), Round.state == RoundState.OPEN
    )
