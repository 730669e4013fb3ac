"""Taking away what an expert has told: for an erasure, and when its time has come."""

from collections.abc import Collection

from sqlalchemy import delete, or_, select, update

from kierto import clock
from kierto.database import session
from kierto.experts.answers import Answers
from kierto.experts.models import (
    Application,
    AvailableHours,
    AwayDates,
    Consent,
    ExpertMunicipality,
    ExpertNeeds,
    ExpertTheme,
    NotTheSame,
)
from kierto.people.models import Expert, ExpertState

_TOLD = (ExpertTheme, ExpertNeeds, ExpertMunicipality, AvailableHours, AwayDates, Application)
"""Tables of what an expert has told, each with its `expert_id`."""


def blank_expert(expert: Expert) -> None:
    """Delete everything the expert told, and end what they consented to. Lock the person before.

    The row stays, as one who has left: the dates of consents show that what was stored was stored rightly.
    """
    for table in _TOLD:
        session.execute(delete(table).where(table.expert_id == expert.id))
    session.execute(delete(NotTheSame).where(or_(NotTheSame.one_id == expert.id, NotTheSame.other_id == expert.id)))
    session.execute(
        update(Consent)
        .where(Consent.expert_id == expert.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    expert.municipality = expert.home_base = expert.training = expert.fee_wish = expert.decision_words = None
    expert.own_words = None
    expert.languages = []
    expert.earliest_start = expert.longest_minutes = expert.most_meetings = expert.most_euros = None
    expert.inducted_on = expert.undertaking_on = expert.contract_until = None
    expert.call_wished = False
    if expert.state is not ExpertState.LEFT:
        expert.state, expert.decided_at = ExpertState.LEFT, clock.now()
    session.flush()


def delete_expert(expert: Expert) -> None:
    """Delete the expert, consents included: nothing of them is left in the organisation's register."""
    blank_expert(expert)
    session.execute(delete(Consent).where(Consent.expert_id == expert.id))
    session.delete(expert)
    session.flush()


def applications_begun(person_id: int, addresses: Collection[str]) -> list[Application]:
    """The applications a person has begun and not sent: their own, and those in which one of the addresses stands.

    The answers are encrypted, so each that waits is looked into; they wait for 30 days at most.
    """
    waiting = session.scalars(select(Application).where(Application.expert_id.is_(None)))
    return [one for one in waiting if one.person_id == person_id or _reached_at(one) & set(addresses)]


def _reached_at(application: Application) -> set[str]:
    answers = Answers.of(application.answers)
    return {answers.email.casefold(), answers.phone} - {""}
