"""Reading what is kept how long, and what an erasure would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.experts.rules import may_read_secrets
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, ExpertState, Member
from kierto.people.queries import myself
from kierto.privacy.erasing import roles_to_hand_on
from kierto.privacy.models import Retention, RetentionNotice
from kierto.privacy.rules import KEPT, DataKind
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.units.models import Organisation


@dataclass(frozen=True)
class Consequences:
    """What erasing the person would end, in numbers; `hand_on` (English source string) says why it cannot be yet."""

    seats: int
    waiting: int
    applications: int
    registers: int
    roles: int
    held: int
    hand_on: str | None


def consequences(actor: Actor) -> Consequences:
    """What the actor would give up by being erased now."""
    person = myself(actor)
    coming = (
        select(func.count())
        .select_from(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id == person.id,
            Meeting.starts_at > clock.now(),
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
        )
    )
    experts = select(func.count()).select_from(Expert).where(Expert.person_id == person.id)
    been = (
        select(func.count())
        .select_from(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id == person.id,
            Meeting.starts_at <= clock.now(),
            Seat.state.in_((SeatState.ACCEPTED, SeatState.ATTENDED)),
        )
    )
    return Consequences(
        seats=_number(coming.where(Seat.state.in_(SeatState.holding()))),
        waiting=_number(coming.where(Seat.state.in_((SeatState.WAITING, SeatState.INTERESTED)))),
        applications=_number(experts.where(Expert.state == ExpertState.APPLIED)),
        registers=_number(experts.where(Expert.state.in_((ExpertState.APPROVED, ExpertState.PAUSED)))),
        roles=_number(select(func.count()).select_from(Member).where(Member.person_id == person.id)),
        held=_number(been),
        hand_on=roles_to_hand_on(person),
    )


def notices_of(actor: Actor) -> Sequence[tuple[RetentionNotice, Organisation]]:
    """The days on which the actor's data will be deleted, soonest first: those they were told of."""
    rows = session.execute(
        select(RetentionNotice, Organisation)
        .join(Organisation, Organisation.id == RetentionNotice.organisation_id)
        .where(RetentionNotice.person_id == actor.person_id, RetentionNotice.told_at.is_not(None))
        .order_by(RetentionNotice.due_on, RetentionNotice.id)
    )
    return [(notice, organisation) for notice, organisation in rows]


def own_notices(actor: Actor, ref: str) -> Sequence[RetentionNotice]:
    """The actor's notices in the organisation with the reference.

    Raises:
        NotFound: there are none.
    """
    found = [notice for notice, organisation in notices_of(actor) if organisation.ref == ref]
    if not found:
        raise NotFound
    return found


def left_out(actor: Actor) -> bool:
    """Whether a copy taken in this session leaves something out (secret-behind-strong-id)."""
    reasons = session.scalars(
        select(Organisation.weak_reading_reason)
        .join(Expert, Expert.organisation_id == Organisation.id)
        .where(Expert.person_id == actor.person_id)
    )
    return any(not may_read_secrets(actor, reason) for reason in reasons)


def months_kept(organisation_id: int | None) -> dict[DataKind, int]:
    """How many months each kind of data is kept in the organisation (None: where nobody has set anything)."""
    rows = session.scalars(select(Retention).where(Retention.organisation_id == organisation_id))
    own = {row.kind: row.months for row in rows}
    return {kind: own.get(kind, kept.months) for kind, kept in KEPT.items()}


def governed(actor: Actor, ref: str) -> Organisation:
    """One organisation whose texts and times of keeping the actor may see: coordinators' own; administrators', all.

    Raises:
        NotFound: it is not among them.
    """
    statement = select(Organisation).where(Organisation.ref == ref)
    if not actor.administrator:
        statement = statement.where(Organisation.id.in_(actor.organisations_as(Role.COORDINATOR)))
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def organisations() -> Sequence[Organisation]:
    """Every organisation, by name: each answers for what it holds of people."""
    return session.scalars(select(Organisation).order_by(Organisation.__table__.c.name_fi)).all()


def _number(statement: Select[int]) -> int:
    return session.scalar(statement) or 0
