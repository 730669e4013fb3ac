"""What a coordinator records after a call: the number is the person's still, or the person has lost an old address."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.policy import RECORD_CALL
from kierto.sign_in import contacts
from kierto.sign_in.calls import Call, call_to_make
from kierto.sign_in.models import Channel, ContactChange
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
    channel = request.form.get("channel", "")
    contacts.confirm_old_by_call(actor(), call, channel)
    flash(_recorded(next(one for one in call.changes if one.channel.value == channel)))
    return redirect(url_for(".show", ref=call.person.ref), HTTPStatus.SEE_OTHER)


def _recorded(change: ContactChange) -> str:
    if not change.removes:
        return gettext("Recorded. The new address is in use.")
    if change.channel is Channel.EMAIL:
        return gettext("Recorded. The address was removed.")
    return gettext("Recorded. The number was removed.")
