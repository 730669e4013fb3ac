"""Reading practices and their adoption."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.meetings.models import Meeting
from kierto.practices.models import Adoption, Practice
from kierto.practices.rules import PracticeState, Stage
from kierto.units.models import Unit
from kierto.units.queries import INSIDERS

RUNNING = (Stage.TRYING, Stage.IN_USE, Stage.ROOTED)
_LISTED = (
    selectinload(Practice.texts),
    selectinload(Practice.adoptions),
    joinedload(Practice.unit),
    joinedload(Practice.theme),
)


def visible(actor: Actor) -> Select[Practice]:
    """The practices the actor may see.

    Anyone sees public ones once agreed; the organisation's own people all that were agreed; drafts are seen by its
    coordinators and by the workers of the unit where they were written.
    """
    agreed = Practice.state != PracticeState.DRAFT
    return select(Practice).where(
        or_(
            and_(agreed, Practice.public),
            and_(agreed, Practice.organisation_id.in_(actor.organisations_as(*INSIDERS))),
            Practice.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
            Practice.unit_id.in_(actor.units),
        )
    )


def practice(actor: Actor, ref: str) -> Practice:
    """One visible practice with its texts, its meeting, and its journey through the units.

    Raises:
        NotFound: there is none.
    """
    adoptions = selectinload(Practice.adoptions)
    found = session.scalar(
        visible(actor)
        .where(Practice.ref == ref)
        .options(
            selectinload(Practice.texts),
            joinedload(Practice.unit),
            joinedload(Practice.theme),
            joinedload(Practice.organisation),
            joinedload(Practice.meeting),
            adoptions.joinedload(Adoption.unit),
            adoptions.selectinload(Adoption.stages),
        )
    )
    if found is None:
        raise NotFound
    return found


def listed(actor: Actor, ref: str) -> Practice | None:
    """A visible agreed practice by itself: where a list goes on from."""
    return session.scalar(visible(actor).where(Practice.ref == ref, Practice.state == PracticeState.AGREED))


def practices_seen(actor: Actor, limit: int, before: Practice | None = None) -> Sequence[Practice]:
    """Visible agreed practices, the newest first, from behind `before`."""
    statement = visible(actor).where(Practice.state == PracticeState.AGREED)
    if before is not None:
        statement = statement.where(
            or_(
                Practice.agreed_at < before.agreed_at,
                and_(Practice.agreed_at == before.agreed_at, Practice.id < before.id),
            )
        )
    return session.scalars(
        statement.options(*_LISTED).order_by(Practice.agreed_at.desc(), Practice.id.desc()).limit(limit)
    ).all()


def spreading(actor: Actor, limit: int) -> Sequence[Practice]:
    """Visible agreed practices by how many units try or use them, then the newest."""
    units = (
        select(Adoption.practice_id, func.count().label("units"))
        .where(Adoption.stage.in_(RUNNING))
        .group_by(Adoption.practice_id)
        .subquery()
    )
    statement = (
        visible(actor)
        .where(Practice.state == PracticeState.AGREED)
        .outerjoin(units, units.c.practice_id == Practice.id)
        .options(*_LISTED)
        .order_by(func.coalesce(units.c.units, 0).desc(), Practice.agreed_at.desc(), Practice.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def practices_of(actor: Actor, meeting: Meeting) -> Sequence[Practice]:
    """The visible practices written down in a meeting, in the order of writing."""
    return session.scalars(
        visible(actor).where(Practice.meeting_id == meeting.id).options(*_LISTED).order_by(Practice.id)
    ).all()


def born_in(actor: Actor, meeting_ids: Iterable[int]) -> Mapping[int, Sequence[Practice]]:
    """Meeting id → the visible practices that were agreed in it; meetings without any are left out."""
    found: dict[int, list[Practice]] = {}
    agreed = visible(actor).where(Practice.meeting_id.in_(meeting_ids), Practice.state == PracticeState.AGREED)
    for practice in session.scalars(agreed.options(*_LISTED).order_by(Practice.id)):
        found.setdefault(practice.meeting_id, []).append(practice)
    return found


def adoption(actor: Actor, ref: str) -> Adoption:
    """An adoption of a practice and a unit of the actor's own organisation.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(
        select(Adoption)
        .where(Adoption.ref == ref, Adoption.organisation_id.in_(actor.organisations_as(*INSIDERS)))
        .options(joinedload(Adoption.unit), joinedload(Adoption.practice).options(*_LISTED))
    )
    if found is None:
        raise NotFound
    return found


def adoptions_of(unit: Unit) -> Sequence[Adoption]:
    """The practices that have come to a unit and their journey there, those to answer first, then the newest."""
    return session.scalars(
        select(Adoption)
        .where(Adoption.unit_id == unit.id)
        .options(joinedload(Adoption.practice).options(*_LISTED), selectinload(Adoption.stages))
        .order_by((Adoption.stage == Stage.ARRIVED).desc(), Adoption.id.desc())
    ).all()


def running_in(unit: Unit, limit: int) -> Sequence[Adoption]:
    """What the unit tries or uses, with the practices' texts and where they were born, the newest first."""
    practice = joinedload(Adoption.practice)
    return session.scalars(
        select(Adoption)
        .where(Adoption.unit_id == unit.id, Adoption.stage.in_(RUNNING))
        .options(practice.selectinload(Practice.texts), practice.joinedload(Practice.unit))
        .order_by(Adoption.id.desc())
        .limit(limit)
    ).all()


def counts_to_answer(unit_ids: Iterable[int]) -> Mapping[int, int]:
    """Unit id → how many arrived practices it has not answered; units that have none are left out."""
    rows = session.execute(
        select(Adoption.unit_id, func.count())
        .where(Adoption.unit_id.in_(unit_ids), Adoption.stage == Stage.ARRIVED)
        .group_by(Adoption.unit_id)
    )
    return dict(rows.all())
