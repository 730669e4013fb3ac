"""The organisations' sign-ins that let one in, each to be taken away."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.pages.me.views import asking
from kierto.policy import REMOVE_OWN_IDENTITY, SEE_OWN_PAGE
from kierto.sign_in import identities
from kierto.web.guard import requires
from kierto.words import gettext

pages = Blueprint("me_identities", __name__)


@pages.get("/me/sign-ins")
@requires(SEE_OWN_PAGE, of=asking)
def show(me: Actor) -> str:
    """Every sign-in that was joined to the person."""
    return render_template("pages/me/identities.html", joined=identities.own_identities(me))


@pages.post("/me/sign-ins/remove")
@requires(REMOVE_OWN_IDENTITY, of=asking)
def remove(me: Actor) -> ResponseReturnValue:
    """One lets nobody in any more."""
    identities.remove_identity(me, request.form.get("identity", ""))
    flash(gettext("Taken away. It lets nobody in any more."), "success")
    return redirect("/me/sign-ins", HTTPStatus.SEE_OTHER)
