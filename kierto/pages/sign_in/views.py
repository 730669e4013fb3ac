"""Signing in by the link or the code of a message, and signing out."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.messages.ways import reaches
from kierto.pages.sign_in.forms import AddressForm, CodeForm, MailAddressForm
from kierto.settings import Settings
from kierto.sign_in import actions, providers, queries
from kierto.sign_in.actions import Device
from kierto.sign_in.models import Channel, SignInRequest
from kierto.web import guard, waiting
from kierto.web.guard import public
from kierto.web.requests import keep_language
from kierto.words import current, gettext

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
@public
def index() -> ResponseReturnValue:
    """How to get in: the address to send the message to."""
    form = _address_form()
    form.next.data = waiting.local_path(request.args.get("next", "")) or ""
    return _index(form)


@pages.post("/sign-in")
@public
def ask() -> ResponseReturnValue:
    """Ask for the message. The answer is the same whether anybody has the address or not."""
    form = _address_form()
    if form.validate_on_submit():
        with form.refusals():
            asked = actions.ask(
                form.address.data or "",
                current(),
                _device(),
                _settings().secret_key,
                sms=reaches(_settings(), Channel.SMS),
            )
        if not form.refused:
            waiting.remember(asked.id)
            waiting.want(form.next.data)
            return redirect(url_for(".code"), HTTPStatus.SEE_OTHER)
    return _index(form)


@pages.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """Where the code is typed; where nothing is waited for, one begins."""
    asked = queries.waiting(waiting.asked())
    return _code(CodeForm(), asked[0]) if asked else redirect(url_for(".index"))


@pages.post("/sign-in/code")
@public
def enter_code() -> ResponseReturnValue:
    """Sign in with the code; a wrong one is counted."""
    asked = queries.waiting(waiting.asked())
    if not asked:
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    form = CodeForm()
    if form.validate_on_submit():
        tried = actions.use_code(waiting.asked(), form.code.data or "", _device(), _settings().secret_key)
        if tried.token is not None and tried.request is not None:
            return _in(tried.token, tried.request)
        form.code.errors = [_wrong(tried.left)]
    return _code(form, asked[0])


@pages.post("/sign-in/again")
@public
def again() -> ResponseReturnValue:
    """Ask for another message to the same address."""
    asked = queries.waiting(waiting.asked())
    if not asked:
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    sms = reaches(_settings(), Channel.SMS)
    new = actions.ask_again(asked[0], current(), _device(), _settings().secret_key, sms=sms)
    waiting.remember(new.id)
    flash(gettext("A new message is on its way. The earlier one works too, until its time is over."))
    return redirect(url_for(".code"), HTTPStatus.SEE_OTHER)


@pages.get("/sign-in/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """One button. Opening the link uses nothing up: mail scanners open links too."""
    asked = _asked(token)
    if asked is None or not asked.usable:
        return _no_use()
    if asked.joins and asked.id not in waiting.asked():
        return _elsewhere()
    return render_template("pages/sign_in/ask.html", token=token)


@pages.post("/sign-in/<token>")
@public
def enter(token: str) -> ResponseReturnValue:
    """Use the link up and sign its person in on this device."""
    asked = _asked(token)
    if asked is not None and asked.usable and asked.joins and asked.id not in waiting.asked():
        return _elsewhere()
    own = actions.use_sign_in_link(asked, request.user_agent.string, waiting.asked()) if asked is not None else None
    return _in(own, asked) if own is not None and asked is not None else _no_use()


@pages.post("/sign-out")
@public
def leave() -> ResponseReturnValue:
    """End this device's session, here and on the server."""
    _leave()
    return redirect(url_for("start.index"), HTTPStatus.SEE_OTHER)


def _in(token: str, asked: SignInRequest) -> Response:
    """Let this device be in the new session and in no other; it goes on in its language to where it was going."""
    wanted = waiting.wanted()
    _leave()
    guard.sign_in(token)
    response = make_response(redirect(wanted, HTTPStatus.SEE_OTHER))
    keep_language(response, asked.language)
    return response


def _leave() -> None:
    token = guard.sign_out()
    if token is not None:
        actions.end_session(token)


def _address_form() -> AddressForm | MailAddressForm:
    return AddressForm() if reaches(_settings(), Channel.SMS) else MailAddressForm()


def _index(form: AddressForm | MailAddressForm) -> Response:
    return form.page(
        "pages/sign_in/index.html", phones=reaches(_settings(), Channel.SMS), providers=providers.offered()
    )


def _code(form: CodeForm, asked: SignInRequest) -> Response:
    return form.page("pages/sign_in/code.html", asked=asked, sms=asked.channel is Channel.SMS)


def _wrong(left: int) -> str:
    if left > 0:
        return gettext("This is not the code. Look at the message again. Tries left: %(left)s.", left=left)
    return gettext("No code can be tried any more. Open the link in the message, or ask for a new message.")


def _asked(token: str) -> SignInRequest | None:
    return queries.sign_in_request(token, _settings().secret_key)


def _no_use() -> Response:
    """Used, run out or not ours: to a person the three are one, and what helps is the same."""
    return make_response(render_template("pages/sign_in/no_use.html"), HTTPStatus.GONE)


def _elsewhere() -> Response:
    """A link that joins a sign-in of the organisation's to the person works where it was asked for."""
    return make_response(render_template("pages/sign_in/elsewhere.html"), HTTPStatus.CONFLICT)


def _device() -> Device:
    return Device(request.remote_addr or "", request.user_agent.string)


def _settings() -> Settings:
    settings: Settings = current_app.config["KIERTO"]
    return settings
