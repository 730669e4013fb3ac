"""Feedback on accessibility as those who mend obstacles see it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Actor
from kierto.pages.statements.forms import AnswerForm
from kierto.people.queries import persons_of
from kierto.policy import ANSWER_FEEDBACK
from kierto.statements import queries
from kierto.statements.actions import answer_feedback
from kierto.statements.models import AccessibilityFeedback
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("feedback", __name__, url_prefix="/feedback")

ANSWERED = 50
"""How many answered ones the list shows."""


@pages.get("/")
@sees(queries.answering)
def index(me: Actor) -> str:
    """What waits for an answer, the soonest due first, and what has been answered."""
    return render_template(
        "pages/statements/feedbacks.html",
        waiting=queries.feedback_to_answer(me),
        answered=queries.feedback_answered(me, ANSWERED),
        today=clock.today(),
    )


@pages.get("/<ref>")
@sees(queries.feedback)
def show(feedback: AccessibilityFeedback) -> ResponseReturnValue:
    """One obstacle, with its answer or the form for it."""
    return _page(feedback, AnswerForm())


@pages.post("/<ref>")
@requires(ANSWER_FEEDBACK, of=queries.feedback)
def answer(feedback: AccessibilityFeedback) -> ResponseReturnValue:
    """Answer it; the answer leaves by mail where an e-mail address was left."""
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            answer_feedback(actor(), feedback, form.data["answer"])
            flash(_said(feedback), "success")
            return redirect(f"/feedback/{feedback.ref}", HTTPStatus.SEE_OTHER)
    return _page(feedback, form)


def _said(feedback: AccessibilityFeedback) -> str:
    if feedback.reply_to and "@" in feedback.reply_to:
        return gettext("The answer is on its way by mail.")
    if feedback.reply_to:
        return gettext("The answer is saved. Call the person and tell it.")
    return gettext("The answer is saved. Nobody asked to have it.")


def _page(feedback: AccessibilityFeedback, form: AnswerForm) -> ResponseReturnValue:
    answered_by = feedback.answered_by
    return form.page(
        "pages/statements/feedback.html",
        feedback=feedback,
        answered_by=persons_of([answered_by]).get(answered_by) if answered_by else None,
        today=clock.today(),
    )
