"""What a coordinator records after a call: the number is the person's still, or the person has lost an old address."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.policy import RECORD_CALL
from kierto.sign_in import contacts
from kierto.sign_in.calls import Call, call_to_make
from kierto.sign_in.queries import is_silent
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("calls", __name__)


@pages.get("/calls/<ref>")
@requires(RECORD_CALL, of=call_to_make)
def show(call: Call) -> str:
    """Whom to call, why, what to ask, and what to press afterwards."""
    own = call.person.id == actor().person_id
    return render_template("pages/sign_in/call.html", call=call, silent=is_silent(call.person), own=own)


@pages.post("/calls/<ref>/number")
@requires(RECORD_CALL, of=call_to_make)
def number(call: Call) -> ResponseReturnValue:
    """The person answered at their number."""
    contacts.number_called(actor(), call)
    flash(gettext("Recorded. Sign-in messages go to the number again. Ask the person to sign in now."))
    return redirect(url_for(".show", ref=call.person.ref), HTTPStatus.SEE_OTHER)


@pages.post("/calls/<ref>/change")
@requires(RECORD_CALL, of=call_to_make)
def change(call: Call) -> ResponseReturnValue:
    """The person has lost the old address: the coordinator confirms in its place."""
    contacts.confirm_old_by_call(actor(), call, request.form.get("channel", ""))
    flash(gettext("Recorded. The new address is in use."))
    return redirect(url_for(".show", ref=call.person.ref), HTTPStatus.SEE_OTHER)
