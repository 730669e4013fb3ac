"""The privacy notice and the accessibility statement, as anyone reads them, and the form for obstacles."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.pages.statements.forms import ObstacleForm
from kierto.policy import SET_RETENTION, WRITE_STATEMENT
from kierto.privacy import queries as privacy
from kierto.privacy.feedback import take_feedback
from kierto.privacy.rules import KEPT
from kierto.statements.models import StatementKind
from kierto.statements.queries import own_text
from kierto.units.models import Organisation
from kierto.web.guard import actor, public
from kierto.words import gettext

pages = Blueprint("statements", __name__)

STATED_ON = date(2026, 11, 24)
"""When the accessibility statement was last looked through."""


@pages.get("/privacy")
@public
def privacy_notice() -> str:
    """What is stored of people and why; of one organisation, or of all alike."""
    context = _context(StatementKind.PRIVACY)
    chosen: Organisation | None = context["organisation"]
    kept = privacy.months_kept(chosen.id if chosen else None)
    return render_template(
        "pages/statements/privacy.html",
        **context,
        kept=[(KEPT[kind], months) for kind, months in kept.items()],
        may_set=chosen is not None and SET_RETENTION.allows(actor(), chosen),
    )


@pages.route("/accessibility", methods=["GET", "POST"])
@public
def accessibility() -> ResponseReturnValue:
    """How accessible Kierto is; and anyone may tell of an obstacle, without signing in (accessibility-answer)."""
    context = _context(StatementKind.ACCESSIBILITY)
    form = ObstacleForm(context["organisations"], context["organisation"], request.args.get("page", ""))
    if form.validate_on_submit():
        with form.refusals():
            client = request.remote_addr or ""
            secret_key = str(current_app.config["KIERTO"].secret_key)
            feedback = take_feedback(actor(), form.obstacle, client, secret_key)
            flash(_thanks(replies=bool(feedback.reply_to)), "success")
            return redirect("/accessibility", HTTPStatus.SEE_OTHER)
    return form.page("pages/statements/accessibility.html", **context, stated_on=STATED_ON)


def _thanks(*, replies: bool) -> str:
    """What happens next with an obstacle that was told."""
    if replies:
        return gettext("Thank you for telling us. We answer within 14 days.")
    return gettext("Thank you for telling us. You left no address, so we read it but cannot answer you.")


def _context(kind: StatementKind) -> dict[str, Any]:
    """Whose statement it is: the one the address names, or the only one there is."""
    organisations = privacy.organisations()
    ref = request.args.get("organisation")
    chosen = next((one for one in organisations if one.ref == ref), None)
    if ref and chosen is None:
        raise NotFound
    if len(organisations) == 1:
        chosen = organisations[0]
    return {
        "organisations": organisations,
        "organisation": chosen,
        "own": own_text(chosen.id, kind) if chosen else None,
        "may_write": chosen is not None and WRITE_STATEMENT.allows(actor(), chosen),
    }
