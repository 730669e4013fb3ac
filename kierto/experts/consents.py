"""Giving and withdrawing consents, and what is stored because of them: themes, what to arrange."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.applications import (
    ApplicationWithdrawn,
    ConsentWithdrawn,
    ExpertNeedsReplaced,
    ExpertThemesReplaced,
)
from kierto.events.catalogue.applications import ConsentGiven as ConsentRecorded
from kierto.experts import queries
from kierto.experts.models import Consent, ConsentGiven, ConsentTo, ExpertNeeds, ExpertTheme
from kierto.experts.rules import CONSENT_VERSION, THEME_CONSENT
from kierto.people.models import Expert, Person
from kierto.people.rules import Move, moved


def give_consent(
    actor: Actor,
    expert: Expert,
    to: ConsentTo,
    *,
    given: ConsentGiven = ConsentGiven.SELF,
    at: datetime | None = None,
    version: int = CONSENT_VERSION,
) -> Consent:
    """Store a consent; who recorded it for another is the actor. Giving again what holds changes nothing."""
    holds = queries.valid_consent(expert.id, to)
    if holds is not None and holds.version == version:
        return holds
    if holds is not None:
        holds.withdrawn_at = clock.now()  # the words have changed: the new consent stands in its place
    consent = Consent(
        organisation_id=expert.organisation_id,
        expert_id=expert.id,
        to=to,
        version=version,
        given=given,
        recorded_by=None if given is ConsentGiven.SELF else actor.person_id,
        given_at=at or clock.now(),
    )
    session.add(consent)
    record(actor, expert, ConsentRecorded(consent=to.value, version=version))
    return consent


def withdraw_consent(actor: Actor, expert: Expert, to: ConsentTo) -> None:
    """Withdraw a consent and delete at once what was stored because of it (theme-consent).

    The register's consent is withdrawn by leaving it, and takes the others with it. Twice changes nothing.
    """
    ended = session.scalars(
        update(Consent)
        .where(Consent.expert_id == expert.id, Consent.to == to, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
        .returning(Consent.id),
        execution_options={"synchronize_session": "fetch"},
    ).all()
    if to is ConsentTo.THEMES:
        session.execute(delete(ExpertTheme).where(ExpertTheme.expert_id == expert.id))
    if to is ConsentTo.NEEDS:
        session.execute(delete(ExpertNeeds).where(ExpertNeeds.expert_id == expert.id))
    if ended:
        record(actor, expert, ConsentWithdrawn(consent=to.value))


def withdraw_all(actor: Actor, expert: Expert) -> None:
    """Withdraw every consent of an expert who is no longer in the register; health data goes with them."""
    for to in ConsentTo:
        withdraw_consent(actor, expert, to)
    expert.own_words = None


def withdraw_application(actor: Actor, expert: Expert) -> None:
    """Take an application back; the person may apply again at any time.

    Raises:
        Refused: expert-moves, when it was decided already.
    """
    lock_one(Person, expert.person_id)
    session.refresh(expert)
    expert.state, expert.decided_at = moved(expert.state, Move.WITHDRAW), clock.now()
    record(actor, expert, ApplicationWithdrawn())
    withdraw_all(actor, expert)


def replace_themes(actor: Actor, expert: Expert, theme_ids: Collection[int]) -> None:
    """Store these themes instead of any before.

    Raises:
        Refused: theme-consent, when there is no consent to them.
    """
    _require(expert, ConsentTo.THEMES)
    session.execute(delete(ExpertTheme).where(ExpertTheme.expert_id == expert.id))
    session.add_all(
        ExpertTheme(organisation_id=expert.organisation_id, expert_id=expert.id, theme_id=theme_id)
        for theme_id in sorted(set(theme_ids))
    )
    record(actor, expert, ExpertThemesReplaced())


def replace_needs(actor: Actor, expert: Expert, text: str) -> None:
    """Store what to arrange for the person instead of any before, encrypted.

    Raises:
        Refused: theme-consent, when there is no consent to it.
    """
    _require(expert, ConsentTo.NEEDS)
    needs = session.scalar(select(ExpertNeeds).where(ExpertNeeds.expert_id == expert.id))
    if needs is None:
        needs = ExpertNeeds(organisation_id=expert.organisation_id, expert_id=expert.id)
        session.add(needs)
    needs.text, needs.changed_at = text.strip().encode(), clock.now()
    record(actor, expert, ExpertNeedsReplaced())


def _require(expert: Expert, to: ConsentTo) -> None:
    lock_one(Person, expert.person_id)
    if queries.valid_consent(expert.id, to) is None:
        raise Refused(THEME_CONSENT)
