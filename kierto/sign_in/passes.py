"""Paper passes: a printed page opened with four digits that its person chose. Ends by a call, a reprint or in a year.

The token is random and stored as a hash. The digits are stored as a hash keyed with the secret key: there are only ten
thousand of them, so the database alone must not be enough to find them.
"""

import hmac
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Identified, Role
from kierto.database import lock_one, new_ref, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.sign_in import PassDigitsChanged, PassEnded, PassLocked, PassMade
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.sign_in import limits
from kierto.sign_in.models import PaperPass
from kierto.sign_in.rules import DIGITS_OF_CLIENT, PASS_INSIDE, PASS_LASTS, WRONG_DIGITS, check_digits
from kierto.sign_in.tokens import hashed, keyed

_HAVE_PASSES = (ExpertState.APPROVED, ExpertState.PAUSED)
_NO_PART = (ExpertState.DECLINED, ExpertState.WITHDRAWN, ExpertState.LEFT)


class Made(NamedTuple):
    """A new pass, and the token that is shown once: on paper."""

    paper: PaperPass
    token: str


def make_pass(actor: Actor, person: Person, digits: str, secret_key: str) -> Made:
    """A new pass of the person, good for a year; the one they had ends.

    Raises:
        Refused: pass-digits, pass-inside.
    """
    check_digits(digits)
    lock_one(Person, person.id)
    _check_inside(actor, person)
    end_pass(actor, person)
    token = new_ref() + new_ref()
    now = clock.now()
    paper = PaperPass(
        person_id=person.id,
        token_hash=hashed(token),
        digits_hash=_keyed(hashed(token), digits, secret_key),
        made_by=actor.person_id,
        created_at=now,
        expires_at=now + PASS_LASTS,
    )
    session.add(paper)
    record(actor, paper, PassMade())
    return Made(paper, token)


def end_pass(actor: Actor, person: Person) -> None:
    """End the person's pass, if they have one; ending an ended one changes nothing."""
    lock_one(Person, person.id)
    paper = pass_of(person.id)
    if paper is not None:
        _end(actor, paper)


def end_passes_since(actor: Actor, person: Person, moment: datetime) -> None:
    """End the pass that was made for the person since then: they say that it was not them. Lock the person before."""
    paper = pass_of(person.id)
    if paper is not None and paper.created_at >= moment:
        _end(actor, paper)


def change_digits(actor: Actor, person: Person, digits: str, secret_key: str) -> None:
    """Other digits for the paper that the person has; they unlock it.

    Raises:
        NotFound: they have no pass.
        Refused: pass-digits, pass-inside (of a paper that somebody else made, and may have seen).
    """
    check_digits(digits)
    lock_one(Person, person.id)
    paper = pass_of(person.id)
    if paper is None:
        raise NotFound
    if paper.made_by != person.id:
        _check_inside(actor, person)
    paper.digits_hash, paper.wrong_digits = _keyed(paper.token_hash, digits, secret_key), 0
    record(actor, paper, PassDigitsChanged())


def open_pass(token: str, digits: str, client: str, secret_key: str) -> PaperPass | None:
    """The pass, when the digits are its own; None when they are not, or the pass has ended, or is locked, or is none.

    A return value, not a refusal: a wrong try must be kept. It is counted before it is looked at, in one statement, so
    that many at one moment are counted too; the right digits take it back. `client` is the network address that calls.

    Raises:
        TooMany: this caller has given too many wrong ones.
    """
    network = limits.network_of(client)
    limits.check(DIGITS_OF_CLIENT, network, secret_key)
    paper: PaperPass | None = session.scalar(
        update(PaperPass)
        .where(PaperPass.token_hash == hashed(token), *_live())
        .values(wrong_digits=PaperPass.wrong_digits + 1)
        .returning(PaperPass),
        execution_options={"populate_existing": True},
    )
    found = paper.digits_hash if paper is not None else ""
    right = hmac.compare_digest(found, _keyed(hashed(token), digits, secret_key))
    if paper is not None and right:
        paper.wrong_digits = 0
        return paper
    limits.count(DIGITS_OF_CLIENT, network, secret_key)
    if paper is not None and paper.wrong_digits >= WRONG_DIGITS:
        record(Actor(), paper, PassLocked())
    return None


def pass_of(person_id: int) -> PaperPass | None:
    """The pass that the person has now; it may be locked."""
    return session.scalar(
        select(PaperPass)
        .where(PaperPass.person_id == person_id, PaperPass.ended_at.is_(None), PaperPass.expires_at > clock.now())
        .order_by(PaperPass.id.desc())
        .limit(1)
    )


def printed(person_id: int, token: str) -> PaperPass | None:
    """The person's pass with the token, as long as it is the one they have: for printing it."""
    paper = pass_of(person_id)
    return paper if paper is not None and paper.token_hash == hashed(token) else None


def holder(token: str, pass_id: int) -> Actor | None:
    """Whoever holds that very pass, to answer and nothing else; None when it has ended or is locked."""
    person_id = session.scalar(
        select(PaperPass.person_id).where(PaperPass.token_hash == hashed(token), PaperPass.id == pass_id, *_live())
    )
    return answering(person_id) if person_id is not None else None


def answering(person_id: int) -> Actor:
    """The right to answer: the person, without a name and without any of their roles."""
    return Actor(person_id=person_id, identified=Identified.WEAKLY, only_answers=True)


def expert(actor: Actor, ref: str) -> Expert:
    """An expert whom the actor coordinates, with their person: in any state, since whoever has left may lose a paper.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(
        select(Expert)
        .where(Expert.ref == ref, Expert.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)))
        .options(joinedload(Expert.person))
    )
    if found is None:
        raise NotFound
    return found


def registered_expert(actor: Actor, ref: str) -> Expert:
    """The same, only of who may have a pass.

    Raises:
        NotFound: there is none, or they are not in the register (any more).
    """
    found = expert(actor, ref)
    if not has_passes(found):
        raise NotFound
    return found


def has_passes(expert: Expert) -> bool:
    """Whether passes are made for the expert: who is approved, or has a break."""
    return expert.state in _HAVE_PASSES


def reaches_outside(actor: Actor, person_id: int) -> bool:
    """Whether a pass of the person would open what is of an organisation that the actor does not coordinate."""
    mine = actor.organisations_as(Role.COORDINATOR)
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(
                        Expert.person_id == person_id,
                        Expert.organisation_id.not_in(mine),
                        Expert.state.not_in(_NO_PART),
                    ),
                    exists().where(Member.person_id == person_id, Member.organisation_id.not_in(mine)),
                )
            )
        )
    )


def _check_inside(actor: Actor, person: Person) -> None:
    """Rule pass-inside: what somebody makes for another, and sees, opens nothing outside their own organisations."""
    if actor.person_id != person.id and reaches_outside(actor, person.id):
        raise Refused(PASS_INSIDE)


def _end(actor: Actor, paper: PaperPass) -> None:
    paper.ended_at = clock.now()
    record(actor, paper, PassEnded())


def _live() -> tuple[ColumnElement[bool], ...]:
    return (
        PaperPass.ended_at.is_(None),
        PaperPass.expires_at > clock.now(),
        PaperPass.wrong_digits < WRONG_DIGITS,
    )


def _keyed(token_hash: str, digits: str, secret_key: str) -> str:
    return keyed(f"kierto.paper-pass:{token_hash}:{digits}", secret_key)
