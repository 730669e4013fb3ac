"""One's own data: a copy of all of it at once, keeping it longer, and having it erased."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Actor
from kierto.pages.me import own_data
from kierto.pages.me.views import asking
from kierto.policy import HANDLE_OWN_DATA
from kierto.privacy import queries
from kierto.privacy.actions import put_off
from kierto.privacy.erasing import erase_person
from kierto.privacy.exporting import export_person
from kierto.privacy.models import RetentionNotice
from kierto.web.forms import BooleanField, Form, Required
from kierto.web.guard import actor, requires, sees, sign_out
from kierto.words import gettext, lazy_gettext

pages = Blueprint("me_data", __name__, url_prefix="/me/data")


class EraseForm(Form):
    """A tick before the press: nobody erases themself by a slip of the finger."""

    sure = BooleanField(
        lazy_gettext("I understand that this cannot be undone"),
        [Required(lazy_gettext("Tick the box if you want your data erased."))],
    )


@pages.get("")
@requires(HANDLE_OWN_DATA, of=asking)
def show(me: Actor) -> str:
    """What one can do with one's own data, and what will be deleted when."""
    return render_template("pages/me/data.html", notices=queries.notices_of(me), left_out=queries.left_out(me))


@pages.post("/export")
@requires(HANDLE_OWN_DATA, of=asking)
def export(me: Actor) -> Response:
    """Everything that is stored of the person, as a zip; that it was taken is written down."""
    taken = export_person(me)
    page = render_template(
        "pages/me/own_data.html",
        data=taken.data,
        shown=(shown := own_data.readable(taken.data)),
        nothing=[own_data.label(name) for name in taken.data if name not in shown and name not in own_data.TECHNICAL],
        facts=own_data.facts,
        parts=own_data.parts,
        columns=own_data.columns,
        label=own_data.label,
        spoken=own_data.spoken,
    )
    name = f"kierto-{clock.today().isoformat()}.zip"
    return Response(
        taken.packed(page),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@pages.post("/keep/<ref>")
@sees(queries.own_notices)
def keep(notices: Sequence[RetentionNotice]) -> ResponseReturnValue:
    """Keep one's data in an organisation for as long again."""
    put_off(actor(), notices)
    flash(gettext("Your data is kept. We tell you again before anything is deleted."), "success")
    return redirect("/me/data", HTTPStatus.SEE_OTHER)


@pages.route("/erase", methods=["GET", "POST"])
@requires(HANDLE_OWN_DATA, of=asking)
def erase(me: Actor) -> ResponseReturnValue:
    """What erasing would change, in numbers; and, when it is asked for with a tick and a press, erasing."""
    form = EraseForm()
    if form.validate_on_submit():
        with form.refusals():
            assert me.person_id is not None
            erase_person(me, me.person_id)
            sign_out()
            flash(gettext("Your data was erased. Thank you for what you have done."), "success")
            return redirect("/", HTTPStatus.SEE_OTHER)
    return form.page("pages/me/erase.html", ends=queries.consequences(me))
