"""Deciding on applications, and keeping the register's dates. Every verb locks the person first."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, session
from kierto.events.actions import record
from kierto.events.catalogue.experts import (
    ExpertApproved,
    ExpertCalled,
    ExpertCameBack,
    ExpertDatesChanged,
    ExpertDeclined,
    ExpertsNotTheSame,
)
from kierto.experts.consents import withdraw_all
from kierto.experts.models import NotTheSame
from kierto.people.models import Expert, Person
from kierto.people.rules import Move, check_not_own, moved


@dataclass(frozen=True)
class RegisterDates:
    """What the coordinator keeps of an expert; none where it has not happened, or where there is no contract."""

    inducted_on: date | None
    undertaking_on: date | None
    contract_until: date | None


def approve(actor: Actor, expert: Expert) -> None:
    """Approve an application; the person is told.

    Raises:
        Refused: seat-no-double-hat, expert-moves.
    """
    _decide(actor, expert, Move.APPROVE)
    expert.decision_words = None
    record(actor, expert, ExpertApproved())


def decline(actor: Actor, expert: Expert, words: str) -> None:
    """Decline an application kindly. The person is told, with the coordinator's own words if there are any.

    What they told of health is deleted at once: it was asked for meetings.

    Raises:
        Refused: seat-no-double-hat, expert-moves.
    """
    _decide(actor, expert, Move.DECLINE)
    expert.decision_words = words.strip() or None
    record(actor, expert, ExpertDeclined())
    withdraw_all(actor, expert)


def come_back(actor: Actor, expert: Expert) -> None:
    """End an expert's break.

    Raises:
        Refused: seat-no-double-hat, expert-moves.
    """
    _decide(actor, expert, Move.COME_BACK)
    record(actor, expert, ExpertCameBack())


def set_dates(actor: Actor, expert: Expert, dates: RegisterDates) -> None:
    """Set or clear the dates of induction, undertaking and contract; what is as it was is no change."""
    _hold(expert)
    changed = [name for name, value in asdict(dates).items() if getattr(expert, name) != value]
    for name in changed:
        setattr(expert, name, getattr(dates, name))
    if changed:
        record(actor, expert, ExpertDatesChanged(fields=", ".join(changed)))


def record_call(actor: Actor, expert: Expert) -> None:
    """The coordinator has talked with the person by phone or in person (answer-for-another); no call waits any more."""
    _hold(expert)
    expert.call_wished = False
    record(actor, expert, ExpertCalled())


def tell_apart(actor: Actor, one: Expert, other: Expert) -> None:
    """Say that two experts who look alike are two persons; they are not suggested as one any more.

    Saying it twice changes nothing.
    """
    _hold(one, other)
    first, second = sorted((one.id, other.id))
    said = select(NotTheSame.id).where(NotTheSame.one_id == first, NotTheSame.other_id == second)
    if session.scalar(said) is None:
        session.add(NotTheSame(organisation_id=one.organisation_id, one_id=first, other_id=second))
        record(actor, one, ExpertsNotTheSame(other_expert_id=other.id))


def _decide(actor: Actor, expert: Expert, move: Move) -> None:
    check_not_own(actor.person_id, expert.person_id)
    _hold(expert)
    expert.state, expert.decided_at = moved(expert.state, move), clock.now()


def _hold(*experts: Expert) -> None:
    """Lock the persons, and read the experts as they are then."""
    lock(Person, [expert.person_id for expert in experts])
    for expert in experts:
        session.refresh(expert)
