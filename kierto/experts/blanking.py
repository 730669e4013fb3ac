"""Taking away what an expert has told: for an erasure, and when its time has come."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import delete, or_, select, update

from kierto import clock
from kierto.database import session
from kierto.experts.answers import Answers
from kierto.experts.models import TOLD, Application, Consent, NotTheSame
from kierto.people.models import Expert, ExpertState


def blank_expert(expert: Expert) -> None:
    """Delete everything the expert told, and end what they consented to. Lock the person before.

    The row stays, as one who has left: the dates of consents show that what was stored was stored rightly.
    """
    for table in (*TOLD, Application):
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
    return [one for one in waiting if one.person_id == person_id or reached_at(one) & set(addresses)]


def applications_with(person_id: int, addresses: Collection[str]) -> list[Application]:
    """The applications of others that were sent with one of the addresses, which waits there to be claimed.

    Each is looked into, as above; they are there for 14 days at most.
    """
    sent = session.scalars(
        select(Application)
        .join(Expert, Expert.id == Application.expert_id)
        .where(Application.sent_at.is_not(None), Expert.person_id != person_id)
        .order_by(Application.id)
    )
    return [one for one in sent if reached_at(one) & set(addresses)]


def forget_address(application: Application, addresses: Collection[str]) -> None:
    """Take the addresses out of an application that was sent; nobody claims it by them any more."""
    kept = Answers.of(application.answers)
    application.answers = replace(
        kept,
        email="" if kept.email.casefold() in addresses else kept.email,
        phone="" if kept.phone in addresses else kept.phone,
    ).as_bytes()
    session.flush()


def reached_at(application: Application) -> set[str]:
    """The addresses that an application holds."""
    answers = Answers.of(application.answers)
    return {answers.email.casefold(), answers.phone} - {""}
