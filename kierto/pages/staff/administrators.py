"""Inviting administrators of Kierto, and whoever an administrator invites to look after an organisation."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.messages.ways import reaches
from kierto.pages.staff.forms import InviteForm
from kierto.people import inviting, staff
from kierto.policy import ADMINISTER
from kierto.sign_in.models import Channel
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("administrators", __name__)


@pages.route("/admin/people/invite", methods=["GET", "POST"])
@requires(ADMINISTER, of=staff.administering)
def invite(me: Actor) -> ResponseReturnValue:
    """Invite an administrator; with `organisation` in the address, somebody who looks after that organisation."""
    if ref := request.args.get("organisation"):
        return redirect(f"/organisations/{staff.looked_after(me, ref).ref}/people/invite")
    form = InviteForm([None], phones=reaches(current_app.config["KIERTO"], Channel.SMS))
    if form.validate_on_submit():
        with form.refusals():
            inviting.invite(actor(), form.invitee, None)
            flash(gettext("The invitation is on its way."), "success")
            return redirect("/admin/people", HTTPStatus.SEE_OTHER)
    return form.page("pages/staff/invite_administrator.html")
