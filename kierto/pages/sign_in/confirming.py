"""The page that the link in a message to an old address leads to: yes, I am changing it; or no, it was not me."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kierto.people.addresses import masked
from kierto.sign_in import contacts, queries
from kierto.sign_in.models import ContactChange
from kierto.web.guard import actor, public
from kierto.words import gettext

pages = Blueprint("confirming", __name__)


@pages.get("/contact/<token>")
@public
def show(token: str) -> Response:
    """What is to change, and the two answers. Opening the link answers nothing: mail scanners open links too."""
    change = _change(token)
    if change is None:
        return make_response(render_template("pages/sign_in/contact_over.html", change=None), HTTPStatus.GONE)
    if not change.open or change.old_confirmed_at is not None:
        status = HTTPStatus.OK if change.old_confirmed_at or change.cancelled_at else HTTPStatus.GONE
        return make_response(render_template("pages/sign_in/contact_over.html", change=change), status)
    return make_response(
        render_template("pages/sign_in/contact_confirm.html", change=change, token=token, masked=masked)
    )


@pages.post("/contact/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Yes: the old address agrees."""
    change = _change(token)
    if change is not None and change.open:
        contacts.confirm_old(actor(), change)
    return redirect(url_for(".show", token=token), HTTPStatus.SEE_OTHER)


@pages.post("/contact/<token>/not-me")
@public
def not_me(token: str) -> ResponseReturnValue:
    """No: whatever somebody else has begun as the person stops and ends; the page says what."""
    change = _change(token)
    if change is not None and change.open:
        contacts.was_not_me(actor(), change)
        flash(
            gettext(
                "We stopped every change of your e-mail and phone, and signed your other devices out. "
                "If a paper pass was made meanwhile, it has ended."
            )
        )
    return redirect(url_for(".show", token=token), HTTPStatus.SEE_OTHER)


def _change(token: str) -> ContactChange | None:
    return queries.change_to_confirm(token, current_app.config["KIERTO"].secret_key)
