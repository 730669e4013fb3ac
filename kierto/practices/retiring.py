"""A unit that ends, or goes on in another one: its turns, practices and people; and taking it back.

It changes units, people, rounds and practices, and so lives here, in the highest of these rooms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.practices import AdoptionEnded, AdoptionInherited
from kierto.events.catalogue.units import UnitRetired, UnitUnretired
from kierto.meetings.models import Meeting
from kierto.people.inviting import open_invitations, withdraw_invitation
from kierto.people.joining import end_joining_link
from kierto.people.models import Member, Person
from kierto.people.queries import works_in
from kierto.practices.models import Adoption, AdoptionStage
from kierto.practices.queries import RUNNING
from kierto.practices.rules import Stage
from kierto.rounds.models import Round, RoundState
from kierto.rounds.skipping import skip_turns, turns_ahead
from kierto.seats.leaving import hold
from kierto.seats.queries import upcoming_in
from kierto.seats.working import end_role
from kierto.units.models import Unit
from kierto.units.rules import (
    BACK_WITHIN,
    UNIT_CHANGED,
    UNIT_MEETINGS_FIRST,
    UNIT_RETIRED,
    UNIT_SUCCESSOR,
    check_back,
)
from kierto.words import N_

LISTED = 50
"""How many meetings to come are listed before a unit can end."""


@dataclass(frozen=True)
class Consequences:
    """What retiring a unit would do. `meetings` are those to come: as long as there are some, it cannot be done.

    `turns` are skipped, `drafts` lose one. `arrivals` wait for an answer, `running` are tried or in use: the successor
    goes on with them; without a successor they end. `known` it has already. `people` lose their rights.
    """

    meetings: Sequence[Meeting]
    turns: int
    drafts: int
    arrivals: int
    running: int
    known: int
    people: Sequence[Person]


def consequences(actor: Actor, unit: Unit, successor: Unit | None) -> Consequences:
    """What would happen if the unit were retired now."""
    turns, ours = turns_ahead(unit), _unended(unit)
    there = _practices_of(successor)
    drafts = sum(stop.round.state is RoundState.DRAFT for stop in turns)
    return Consequences(
        meetings=upcoming_in(actor, unit, LISTED),
        turns=len(turns) - drafts,
        drafts=drafts,
        arrivals=sum(one.stage is Stage.ARRIVED and one.practice_id not in there for one in ours),
        running=sum(one.stage in RUNNING and one.practice_id not in there for one in ours),
        known=sum(one.practice_id in there for one in ours),
        people=_people_of(unit),
    )


def retire_unit(actor: Actor, unit: Unit, successor: Unit | None, reason: str) -> None:
    """End a unit: the successor, if one is named, goes on with what it tried, used or had not answered yet.

    Its waiting turns are skipped for the reason, its people lose their rights, its page and history stay. The locks of
    the rounds of its turns, of both units and of its people guard it.

    Raises:
        Refused: unit-retired when it has been already; unit-successor; unit-meetings-first; unit-changed when it got a
            turn in a round at this very moment.
    """
    rounds = {stop.round_id for stop in turns_ahead(unit)}
    lock(Round, rounds)
    locked = {one.id: one for one in lock(Unit, {unit.id, *([successor.id] if successor else [])})}
    unit, successor = locked[unit.id], locked[successor.id] if successor else None
    if unit.retired_on is not None:
        raise Refused(UNIT_RETIRED, N_("The unit has been retired already."))
    if successor is not None and (
        successor.id == unit.id or successor.organisation_id != unit.organisation_id or successor.retired_on
    ):
        raise Refused(UNIT_SUCCESSOR)
    if upcoming_in(actor, unit, limit=1):
        raise Refused(UNIT_MEETINGS_FIRST)
    if not {stop.round_id for stop in turns_ahead(unit)} <= rounds:
        raise Refused(UNIT_CHANGED, N_("The unit came into a round just now. Look at the page again."))
    skipped = skip_turns(actor, unit, reason, rounds)
    inherited = _hand_on(actor, unit, successor, reason)
    roles = _end_roles(actor, unit)
    unit.retired_on, unit.successor_id = clock.today(), successor.id if successor else None
    unit.touch()
    record(
        actor,
        unit,
        UnitRetired(successor_id=unit.successor_id, skipped=skipped, inherited=inherited, roles=roles),
    )
    session.expire(unit, ["successor"])


def unretire_unit(actor: Actor, unit: Unit) -> None:
    """Take a unit back into use. What its end has done stays done: turns, practices and people do not come back.

    A unit that is in use stays so.

    Raises:
        Refused: unit-back.
    """
    unit = lock_one(Unit, unit.id)
    if unit.retired_on is None:
        return
    check_back(unit.retired_on, clock.today())
    unit.retired_on = unit.successor_id = None
    unit.touch()
    record(actor, unit, UnitUnretired())
    session.expire(unit, ["successor"])


def may_come_back(unit: Unit) -> bool:
    """Whether `unretire_unit` would take it back (unit-back)."""
    return unit.retired_on is not None and clock.today() - unit.retired_on <= BACK_WITHIN


def _unended(unit: Unit) -> Sequence[Adoption]:
    """What the unit tries or uses, or has not answered yet."""
    return session.scalars(
        select(Adoption)
        .where(Adoption.unit_id == unit.id, Adoption.stage.in_((Stage.ARRIVED, *RUNNING)))
        .order_by(Adoption.id),
        execution_options={"populate_existing": True},
    ).all()


def _practices_of(unit: Unit | None) -> frozenset[int]:
    """The practices that have come to the unit, whatever it made of them: none comes twice (practice-arrives)."""
    if unit is None:
        return frozenset()
    return frozenset(session.scalars(select(Adoption.practice_id).where(Adoption.unit_id == unit.id)))


def _people_of(unit: Unit) -> Sequence[Person]:
    people = select(Member.person_id).where(Member.unit_id == unit.id)
    return session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.folded, Person.id)).all()


def _hand_on(actor: Actor, unit: Unit, successor: Unit | None, reason: str) -> int:
    """Let the successor go on with what it has not yet; returns how many practices it inherits."""
    there, inherited = _practices_of(successor), 0
    for adoption in _unended(unit):
        if successor is not None and adoption.practice_id not in there:
            _inherit(actor, adoption, successor)
            inherited += 1
        _end(actor, adoption, reason)
    return inherited


def _inherit(actor: Actor, adoption: Adoption, successor: Unit) -> None:
    """The successor begins where the unit was, in its words; who owned it goes on if they work there too."""
    owner = adoption.owner_id
    own = Adoption(
        organisation_id=adoption.organisation_id,
        practice_id=adoption.practice_id,
        unit_id=successor.id,
        stage=adoption.stage,
        local_change=adoption.local_change,
        owner_id=owner if owner is not None and works_in(owner, successor.id) else None,
    )
    session.add(own)
    session.flush()
    _note(own)
    told = AdoptionInherited(
        practice_id=own.practice_id, unit_id=successor.id, from_unit_id=adoption.unit_id, stage=own.stage.value
    )
    record(actor, own, told)


def _end(actor: Actor, adoption: Adoption, reason: str) -> None:
    """What the unit used has stopped there, and is kept; what it had not answered is withdrawn."""
    if adoption.stage is Stage.ARRIVED:
        ended = AdoptionEnded(practice_id=adoption.practice_id, unit_id=adoption.unit_id, stage=Stage.ARRIVED.value)
        record(actor, adoption, ended)
        session.execute(delete(AdoptionStage).where(AdoptionStage.adoption_id == adoption.id))
        session.delete(adoption)
        session.flush()
        return
    adoption.stage, adoption.reason = Stage.STOPPED, reason
    _note(adoption)
    ended = AdoptionEnded(practice_id=adoption.practice_id, unit_id=adoption.unit_id, stage=Stage.STOPPED.value)
    record(actor, adoption, ended)


def _note(adoption: Adoption) -> None:
    session.add(
        AdoptionStage(
            organisation_id=adoption.organisation_id,
            adoption_id=adoption.id,
            stage=adoption.stage,
            at=clock.now(),
        )
    )


def _end_roles(actor: Actor, unit: Unit) -> int:
    """End every role in the unit, and the ways to one; returns how many there were."""
    members = session.scalars(select(Member).where(Member.unit_id == unit.id).order_by(Member.id)).all()
    # Persons before their invitations, as whoever accepts one locks them.
    hold({member.person_id for member in members})
    end_joining_link(actor, unit)
    for invitation in open_invitations(actor, unit):
        withdraw_invitation(actor, invitation)
    for member in members:
        end_role(actor, member)
    return len(members)
