"""Accepting an invitation; for who sent it, sending it again and taking it back. Joining a unit by its link."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.pages.staff.forms import AcceptForm, JoinForm
from kierto.people import inviting, joining
from kierto.people.models import Invitation, Person
from kierto.policy import HANDLE_INVITATION
from kierto.seats.working import accept_invitation
from kierto.sign_in.actions import end_session, start_session
from kierto.sign_in.joining import ask_to_join, invitation_behind
from kierto.sign_in.models import SessionBy
from kierto.web import guard
from kierto.web.forms import Form
from kierto.web.guard import actor, public, requires
from kierto.words import current, gettext

pages = Blueprint("invitations", __name__)


@pages.get("/invitation/<token>")
@public
def open_(token: str) -> ResponseReturnValue:
    """Who invites you to what. Opening the link accepts nothing: mail scanners open links too."""
    invitation = invitation_behind(token, _key())
    if invitation is None or not invitation.usable:
        return _no_use(invitation)
    person = inviting.invited_person(invitation)
    return _asking(invitation, person, Form() if person else AcceptForm(data={"name": invitation.name}))


@pages.post("/invitation/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Say yes. It proves the mailbox, so the person is signed in on this device afterwards, and nobody else is."""
    invitation = invitation_behind(token, _key())
    if invitation is None or not invitation.usable:
        return _no_use(invitation)
    known = inviting.invited_person(invitation)
    named = AcceptForm() if known is None else None
    form = named or Form()
    if form.validate_on_submit():
        person = None
        with form.refusals():
            person = accept_invitation(invitation, (named and named.name.data) or "", current())
        if not form.refused:
            return _in(invitation, person) if person else _no_use(invitation)
    return _asking(invitation, known, form)


@pages.route("/invitations/<ref>/send", methods=["GET", "POST"])
@requires(HANDLE_INVITATION, of=inviting.invitation)
def send(invitation: Invitation) -> ResponseReturnValue:
    """Send the letter again."""
    return _handled(
        invitation, lambda: inviting.send_again(actor(), invitation), gettext("The invitation is on its way again.")
    )


@pages.route("/invitations/<ref>/withdraw", methods=["GET", "POST"])
@requires(HANDLE_INVITATION, of=inviting.invitation)
def withdraw(invitation: Invitation) -> ResponseReturnValue:
    """Take the invitation back."""
    return _handled(
        invitation,
        lambda: inviting.withdraw_invitation(actor(), invitation),
        gettext("The invitation was withdrawn. Its link works no more."),
    )


@pages.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """From the coffee room's wall: who you are; a letter to the work address does the rest."""
    link = joining.joining_link_behind(token)
    if link is None or not link.usable:
        return make_response(render_template("pages/staff/join_no_use.html"), HTTPStatus.GONE)
    form = JoinForm()
    if form.validate_on_submit():
        with form.refusals():
            caller = request.remote_addr or ""
            ask_to_join(link, form.name.data or "", form.email.data or "", current(), caller, _key())
        if not form.refused:
            return redirect(f"/join/{token}/sent", HTTPStatus.SEE_OTHER)
    return form.page("pages/staff/join.html", unit=link.unit)


@pages.get("/join/<token>/sent")
@public
def asked(token: str) -> ResponseReturnValue:
    """The letter is on its way; the same for everyone."""
    link = joining.joining_link_behind(token)
    if link is None:
        return make_response(render_template("pages/staff/join_no_use.html"), HTTPStatus.GONE)
    return render_template("pages/staff/join_sent.html", unit=link.unit, token=token)


def _asking(invitation: Invitation, person: Person | None, form: Form) -> Response:
    """One page, one button; somebody else who is signed in on this device is told so."""
    other = actor().signed_in and (person is None or person.id != actor().person_id)
    return form.page(
        "pages/staff/invitation.html",
        invitation=invitation,
        place=invitation.unit or invitation.organisation,
        joining=invitation.created_by is None,
        other=other,
    )


def _in(invitation: Invitation, person: Person) -> ResponseReturnValue:
    """Let the person be in on this device, where the role is of use at once."""
    if actor().person_id != person.id:
        earlier = guard.sign_out()
        if earlier is not None:
            end_session(earlier)
        guard.sign_in(start_session(person.id, SessionBy.LINK, request.user_agent.string))
    flash(gettext("Welcome! You are in."), "success")
    if invitation.unit is not None:
        return redirect(f"/units/{invitation.unit.ref}", HTTPStatus.SEE_OTHER)
    return redirect("/admin/" if invitation.role is None else "/me", HTTPStatus.SEE_OTHER)


def _no_use(invitation: Invitation | None) -> Response:
    """What became of the invitation, as far as it is known, and what helps now."""
    return make_response(
        render_template(
            "pages/staff/invitation_no_use.html",
            accepted=invitation is not None and invitation.accepted_at is not None,
        ),
        HTTPStatus.GONE,
    )


def _handled(invitation: Invitation, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do it and go back to where the invitation stands. A GET is somebody who came back by the address."""
    if request.method == "POST":
        form = Form()
        with form.refusals():
            act()
        flash(*((form.faults[0].message, "warning") if form.refused else (done, "success")))
    if invitation.unit is not None:
        return redirect(f"/units/{invitation.unit.ref}/people", HTTPStatus.SEE_OTHER)
    if invitation.organisation is not None:
        return redirect(f"/organisations/{invitation.organisation.ref}/people", HTTPStatus.SEE_OTHER)
    return redirect("/admin/people", HTTPStatus.SEE_OTHER)


def _key() -> str:
    key: str = current_app.config["KIERTO"].secret_key
    return key
