"""Who looks after an organisation: its coordinators and decision-makers, invited and taken out."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.messages.ways import reaches
from kierto.pages.staff.forms import InviteForm
from kierto.people import inviting, staff
from kierto.people.staff import OFFICERS
from kierto.policy import GIVE_ROLES
from kierto.seats.working import end_role
from kierto.sign_in.models import Channel
from kierto.units.models import Organisation
from kierto.web.forms import Form
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("organisation_people", __name__, url_prefix="/organisations/<ref>/people")


@pages.get("")
@requires(GIVE_ROLES, of=staff.looked_after)
def show(organisation: Organisation) -> str:
    """Coordinators and decision-makers, and who is invited to be one."""
    return render_template(
        "pages/staff/organisation.html",
        organisation=organisation,
        officers=staff.officers(organisation),
        invitations=inviting.open_invitations(actor(), organisation),
        now=clock.now(),
    )


@pages.route("/invite", methods=["GET", "POST"])
@requires(GIVE_ROLES, of=staff.looked_after)
def invite(organisation: Organisation) -> ResponseReturnValue:
    """Invite a coordinator or a decision-maker."""
    form = InviteForm(OFFICERS, phones=reaches(current_app.config["KIERTO"], Channel.SMS))
    if form.validate_on_submit():
        with form.refusals():
            inviting.invite(actor(), form.invitee, staff.membership(form.chosen or OFFICERS[0], organisation))
            flash(gettext("The invitation is on its way."), "success")
            return _to(organisation)
    return form.page("pages/staff/invite_to_organisation.html", organisation=organisation)


@pages.route("/<person>/<role>/end", methods=["GET", "POST"])
@requires(GIVE_ROLES, of=staff.looked_after)
def end(organisation: Organisation, person: str, role: str) -> ResponseReturnValue:
    """End a role; the person is told."""
    member = staff.officer(organisation, person, role) if request.method == "POST" else None
    if member is not None:
        form = Form()
        name, own = member.person.name, member.person_id == actor().person_id
        with form.refusals():
            end_role(actor(), member)
        if form.refused:
            flash(form.faults[0].message, "warning")
        else:
            flash(gettext("Done: %(name)s does not have this role any more.", name=name), "success")
            if own and not actor().administrator:
                return redirect("/me", HTTPStatus.SEE_OTHER)
    return _to(organisation)


def _to(organisation: Organisation) -> ResponseReturnValue:
    return redirect(f"/organisations/{organisation.ref}/people", HTTPStatus.SEE_OTHER)
