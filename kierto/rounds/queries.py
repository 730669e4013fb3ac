"""Reading rounds and their stops."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.meetings.models import Meeting, MeetingState
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.units.models import Unit
from kierto.units.queries import INSIDERS


class Booked(NamedTuple):
    """How many of the units that a round visits have booked their meeting."""

    done: int
    of: int


def visible(actor: Actor) -> Select[Round]:
    """The rounds the actor may see: those of their organisations; drafts are seen by coordinators."""
    return select(Round).where(
        or_(
            Round.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            and_(
                Round.organisation_id.in_(actor.organisations_as(*INSIDERS)),
                Round.state != RoundState.DRAFT,
            ),
        )
    )


def round_(actor: Actor, ref: str) -> Round:
    """One visible round with its stops, their units and meetings.

    Raises:
        NotFound: there is none.
    """
    stops = selectinload(Round.stops)
    found = session.scalar(
        visible(actor)
        .where(Round.ref == ref)
        .options(
            joinedload(Round.theme),
            joinedload(Round.organisation),
            stops.joinedload(Stop.unit).joinedload(Unit.service),
            stops.joinedload(Stop.meeting),
        )
    )
    if found is None:
        raise NotFound
    return found


def rounds_seen(actor: Actor) -> Sequence[Round]:
    """Visible rounds with stops and their meetings, the newest first."""
    stops = selectinload(Round.stops)
    return session.scalars(
        visible(actor)
        .options(joinedload(Round.theme), stops.joinedload(Stop.meeting), stops.joinedload(Stop.unit))
        .order_by(Round.from_on.desc(), Round.id.desc())
    ).all()


def any_round(organisation_id: int) -> bool:
    """Whether the organisation has ever planned a round, in whatever state it is."""
    return session.scalar(select(Round.id).where(Round.organisation_id == organisation_id).limit(1)) is not None


def runs(round_: Round) -> bool:
    """Whether an open round runs: its first meeting is confirmed. Needs its stops' meetings."""
    return round_.state is RoundState.OPEN and any(
        stop.meeting is not None and stop.meeting.state in (MeetingState.CONFIRMED, MeetingState.CLOSED)
        for stop in round_.stops
    )


def booked(round_: Round) -> Booked:
    """How far the booking is; skipped units do not count. Needs its stops' meetings."""
    states = [stop.state for stop in round_.stops if stop.state is not StopState.SKIPPED]
    return Booked(sum(state is not StopState.WAITING for state in states), len(states))


def stops_to_book(actor: Actor, round_: Round) -> Sequence[Stop]:
    """The round's waiting stops that the actor books for: their own units', all of them for a coordinator."""
    coordinates = actor.is_in(round_.organisation_id, Role.COORDINATOR)
    return [
        stop for stop in round_.stops if stop.state is StopState.WAITING and (coordinates or actor.hosts(stop.unit_id))
    ]


def stops_to_change(actor: Actor, round_: Round) -> Sequence[Stop]:
    """The round's stops whose meeting is to come and that the actor moves or cancels. Needs the stops' meetings."""
    coordinates = actor.is_in(round_.organisation_id, Role.COORDINATOR)
    return [
        stop
        for stop in round_.stops
        if stop.state is StopState.BOOKED
        and stop.meeting is not None
        and stop.meeting.open
        and (coordinates or actor.hosts(stop.unit_id))
    ]


def open_stops_of(unit: Unit) -> Sequence[Stop]:
    """The unit's turns in open rounds, with round and meeting, oldest round first."""
    return session.scalars(
        select(Stop)
        .join(Round, Round.id == Stop.round_id)
        .where(Stop.unit_id == unit.id, Round.state == RoundState.OPEN)
        .options(joinedload(Stop.round).joinedload(Round.theme), joinedload(Stop.meeting))
        .order_by(Round.from_on)
    ).all()


def own_turns(actor: Actor) -> Sequence[Stop]:
    """The turns in open rounds of the units where the actor works, with round, unit and meeting; oldest round first."""
    return session.scalars(
        select(Stop)
        .join(Round, Round.id == Stop.round_id)
        .where(Stop.unit_id.in_(actor.units), Round.state == RoundState.OPEN)
        .options(joinedload(Stop.round).joinedload(Round.theme), joinedload(Stop.unit), joinedload(Stop.meeting))
        .order_by(Round.from_on, Stop.id)
    ).all()


def round_seen_of(actor: Actor, meeting: Meeting) -> Round | None:
    """The round a meeting belongs to, when the actor may see it."""
    return session.scalar(visible(actor).join(Stop, Stop.round_id == Round.id).where(Stop.meeting_id == meeting.id))


def round_of(meeting: Meeting) -> Round | None:
    """The round a meeting belongs to, with its stops and their units, if it belongs to one."""
    return session.scalar(
        select(Round)
        .join(Stop, Stop.round_id == Round.id)
        .where(Stop.meeting_id == meeting.id)
        .options(selectinload(Round.stops).joinedload(Stop.unit), selectinload(Round.stops).joinedload(Stop.meeting))
    )


def stop_in(actor: Actor, ref: str, unit: str) -> Stop:
    """A unit's turn in a visible round, by the refs of both.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(
        select(Stop)
        .join(Round, Round.id == Stop.round_id)
        .join(Unit, Unit.id == Stop.unit_id)
        .where(Round.ref == ref, Unit.ref == unit, Stop.round_id.in_(visible(actor).with_only_columns(Round.id)))
        .options(joinedload(Stop.round).joinedload(Round.theme), joinedload(Stop.unit), joinedload(Stop.meeting))
    )
    if found is None:
        raise NotFound
    return found


def stops_of(round_: Round) -> Select[Stop]:
    """The round's stops in order."""
    return select(Stop).where(Stop.round_id == round_.id).order_by(Stop.position)
