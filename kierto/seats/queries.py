"""Reading meetings as people see them, and their seats."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, Member
from kierto.seats.models import Seat
from kierto.seats.rules import Mix, SeatRole, SeatState, has_room, mix_met, workers_counted
from kierto.units.models import Unit
from kierto.units.queries import INSIDERS

_LEFT = (SeatState.DECLINED, SeatState.WITHDRAWN)
_COME = (SeatState.ACCEPTED, SeatState.ATTENDED)
WITH_PLACE = (joinedload(Meeting.unit), joinedload(Meeting.theme), joinedload(Meeting.organisation))
"""What a page needs to say where and what a meeting is."""


def visible(actor: Actor) -> Select[Meeting]:
    """The meetings the actor may see.

    Anyone sees a public meeting once it has been confirmed (its cancelling too); the organisation's staff,
    coordinators and approved experts see every one of it; and so does whoever has a seat in it.
    """
    conditions: list[ColumnElement[bool]] = [and_(Meeting.public, Meeting.confirmed_at.is_not(None))]
    if actor.signed_in:
        seated = select(Seat.meeting_id).where(Seat.person_id == actor.person_id, Seat.state.not_in(_LEFT))
        conditions += [
            Meeting.organisation_id.in_(actor.organisations_as(*INSIDERS)),
            Meeting.id.in_(seated),
        ]
    return select(Meeting).where(or_(*conditions))


def meeting(actor: Actor, ref: str) -> Meeting:
    """One visible meeting with its unit, theme and organisation.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible(actor).where(Meeting.ref == ref).options(*WITH_PLACE))
    if found is None:
        raise NotFound
    return found


def _held() -> tuple[ColumnElement[bool], ...]:
    """What `Meeting.held` says, in SQL."""
    return (
        Meeting.starts_at <= clock.now(),
        Meeting.state.in_((MeetingState.CONFIRMED, MeetingState.CLOSED)),
    )


def last_begun(actor: Actor) -> Meeting | None:
    """The visible meeting that began last, if any has."""
    statement = visible(actor).where(*_held()).options(*WITH_PLACE)
    return session.scalar(statement.order_by(Meeting.starts_at.desc(), Meeting.id).limit(1))


def _in_unit(unit: Unit) -> ColumnElement[bool]:
    """The unit hosts it, alone or together with another one."""
    return or_(Meeting.unit_id == unit.id, Meeting.co_unit_id == unit.id)


def upcoming_in(actor: Actor, unit: Unit, limit: int) -> Sequence[Meeting]:
    """Visible meetings in the unit that have not ended and are not cancelled, soonest first."""
    return session.scalars(
        visible(actor)
        .where(_in_unit(unit), Meeting.ends_at > clock.now(), Meeting.state != MeetingState.CANCELLED)
        .options(*WITH_PLACE)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()


def held_in(actor: Actor, unit: Unit, limit: int) -> Sequence[Meeting]:
    """Visible meetings that were held in the unit, or are going on there now, latest first."""
    return session.scalars(
        visible(actor)
        .where(_in_unit(unit), *_held())
        .options(*WITH_PLACE)
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    ).all()


def ever_seated(actor: Actor) -> bool:
    """Whether the actor has, or has had, a seat in any meeting, however it ended; to be invited is not yet one."""
    answered = select(Seat.id).where(Seat.person_id == actor.person_id, Seat.state != SeatState.INVITED)
    return session.scalar(answered.limit(1)) is not None


def visits(actor: Actor, limit: int) -> Sequence[Seat]:
    """The actor's seats in meetings that are over and were held, latest first, with their meetings' place and theme."""
    place = joinedload(Seat.meeting)
    return session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id == actor.person_id,
            Seat.state.in_((SeatState.ACCEPTED, SeatState.ATTENDED)),
            Meeting.ends_at <= clock.now(),
            *_held(),
        )
        .options(place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    ).all()


def joinable(actor: Actor, limit: int) -> Sequence[Meeting]:
    """Upcoming meetings of the actor's organisations as an expert where they have said nothing yet and do not work.

    An invitation waits for its answer: it hides no meeting. Who said no finds it here, too.
    """
    own = select(Seat.meeting_id).where(
        Seat.person_id == actor.person_id, Seat.state.not_in((*_LEFT, SeatState.INVITED))
    )
    statement = (
        visible(actor)
        .where(
            Meeting.organisation_id.in_(actor.organisations_as(Role.EXPERT)),
            Meeting.starts_at > clock.now(),
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
            Meeting.id.not_in(own),
            Meeting.unit_id.not_in(actor.units),
            func.coalesce(Meeting.co_unit_id, 0).not_in(actor.units),
        )
        .options(*WITH_PLACE)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def seat(actor: Actor, ref: str) -> Seat:
    """One's own seat; policy says what may be done with it.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(Seat).where(Seat.ref == ref, Seat.person_id == actor.person_id))
    if found is None:
        raise NotFound
    return found


def seat_of(actor: Actor, meeting: Meeting) -> Seat | None:
    """The actor's own seat in the meeting, in any state."""
    if not actor.signed_in:
        return None
    return session.scalar(select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == actor.person_id))


def own_seats(actor: Actor) -> Sequence[Seat]:
    """The actor's seats in meetings that have not ended, soonest first, with their meetings' place and theme."""
    place = joinedload(Seat.meeting)
    return session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.person_id == actor.person_id, Seat.state.not_in(_LEFT), Meeting.ends_at > clock.now())
        .options(place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
        .order_by(Meeting.starts_at)
    ).all()


def seats_as_expert(expert: Expert, *, coming: bool, limit: int) -> Sequence[Seat]:
    """An expert's seats in the organisation's meetings: the coming ones, soonest first, or those held, latest first."""
    when = (Meeting.ends_at > clock.now(),) if coming else (Meeting.ends_at <= clock.now(), *_held())
    place = joinedload(Seat.meeting)
    return session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id == expert.person_id,
            Seat.organisation_id == expert.organisation_id,
            Seat.role == SeatRole.EXPERT,
            Seat.state.not_in(_LEFT),
            *when,
        )
        .options(place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
        .order_by(Meeting.starts_at if coming else Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    ).all()


def seats_of(meeting: Meeting, *states: SeatState) -> Sequence[Seat]:
    """The meeting's seats in the given states (all, when none is named), in order of joining, with persons.

    Participants are as sensitive as health data (theme-consent): pages show them only to coordinators and the host
    contact; everyone else sees `attendance`.
    """
    statement = select(Seat).where(Seat.meeting_id == meeting.id).options(joinedload(Seat.person))
    if states:
        statement = statement.where(Seat.state.in_(states))
    return session.scalars(statement.order_by(Seat.waiting_since, Seat.id)).all()


@dataclass(frozen=True)
class Attendance:
    """Who comes to a meeting, as counts: all there is for those who are not to see names (theme-consent).

    `units` are the two that meet together, `workers` which of them have a worker with a host seat in which state.
    """

    mix: Mix
    seats: int
    taken: int
    found: Mapping[tuple[SeatRole, SeatState], int]
    released: bool = False
    units: tuple[int, ...] = ()
    workers: Mapping[SeatState, Collection[int]] = field(default_factory=dict)

    def coming(self, role: SeatRole) -> int:
        """How many of the role have said yes, or were there."""
        return self.found.get((role, SeatState.ACCEPTED), 0) + self.found.get((role, SeatState.ATTENDED), 0)

    @property
    def waiting(self) -> int:
        """How many are on the waiting list."""
        return sum(count for (_role, state), count in self.found.items() if state is SeatState.WAITING)

    @property
    def interested(self) -> int:
        """How many have said that they could come; their seats are given later (seat-interest-first)."""
        return sum(count for (_role, state), count in self.found.items() if state is SeatState.INTERESTED)

    @property
    def free(self) -> int:
        return self.seats - self.taken

    @property
    def lacking(self) -> Mix:
        """How many experts and host staff the mix still lacks (meeting-mix)."""
        come = self.counted(*_COME)
        return Mix(max(0, self.mix.experts - come.experts), max(0, self.mix.staff - come.staff))

    @property
    def lacking_units(self) -> tuple[int, ...]:
        """Of two units that meet together those of which no worker comes."""
        return self._without(*_COME)

    def room_for(self, role: SeatRole, units: Collection[int] = ()) -> bool:
        """Whether one more of the role, who works in these units, may take a seat (seat-capacity, seat-mix-kept)."""
        return has_room(
            role,
            seats=self.seats,
            taken=self.taken,
            mix=self.mix,
            held=self.holding,
            released=self.released,
            apart=self.apart(role, units),
        )

    def apart(self, role: SeatRole, units: Collection[int]) -> int:
        """How many seats are kept from a worker of these units for the other one of two that meet together."""
        return len(set(self._without(*SeatState.holding())) - set(units)) if role is SeatRole.HOST_STAFF else 0

    @property
    def holding(self) -> Mix:
        """How many seats experts and host staff hold, offered ones included: what need not be kept free for them."""
        return self.counted(*SeatState.holding())

    def counted(self, *states: SeatState) -> Mix:
        """How many experts and host staff in these states count for the mix."""
        experts, staff = (
            sum(self.found.get((role, state), 0) for state in states) for role in (SeatRole.EXPERT, SeatRole.HOST_STAFF)
        )
        return Mix(experts, workers_counted(self.mix.staff, staff, len(self._without(*states))))

    def _without(self, *states: SeatState) -> tuple[int, ...]:
        there = set[int]().union(*(self.workers.get(state, ()) for state in states))
        return tuple(unit for unit in self.units if unit not in there)


def attendance(meeting: Meeting) -> Attendance:
    """The meeting's attendance in counts."""
    return attendances([meeting])[meeting.id]


def attendances(meetings: Sequence[Meeting]) -> Mapping[int, Attendance]:
    """Meeting id → its attendance in counts; of all of them in one query."""
    found: dict[int, dict[tuple[SeatRole, SeatState], int]] = {meeting.id: {} for meeting in meetings}
    rows = session.execute(
        select(Seat.meeting_id, Seat.role, Seat.state, func.count())
        .where(Seat.meeting_id.in_(found))
        .group_by(Seat.meeting_id, Seat.role, Seat.state)
    )
    for meeting_id, role, state, count in rows:
        found[meeting_id][role, state] = count
    workers = _workers_of(meetings)
    return {
        one.id: Attendance(
            Mix(one.mix_experts, one.staff_needed),
            one.seats,
            one.seats_taken,
            found[one.id],
            one.mix_released,
            one.unit_ids if one.co_unit_id is not None else (),
            workers.get(one.id, {}),
        )
        for one in meetings
    }


def _workers_of(meetings: Sequence[Meeting]) -> Mapping[int, Mapping[SeatState, set[int]]]:
    """Meeting id → state of a host seat → the units whose workers have such seats, where two units meet together."""
    shared = {meeting.id: meeting.unit_ids for meeting in meetings if meeting.co_unit_id is not None}
    if not shared:
        return {}
    found: dict[int, dict[SeatState, set[int]]] = {id_: {} for id_ in shared}
    rows = session.execute(
        select(Seat.meeting_id, Seat.state, Member.unit_id)
        .join(Member, Member.person_id == Seat.person_id)
        .where(
            Seat.meeting_id.in_(shared),
            Seat.role == SeatRole.HOST_STAFF,
            Member.unit_id.in_({unit for units in shared.values() for unit in units}),
        )
        .distinct()
    )
    for meeting_id, state, unit_id in rows:
        if unit_id in shared[meeting_id]:
            found[meeting_id].setdefault(state, set()).add(unit_id)
    return found


def held_mix(meeting: Meeting) -> Mix:
    """How many experts and host staff have accepted: what the mix is judged by."""
    return attendance(meeting).counted(SeatState.ACCEPTED)


def has_mix(meeting: Meeting) -> bool:
    """Whether the meeting's mix is met now (meeting-mix)."""
    now = attendance(meeting)
    return mix_met(now.mix, now.counted(SeatState.ACCEPTED))


def places_in_line(actor: Actor) -> Mapping[int, int]:
    """Seat id → place in its waiting list, from 1, for every list the actor is on."""
    own, other = aliased(Seat), aliased(Seat)
    before = or_(
        other.waiting_since < own.waiting_since,
        and_(other.waiting_since == own.waiting_since, other.id <= own.id),
    )
    rows = session.execute(
        select(own.id, func.count())
        .join(other, and_(other.meeting_id == own.meeting_id, other.state == SeatState.WAITING, before))
        .where(own.person_id == actor.person_id, own.state == SeatState.WAITING)
        .group_by(own.id)
    )
    return dict(rows.all())
