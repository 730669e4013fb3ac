"""Signing in by a link, and signing out."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.sign_in import actions, queries
from kierto.sign_in.models import SignInRequest
from kierto.web import guard
from kierto.web.guard import public
from kierto.web.requests import keep_language

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
@public
def index() -> str:
    """How to get in."""
    return render_template("pages/sign_in/index.html")


@pages.get("/sign-in/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """One button. Opening the link uses nothing up: mail scanners open links too."""
    link = _link(token)
    if link is None or not link.usable:
        return _no_use()
    return render_template("pages/sign_in/ask.html", token=token)


@pages.post("/sign-in/<token>")
@public
def enter(token: str) -> ResponseReturnValue:
    """Use the link up and sign its person in on this device, in their language."""
    link = _link(token)
    own = actions.use_sign_in_link(link, request.user_agent.string) if link is not None else None
    if link is None or own is None:
        return _no_use()
    _leave()
    guard.sign_in(own)
    response = redirect("/me", HTTPStatus.SEE_OTHER)
    keep_language(response, link.language)
    return response


@pages.post("/sign-out")
@public
def leave() -> ResponseReturnValue:
    """End this device's session, here and on the server."""
    _leave()
    return redirect(url_for("start.index"), HTTPStatus.SEE_OTHER)


def _link(token: str) -> SignInRequest | None:
    return queries.sign_in_request(token, current_app.config["KIERTO"].secret_key)


def _leave() -> None:
    token = guard.sign_out()
    if token is not None:
        actions.end_session(token)


def _no_use() -> Response:
    """Used, run out or not ours: to a person the three are one, and what helps is the same."""
    return make_response(render_template("pages/sign_in/no_use.html"), HTTPStatus.GONE)
