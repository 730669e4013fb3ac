"""The devices on which one is signed in, each to be signed out from here."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.pages.me.views import asking
from kierto.policy import END_OWN_SESSION, SEE_OWN_PAGE
from kierto.sign_in import actions, queries
from kierto.sign_in.devices import spoken
from kierto.web.guard import requires
from kierto.words import gettext, ngettext

pages = Blueprint("me_sessions", __name__)


@pages.get("/me/sessions")
@requires(SEE_OWN_PAGE, of=asking)
def show(me: Actor) -> str:
    """Every device that is in, this one first."""
    return render_template("pages/me/sessions.html", sessions=queries.own_sessions(me), spoken=spoken)


@pages.post("/me/sessions/end")
@requires(END_OWN_SESSION, of=asking)
def end(me: Actor) -> ResponseReturnValue:
    """Sign one other device out."""
    actions.end_own_session(me, request.form.get("session", ""))
    flash(gettext("The device is signed out."))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@pages.post("/me/sessions/end-others")
@requires(END_OWN_SESSION, of=asking)
def end_others(me: Actor) -> ResponseReturnValue:
    """Sign every device out but this one."""
    count = actions.end_other_sessions(me)
    flash(ngettext("%(num)s device is signed out.", "%(num)s devices are signed out.", count))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
