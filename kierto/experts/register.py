"""The register of experts as coordinators read it: searched, filtered, paged; what it says of one expert."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select, union
from sqlalchemy.orm import aliased, contains_eager

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.events.catalogue import EventData, data_of
from kierto.events.catalogue.applications import ConsentGiven as ConsentRecorded
from kierto.events.catalogue.applications import (
    ExpertApplied,
    ExpertNeedsReplaced,
    ExpertProfileChanged,
    ExpertThemesReplaced,
    ExpertTimesChanged,
)
from kierto.events.models import Event
from kierto.experts.models import Consent, ConsentGiven, ConsentTo, ExpertMunicipality, ExpertTheme
from kierto.experts.rules import ENDS_SOON
from kierto.people.models import Expert, ExpertState, Person
from kierto.people.queries import has_part_elsewhere
from kierto.units.models import Organisation, Theme
from kierto.words import folded

IN_REGISTER = (ExpertState.APPROVED, ExpertState.PAUSED)
"""Whose induction, undertaking and contract matter now."""


class Look(StrEnum):
    """What a coordinator looks for in the register, because it wants doing."""

    TO_DECIDE = "to_decide"
    TO_CALL = "to_call"
    CONTRACT_ENDS = "contract_ends"
    NOT_INDUCTED = "not_inducted"
    NO_UNDERTAKING = "no_undertaking"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; what is none narrows nothing.

    `theme_id` tells of health: whoever shows such a list notes a reading for everyone in it, and `organisation_ids` are
    those where the actor may read it.
    """

    words: str | None = None
    state: ExpertState | None = None
    municipality: str | None = None
    language: str | None = None
    look: Look | None = None
    theme_id: int | None = None
    organisation_ids: frozenset[int] | None = None


class Pair(NamedTuple):
    """Two experts who may be one person: who stays, and who goes into the other."""

    kept: Expert
    gone: Expert

    @property
    def organisation_id(self) -> int:
        return self.kept.organisation_id


class Happened(NamedTuple):
    """One thing that happened to an expert, and the name of who did it (none: Kierto, or nobody known any more)."""

    event: Event
    data: EventData
    by: str | None


def visible(actor: Actor) -> Select[Expert]:
    """The experts the actor sees: those of the organisations they coordinate, whoever has not been erased."""
    return (
        select(Expert)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)), Person.erased_at.is_(None))
        .options(contains_eager(Expert.person))
    )


def expert(actor: Actor, ref: str) -> Expert:
    """One visible expert with their person.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible(actor).where(Expert.ref == ref))
    if found is None:
        raise NotFound
    return found


def pair(actor: Actor, ref: str, other: str) -> Pair:
    """Two visible experts of one organisation.

    Raises:
        NotFound: there are no such two.
    """
    found = Pair(expert(actor, ref), expert(actor, other))
    if found.kept.id == found.gone.id or found.kept.organisation_id != found.gone.organisation_id:
        raise NotFound
    return found


def coordinated(actor: Actor) -> Sequence[Organisation]:
    """The organisations whose register the actor keeps, by id.

    Raises:
        NotFound: there are none.
    """
    ids = actor.organisations_as(Role.COORDINATOR)
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)).all()
    if not found:
        raise NotFound
    return found


def organisation_of(expert: Expert) -> Organisation:
    """Whose register the expert is in."""
    return session.get_one(Organisation, expert.organisation_id)


def themes_told(experts: Collection[Expert]) -> dict[int, list[Theme]]:
    """By expert, what their experience is about: health data, see `secret-behind-strong-id`."""
    rows = session.execute(
        select(ExpertTheme.expert_id, Theme)
        .join(Theme, Theme.id == ExpertTheme.theme_id)
        .where(ExpertTheme.expert_id.in_([expert.id for expert in experts]))
        .order_by(Theme.id)
    )
    found: dict[int, list[Theme]] = {}
    for expert_id, theme in rows:
        found.setdefault(expert_id, []).append(theme)
    return found


def listed(actor: Actor, filters: Filters, limit: int, after: Expert | None = None) -> Sequence[Expert]:
    """Visible experts by name, from behind `after`."""
    statement = _narrowed(visible(actor), filters)
    if after is not None:
        name = after.person.folded
        statement = statement.where(or_(Person.folded > name, and_(Person.folded == name, Expert.id > after.id)))
    return session.scalars(statement.order_by(Person.folded, Expert.id).limit(limit)).all()


def count(actor: Actor, filters: Filters) -> int:
    """How many visible experts there are."""
    found = _narrowed(visible(actor), filters).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(found.options()) or 0


def municipalities(actor: Actor) -> Sequence[str]:
    """Where the visible experts live or can come, each once."""
    ours = actor.organisations_as(Role.COORDINATOR)
    lives = select(Expert.municipality).where(Expert.organisation_id.in_(ours), Expert.municipality.is_not(None))
    comes = select(ExpertMunicipality.municipality).where(ExpertMunicipality.organisation_id.in_(ours))
    return sorted(place for place in session.scalars(union(lives, comes)) if place)


def places_of(experts: Collection[Expert]) -> dict[int, list[str]]:
    """By expert, where they can come, in Finnish names; who can come anywhere is not among them."""
    rows = session.execute(
        select(ExpertMunicipality.expert_id, ExpertMunicipality.municipality)
        .where(ExpertMunicipality.expert_id.in_([expert.id for expert in experts]))
        .order_by(ExpertMunicipality.municipality)
    )
    found: dict[int, list[str]] = {}
    for expert_id, place in rows:
        found.setdefault(expert_id, []).append(place)
    return found


def needs_deciding(actor: Actor, limit: int) -> Sequence[Expert]:
    """Applications that wait, the oldest first."""
    waiting = visible(actor).where(Expert.state == ExpertState.APPLIED)
    return session.scalars(waiting.order_by(Expert.created_at, Expert.id).limit(limit)).all()


def calls_wished(actor: Actor, limit: int) -> Sequence[Expert]:
    """Who asked to be called."""
    return session.scalars(
        visible(actor).where(Expert.call_wished).order_by(Expert.created_at, Expert.id).limit(limit)
    ).all()


def contracts_ending(actor: Actor, limit: int) -> Sequence[Expert]:
    """Whose contract has ended or ends soon, the soonest first."""
    return session.scalars(
        visible(actor).where(_looked_for(Look.CONTRACT_ENDS)).order_by(Expert.contract_until, Expert.id).limit(limit)
    ).all()


def _narrowed(statement: Select[Expert], filters: Filters) -> Select[Expert]:
    for word in folded(filters.words or "").split():
        statement = statement.where(Person.folded.contains(word, autoescape=True))
    if filters.state:
        statement = statement.where(Expert.state == filters.state)
    if filters.municipality:
        comes = select(ExpertMunicipality.expert_id).where(ExpertMunicipality.municipality == filters.municipality)
        statement = statement.where(or_(Expert.municipality == filters.municipality, Expert.id.in_(comes)))
    if filters.language:
        # A list of codes, as JSON writes it: the quotes keep "fi" from being found in another word.
        statement = statement.where(cast(Expert.languages, String).contains(f'"{filters.language}"', autoescape=True))
    if filters.look:
        statement = statement.where(_looked_for(filters.look))
    if filters.organisation_ids is not None:
        statement = statement.where(Expert.organisation_id.in_(filters.organisation_ids))
    if filters.theme_id:
        has = select(ExpertTheme.expert_id).where(ExpertTheme.theme_id == filters.theme_id)
        statement = statement.where(Expert.id.in_(has))
    return statement


def _looked_for(look: Look) -> ColumnElement[bool]:
    current = Expert.state.in_(IN_REGISTER)
    return {
        Look.TO_DECIDE: Expert.state == ExpertState.APPLIED,
        Look.TO_CALL: Expert.call_wished.is_(True),
        Look.CONTRACT_ENDS: and_(current, Expert.contract_until <= clock.today() + ENDS_SOON),
        Look.NOT_INDUCTED: and_(current, Expert.inducted_on.is_(None)),
        Look.NO_UNDERTAKING: and_(current, Expert.undertaking_on.is_(None)),
    }[look]


def contact_shown(expert: Expert, consents: Collection[Consent]) -> bool:
    """Whether the person's own addresses are the register's to show.

    Whoever a file brought in may be known from another organisation: what they gave there is shown here only after they
    have said yes to this register themself.
    """
    told_here = any(
        one.to is ConsentTo.REGISTER and one.given is not ConsentGiven.PAPER and one.withdrawn_at is None
        for one in consents
    )
    return told_here or not has_part_elsewhere(expert.person_id, expert.organisation_id)


_ANSWERED = (
    ConsentRecorded.kind,
    ExpertNeedsReplaced.kind,
    ExpertProfileChanged.kind,
    ExpertThemesReplaced.kind,
    ExpertTimesChanged.kind,
)
"""What an application's answers are recorded as, when it is sent."""


def history_of(expert: Expert, limit: int) -> Sequence[Happened]:
    """What happened to the expert in the organisation, the latest first; an application is one row, not its answers."""
    applied = aliased(Event)
    sent = exists().where(
        applied.organisation_id == expert.organisation_id,
        applied.subject == Expert.__tablename__,
        applied.subject_id == expert.id,
        applied.kind == ExpertApplied.kind,
        applied.act == Event.act,
    )
    rows = session.execute(
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(
            Event.organisation_id == expert.organisation_id,
            Event.subject == Expert.__tablename__,
            Event.subject_id == expert.id,
            ~(Event.kind.in_(_ANSWERED) & sent),
        )
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [Happened(event, data_of(event.kind, event.data), name or None) for event, name in rows]
