"""The people of a unit: who works there, inviting them, their contact person, leaving; the unit's joining link."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Role
from kierto.errors import Forbidden
from kierto.messages.ways import reaches
from kierto.pages.staff.forms import HandOnForm, InviteForm, JoiningLinkForm
from kierto.people import inviting, joining, roles, staff
from kierto.people.queries import host_contacts
from kierto.policy import GIVE_ROLES, HAND_HOST_ON, INVITE_WORKER, MAKE_JOINING_LINK, REMOVE_WORKER, SEE_WORKERS
from kierto.seats.working import leave_unit
from kierto.sign_in.models import Channel
from kierto.units import queries as units
from kierto.units.models import Unit
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("staff", __name__, url_prefix="/units/<ref>/people")

WORKERS = 100
_KEPT = "joining"
_KEPT_SECONDS = 15 * 60
"""How long a new link can be printed again on the device it was made on; after that nobody knows its token."""


@pages.get("")
@requires(SEE_WORKERS, of=units.unit)
def show(unit: Unit) -> str:
    """Who works in the unit; for those who may, whom they wait for."""
    page = max(1, request.args.get("page", 1, type=int))
    found = staff.workers(unit, WORKERS + 1, skip=WORKERS * (page - 1))
    may_invite = INVITE_WORKER.allows(actor(), unit)
    return render_template(
        "pages/staff/unit.html",
        unit=unit,
        workers=found[:WORKERS],
        more=page + 1 if len(found) > WORKERS else None,
        first=page == 1,
        hosted=bool(host_contacts(unit.id)),
        may_invite=may_invite,
        may_choose_hosts=_chooses_hosts(unit),
        invitations=inviting.open_invitations(actor(), unit) if may_invite else [],
        link=joining.joining_link_of(unit) if may_invite else None,
        now=clock.now(),
    )


@pages.route("/invite", methods=["GET", "POST"])
@requires(INVITE_WORKER, of=units.unit)
def invite(unit: Unit) -> ResponseReturnValue:
    """Invite a worker; a coordinator invites contact persons too."""
    given = (Role.STAFF, Role.HOST_CONTACT) if _chooses_hosts(unit) else (Role.STAFF,)
    form = InviteForm(given, phones=reaches(current_app.config["KIERTO"], Channel.SMS))
    if form.validate_on_submit():
        with form.refusals():
            inviting.invite(actor(), form.invitee, staff.membership(form.chosen or Role.STAFF, unit))
            flash(gettext("The invitation is on its way."), "success")
            return _to(unit)
    return form.page("pages/staff/invite_to_unit.html", unit=unit)


@pages.route("/hand-on", methods=["GET", "POST"])
@requires(HAND_HOST_ON, of=units.unit)
def hand_on(unit: Unit) -> ResponseReturnValue:
    """Hand the contact role on to another worker, in one step; a coordinator chooses whose it was."""
    workers = staff.workers(unit, WORKERS * 10)
    mine = [one.person.ref for one in workers if one.is_host and one.person.id == actor().person_id]
    form = HandOnForm(workers, giver=mine[0] if mine else None)
    if form.receiver.choices and form.validate_on_submit():
        with form.refusals():
            roles.hand_host_on(actor(), unit, form.giver_id, form.receiver_id)
            flash(gettext("The unit has a new contact person. Both are told by a message."), "success")
            return _to(unit)
    return form.page("pages/staff/hand_on.html", unit=unit, own=bool(mine))


@pages.route("/<person>/remove", methods=["GET", "POST"])
@requires(REMOVE_WORKER, of=units.unit)
def remove(unit: Unit, person: str) -> ResponseReturnValue:
    """Take a person out of the unit; they are told. A contact person is the coordinator's to take out."""
    found = staff.worker(unit, person)
    if request.method == "GET":
        return _to(unit)
    if found is not None and found.is_host and not _chooses_hosts(unit):
        raise Forbidden
    if found is None or not leave_unit(actor(), unit.id, found.person.id):
        flash(gettext("This person does not work in the unit any more."), "info")
    else:
        flash(gettext("Done: %(name)s sees the unit’s things no more.", name=found.person.name), "success")
    return _to(unit)


@pages.route("/joining-link", methods=["GET", "POST"])
@requires(MAKE_JOINING_LINK, of=units.unit)
def joining_link(unit: Unit) -> ResponseReturnValue:
    """Make a joining link, and print it while this device still knows it."""
    form = JoiningLinkForm()
    if form.validate_on_submit():
        with form.refusals():
            token = joining.make_joining_link(actor(), unit, int(form.days.data))
            session[_KEPT] = [unit.ref, token, int(clock.now().timestamp()) + _KEPT_SECONDS]
            return redirect(f"/units/{unit.ref}/people/joining-link", HTTPStatus.SEE_OTHER)
    link = joining.joining_link_of(unit)
    return form.page(
        "pages/staff/joining_link.html",
        unit=unit,
        link=link,
        address=_kept(unit) if link else None,
        may_set_domains=GIVE_ROLES.allows(actor(), unit.organisation),
    )


@pages.route("/joining-link/end", methods=["GET", "POST"])
@requires(MAKE_JOINING_LINK, of=units.unit)
def end_joining_link(unit: Unit) -> ResponseReturnValue:
    """End the joining link. A GET is somebody who came back by the address: nothing ends then."""
    if request.method == "POST":
        joining.end_joining_link(actor(), unit)
        flash(gettext("The joining link has ended. Take the paper down from the wall."), "success")
    return _to(unit)


def _chooses_hosts(unit: Unit) -> bool:
    """Whether it is the coordinator who asks: contact persons are theirs to choose."""
    return GIVE_ROLES.allows(actor(), unit.organisation)


def _kept(unit: Unit) -> str | None:
    """The link's address, on the device it was made on and for a while."""
    kept = session.get(_KEPT)
    if not isinstance(kept, list) or len(kept) != 3 or kept[0] != unit.ref or kept[2] < clock.now().timestamp():
        return None
    return f"{current_app.config['KIERTO'].base_url}/join/{kept[1]}"


def _to(unit: Unit) -> ResponseReturnValue:
    return redirect(f"/units/{unit.ref}/people", HTTPStatus.SEE_OTHER)
