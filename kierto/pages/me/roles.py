"""One's own roles in units and organisations, and leaving them by oneself."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.pages.me.views import asking
from kierto.people import staff
from kierto.people.staff import OwnRole
from kierto.policy import SEE_OWN_PAGE
from kierto.seats.working import end_role
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("me_roles", __name__, url_prefix="/me/roles")


@pages.get("")
@requires(SEE_OWN_PAGE, of=asking)
def index(me: Actor) -> str:
    """What one is, and where."""
    return render_template("pages/me/roles.html", roles=staff.own_roles(me))


@pages.route("/<role>/<ref>", methods=["GET", "POST"])
@sees(staff.own_role)
def leave(own: OwnRole) -> ResponseReturnValue:
    """What leaving means, and one press that does it."""
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            end_role(actor(), own.member)
            flash(gettext("You have left. Thank you for what you have done."), "success")
            return redirect("/me/roles", HTTPStatus.SEE_OTHER)
    return form.page("pages/me/leave_role.html", own=own, place=own.unit or own.organisation)
