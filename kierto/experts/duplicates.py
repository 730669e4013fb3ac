"""Who may be in a register twice, as the database finds them: few are fetched, and `alike` judges those."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice

from sqlalchemy import ColumnElement, String, func, literal, or_, select, union_all

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.experts.alike import DIGITS, Known, alike, mailbox_of
from kierto.experts.models import NotTheSame
from kierto.experts.queries import typed_addresses
from kierto.experts.register import visible
from kierto.people.models import Expert, ExpertState, Person

_GROUPS = 200
"""So many groups that share something are looked through: where more wait, the first are settled first."""

_DOMAIN = "abcdefghijklmnopqrstuvwxyz0123456789.-"

_MAILBOX = func.replace(func.rtrim(Person.email, _DOMAIN), ".", "", type_=String)
"""What stands before the domain, dots left out, with its @. It is trimmed: to cut, each database has its way."""

_TAIL = func.substr(Person.phone, func.length(Person.phone) - (DIGITS - 1), type_=String)


def duplicates_of(actor: Actor, expert: Expert) -> Sequence[Expert]:
    """Who else in the organisation may be the same person."""
    own = _known([expert])[expert.id]
    there = visible(actor).where(Expert.organisation_id == expert.organisation_id, Expert.id != expert.id)
    others = session.scalars(there.where(_shares(own)).order_by(Expert.id).limit(_GROUPS)).all()
    known, apart = _known(others), _told_apart(actor)
    return [other for other in others if alike(own, known[other.id]) and _pair(expert.id, other.id) not in apart]


def duplicates(actor: Actor, limit: int) -> Sequence[tuple[Expert, Expert]]:
    """Pairs of experts who may be one person, and of whom nobody has said that they are two."""
    experts = session.scalars(visible(actor).where(or_(_in_groups(actor), _typed(actor))).order_by(Expert.id)).all()
    known, apart = _known(experts), _told_apart(actor)
    return list(islice(_pairs(experts, known, apart), limit))


def _shares(own: Known) -> ColumnElement[bool]:
    shared: list[ColumnElement[bool]] = [Person.folded == own.name]
    if own.phone:
        shared.append(_TAIL.in_([own.phone[-DIGITS:]]))
    if own.email:
        mailbox = mailbox_of(own.email)
        shared += [
            Person.email == own.email,
            _MAILBOX.in_([f"{mailbox}@"]),
            _MAILBOX.startswith(f"{mailbox}+", autoescape=True),
        ]
    return or_(*shared)


def _in_groups(actor: Actor) -> ColumnElement[bool]:
    """Experts of an organisation whose name, mailbox or number's end somebody else of it has, too."""
    ours = Expert.organisation_id.in_(actor.organisations_as(Role.COORDINATOR))
    # Whether there is one is asked of the column: PostgreSQL would work its mark out for every person there is.
    marks = [
        ("name", Person.folded, Person.folded),
        ("mailbox", Person.email, _MAILBOX),
        ("phone", Person.phone, _TAIL),
    ]
    marked = union_all(
        *(
            select(Expert.id, Expert.organisation_id, (literal(kind) + mark).label("mark"))
            .join(Person, Person.id == Expert.person_id)
            .where(ours, Person.erased_at.is_(None), column.is_not(None))
            for kind, column, mark in marks
        )
    ).cte("marked")
    shared = (
        select(marked.c.organisation_id, marked.c.mark)
        .group_by(marked.c.organisation_id, marked.c.mark)
        .having(func.count() > 1)
        .order_by(func.min(marked.c.id))
        .limit(_GROUPS)
        .subquery()
    )
    same = (marked.c.organisation_id == shared.c.organisation_id) & (marked.c.mark == shared.c.mark)
    return Expert.id.in_(select(marked.c.id).join(shared, same))


def _typed(actor: Actor) -> ColumnElement[bool]:
    """Who typed an address that somebody has already, and who has it: it stays in the application until claimed."""
    waiting = visible(actor).where(Expert.state == ExpertState.APPLIED, Person.email.is_(None), Person.phone.is_(None))
    ids = session.scalars(waiting.with_only_columns(Expert.id, maintain_column_froms=True).limit(_GROUPS)).all()
    typed = typed_addresses(ids)
    return or_(
        Expert.id.in_(typed),
        Person.email.in_([one.email for one in typed.values() if one.email]),
        Person.phone.in_([one.phone for one in typed.values() if one.phone]),
    )


def _pairs(
    experts: Sequence[Expert], known: dict[int, Known], apart: set[tuple[int, int]]
) -> Iterator[tuple[Expert, Expert]]:
    for one, other in combinations(experts, 2):
        if alike(known[one.id], known[other.id]) and _pair(one.id, other.id) not in apart:
            yield one, other


def _known(experts: Collection[Expert]) -> dict[int, Known]:
    bare = [expert.id for expert in experts if not (expert.person.email or expert.person.phone)]
    typed = typed_addresses(bare) if bare else {}
    return {
        expert.id: Known(
            expert.id,
            expert.organisation_id,
            expert.person.folded,
            expert.municipality,
            (typed[expert.id].email or None) if expert.id in typed else expert.person.email,
            (typed[expert.id].phone or None) if expert.id in typed else expert.person.phone,
        )
        for expert in experts
    }


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _told_apart(actor: Actor) -> set[tuple[int, int]]:
    rows = session.execute(
        select(NotTheSame.one_id, NotTheSame.other_id).where(
            NotTheSame.organisation_id.in_(actor.organisations_as(Role.COORDINATOR))
        )
    )
    return {(one, other) for one, other in rows}
