"""Sending and answering feedback on accessibility; an organisation's own texts in its statements."""

from dataclasses import dataclass

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import NO_ORGANISATION, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.privacy import FeedbackAnswered, FeedbackSent, StatementChanged
from kierto.statements.models import AccessibilityFeedback, Statement, StatementKind
from kierto.statements.rules import ACCESSIBILITY_ANSWER, answer_due
from kierto.words import Language


@dataclass(frozen=True)
class Obstacle:
    """What somebody tells: what was hard, on which page, whose page it was, if they said, where to reply."""

    text: str
    page: str | None
    organisation_id: int | None
    reply_to: str | None
    language: Language


def send_feedback(actor: Actor, told: Obstacle) -> AccessibilityFeedback:
    """Put an obstacle on the desk of who mends it, due in 14 days (accessibility-answer)."""
    feedback = AccessibilityFeedback(
        organisation_id=told.organisation_id or NO_ORGANISATION,
        text=told.text,
        page=told.page,
        reply_to=told.reply_to,
        language=told.language,
        created_at=clock.now(),
        due_on=answer_due(clock.today()),
    )
    session.add(feedback)
    record(actor, feedback, FeedbackSent())
    return feedback


def answer_feedback(actor: Actor, feedback: AccessibilityFeedback, answer: str) -> None:
    """Answer once; whoever left an e-mail address gets the answer as a letter.

    Raises:
        Refused: accessibility-answer, when somebody has answered already.
    """
    session.refresh(feedback, with_for_update=True)
    if feedback.answered_at is not None:
        raise Refused(ACCESSIBILITY_ANSWER)
    feedback.answer, feedback.answered_at, feedback.answered_by = answer, clock.now(), actor.person_id
    record(actor, feedback, FeedbackAnswered())


def write_own_text(actor: Actor, organisation_id: int, kind: StatementKind, language: Language, text: str) -> None:
    """Set what the organisation adds to a statement in one language; an empty text takes it away.

    What is as it was is no change.
    """
    statement = session.scalar(
        select(Statement).where(
            Statement.organisation_id == organisation_id, Statement.kind == kind, Statement.language == language
        )
    )
    if (statement.text if statement else "") == text:
        return
    if statement is None:
        statement = Statement(
            organisation_id=organisation_id, kind=kind, language=language, text="", changed_at=clock.now()
        )
        session.add(statement)
    statement.text, statement.changed_at = text, clock.now()
    record(actor, statement, StatementChanged(language=language))
