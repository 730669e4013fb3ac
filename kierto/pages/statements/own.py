"""What an organisation decides of its statements: its own words in them, and how long its data is kept."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.pages.statements.forms import OwnTextForm, retention_form
from kierto.policy import SET_RETENTION, WRITE_STATEMENT
from kierto.privacy import queries
from kierto.privacy.actions import keep_for
from kierto.statements.actions import write_own_text
from kierto.statements.models import StatementKind
from kierto.statements.queries import own_texts
from kierto.units.models import Organisation
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("own_statements", __name__, url_prefix="/organisations/<ref>")


@pages.route("/retention", methods=["GET", "POST"])
@requires(SET_RETENTION, of=queries.governed)
def retention(organisation: Organisation) -> ResponseReturnValue:
    """Set how long each kind of data is kept; the privacy notice says the same at once."""
    form = retention_form(queries.months_kept(organisation.id))
    if form.validate_on_submit():
        with form.refusals():
            for kind, months in form.months.items():
                keep_for(actor(), organisation.id, kind, months)
            flash(gettext("Saved. The privacy notice says the same now."), "success")
            return redirect(f"/privacy?organisation={organisation.ref}", HTTPStatus.SEE_OTHER)
    return form.page("pages/statements/retention.html", organisation=organisation)


@pages.route("/statements/<kind>", methods=["GET", "POST"])
@requires(WRITE_STATEMENT, of=queries.governed)
def own_words(organisation: Organisation, kind: str) -> ResponseReturnValue:
    """Write what the organisation adds to its privacy notice or accessibility statement."""
    if kind not in set(StatementKind):
        raise NotFound
    about = StatementKind(kind)
    written = own_texts(organisation.id, about)
    form = OwnTextForm(data={language: statement.text for language, statement in written.items()})
    if form.validate_on_submit():
        with form.refusals():
            for language, text in form.texts.items():
                write_own_text(actor(), organisation.id, about, language, text)
            flash(gettext("Saved. The text is on the page now."), "success")
            return redirect(f"/{about.value}?organisation={organisation.ref}", HTTPStatus.SEE_OTHER)
    return form.page("pages/statements/own_words.html", organisation=organisation, kind=about.value)
