"""Reading statements, and the feedback on accessibility."""

from collections.abc import Sequence

from sqlalchemy import Select, false, or_, select

from kierto.actor import Actor, Role
from kierto.database import NO_ORGANISATION, session
from kierto.errors import NotFound
from kierto.statements.models import AccessibilityFeedback, Statement, StatementKind
from kierto.words import LANGUAGES, Language, Text, current


def visible(actor: Actor) -> Select[AccessibilityFeedback]:
    """The feedback the actor may see: their organisation's as a coordinator; administrators' what is no one's."""
    coordinated = actor.organisations_as(Role.COORDINATOR)
    return select(AccessibilityFeedback).where(
        or_(
            AccessibilityFeedback.organisation_id.in_(coordinated),
            AccessibilityFeedback.organisation_id == NO_ORGANISATION if actor.administrator else false(),
        )
    )


def feedback(actor: Actor, ref: str) -> AccessibilityFeedback:
    """One visible feedback.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible(actor).where(AccessibilityFeedback.ref == ref))
    if found is None:
        raise NotFound
    return found


def feedback_to_answer(actor: Actor) -> Sequence[AccessibilityFeedback]:
    """What waits for an answer of the actor, the soonest due first (accessibility-answer)."""
    return session.scalars(
        visible(actor)
        .where(AccessibilityFeedback.answered_at.is_(None))
        .order_by(AccessibilityFeedback.due_on, AccessibilityFeedback.id)
    ).all()


def feedback_answered(actor: Actor, limit: int) -> Sequence[AccessibilityFeedback]:
    """What has been answered, latest first."""
    return session.scalars(
        visible(actor)
        .where(AccessibilityFeedback.answered_at.is_not(None))
        .order_by(AccessibilityFeedback.answered_at.desc(), AccessibilityFeedback.id.desc())
        .limit(limit)
    ).all()


def answering(actor: Actor) -> Actor:
    """Whoever answers feedback, of whichever organisation.

    Raises:
        NotFound: the actor answers none.
    """
    if not (actor.administrator or actor.organisations_as(Role.COORDINATOR)):
        raise NotFound
    return actor


def own_text(organisation_id: int, kind: StatementKind) -> Text | None:
    """What the organisation adds, in the reader's language, else in one that it is written in."""
    written = own_texts(organisation_id, kind)
    language = current() if current() in written else next(iter(written), None)
    return Text(written[language].text, language) if language else None


def own_texts(organisation_id: int, kind: StatementKind) -> dict[Language, Statement]:
    """What the organisation adds to the default text, by language."""
    rows = session.scalars(
        select(Statement).where(Statement.organisation_id == organisation_id, Statement.kind == kind)
    )
    found = {row.language: row for row in rows}
    return {language: found[language] for language in LANGUAGES if language in found and found[language].text}
