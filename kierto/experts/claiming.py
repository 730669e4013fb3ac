"""Whoever owns an address that Kierto knew already says that an application from it is theirs."""

from enum import StrEnum

from sqlalchemy import delete, select, update

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock, session
from kierto.errors import NotFound
from kierto.events.actions import record
from kierto.events.catalogue.applications import ApplicationClaimed
from kierto.experts.answers import Answers
from kierto.experts.models import TOLD, Application, Consent
from kierto.people.blanking import blank_person
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.queries import person_with_email, person_with_phone
from kierto.people.rules import Move, may_move, moved
from kierto.sign_in.queries import is_silent

_FIELDS = (
    "languages",
    "home_base",
    "own_words",
    "training",
    "earliest_start",
    "longest_minutes",
    "most_meetings",
    "call_wished",
)


class Claimed(StrEnum):
    """What came of it. Apart: the coordinator sees that the two are one person, and makes them one."""

    JOINED = "joined"
    APART = "apart"


def claim(application: Application) -> Claimed:
    """Join the application to the person whose address it was sent from; the letter's link has proved the mailbox.

    What somebody has decided or used meanwhile is not moved; by a number that may be somebody else's by now nobody
    claims anything. Claiming twice changes nothing.

    Raises:
        NotFound: it was deleted at this very moment.
    """
    known = owner(application)
    if known is None:
        return Claimed.JOINED
    lock(Person, [known.id, session.get_one(Expert, application.expert_id).person_id])
    application, expert = _as_they_are(application)
    if application.claimed_at is not None or number_unsure(application) or owner(application) is not known:
        return Claimed.JOINED if expert.person_id == known.id else Claimed.APART
    application.claimed_at = clock.now()
    record(Actor(person_id=known.id), application, ApplicationClaimed(expert_id=expert.id))
    return _joined(application, expert, known)


def owner(application: Application) -> Person | None:
    """Who has the address that the letter with the link went to: the e-mail address, or else the phone number."""
    typed = Answers.of(application.answers)
    return person_with_email(typed.email) if typed.email else person_with_phone(typed.phone)


def number_unsure(application: Application) -> bool:
    """Whether only a call tells whose it is: it came with a number that has not reached its owner here for a year."""
    known = owner(application)
    return known is not None and not Answers.of(application.answers).email and is_silent(known)


def _as_they_are(application: Application) -> tuple[Application, Expert]:
    """Both as they are when nobody else changes them."""
    found = session.scalar(
        select(Application).where(Application.id == application.id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found, session.get_one(Expert, found.expert_id, populate_existing=True)


def _joined(application: Application, expert: Expert, known: Person) -> Claimed:
    made = session.get_one(Person, expert.person_id)
    there = session.scalar(
        select(Expert).where(Expert.organisation_id == expert.organisation_id, Expert.person_id == known.id)
    )
    if expert.state is not ExpertState.APPLIED or _used(made, expert):
        return Claimed.APART
    if there is not None and not may_move(there.state, Move.APPLY_AGAIN):
        return Claimed.APART
    if there is None:
        expert.person_id = known.id
    else:
        _move_into(there, expert)
    application.answers = Answers().as_bytes()
    blank_person(made)
    session.flush()
    return Claimed.JOINED


def _used(made: Person, expert: Expert) -> bool:
    """Whether the person made by the application has become more than that."""
    elsewhere = session.scalar(select(Expert.id).where(Expert.person_id == made.id, Expert.id != expert.id).limit(1))
    role = session.scalar(select(Member.id).where(Member.person_id == made.id).limit(1))
    return bool(made.email or made.phone or elsewhere or role)


def _move_into(there: Expert, expert: Expert) -> None:
    """The person was in the register before: their place there takes what the application told."""
    for table in TOLD:
        session.execute(delete(table).where(table.expert_id == there.id))
    for kept in (*TOLD, Consent, Application):
        session.execute(update(kept).where(kept.expert_id == expert.id).values(expert_id=there.id))
    for name in _FIELDS:
        setattr(there, name, getattr(expert, name))
    there.state, there.decided_at = moved(there.state, Move.APPLY_AGAIN), None
    session.delete(expert)
