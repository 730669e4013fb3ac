"""Signing in at an organisation's provider (OpenID Connect), and proving a mailbox when it is the first time."""

from http import HTTPStatus
from typing import NamedTuple

import structlog
from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.messages.ways import reaches
from kierto.pages.sign_in.forms import JoinForm
from kierto.settings import Settings
from kierto.sign_in import actions, identities, limits, openid, providers
from kierto.sign_in.actions import Device, Joining
from kierto.sign_in.models import Channel
from kierto.sign_in.openid import Attempt, Claimed, Fault, ProviderFault, Relying
from kierto.sign_in.providers import Provider
from kierto.sign_in.rules import REQUEST_LASTS
from kierto.web import guard, waiting
from kierto.web.guard import public, sees, waits
from kierto.web.requests import keep_language, now_counting, now_writing
from kierto.words import current, gettext

pages = Blueprint("single_sign_on", __name__)
log = structlog.get_logger()

_ATTEMPTS, _JOINS = "attempts", "joins"
_MOST = 4
"""So many tabs of one device can be at a provider at once; the cookie must stay small."""

_STATUS = {Fault.DOWN: HTTPStatus.BAD_GATEWAY, Fault.CANCELLED: HTTPStatus.OK}


class _Kept(NamedTuple):
    """What the device keeps of one attempt, in the signed cookie."""

    ref: str
    state: str
    nonce: str
    verifier: str


class _Joins(NamedTuple):
    """Who somebody is at a provider, until they have proved their mailbox; `until` in seconds since 1970."""

    ref: str
    issuer: str
    subject: str
    email: str
    until: int


@pages.get("/sign-in/with/<ref>")
@waits
@sees(providers.offered_one)
def begin(provider: Provider) -> ResponseReturnValue:
    """Lead to the provider, with a state of this device's own."""
    _count()
    try:
        address, attempt = openid.begin(_relying(provider))
    except ProviderFault as fault:
        return _nothing(provider, fault)
    if "next" in request.args:
        waiting.want(request.args["next"])
    session[_ATTEMPTS] = [*_attempts(), [provider.ref, *attempt]][-_MOST:]
    return redirect(address, HTTPStatus.SEE_OTHER)


@pages.get("/sign-in/with/<ref>/callback")
@waits
@sees(providers.offered_one)
def finish(provider: Provider) -> ResponseReturnValue:
    """The provider has sent the person back: first the network, then one transaction."""
    try:
        claimed = _claimed(provider)
    except ProviderFault as fault:
        return _nothing(provider, fault)
    with now_writing():
        came = Joining(claimed.issuer, claimed.subject, providers.identifies(provider.ref))
        entered = identities.enter(came, request.user_agent.string)
        if entered is not None:
            _end_earlier_session()
    if entered is None:
        session[_JOINS] = [
            *(provider.ref, claimed.issuer, claimed.subject, claimed.email[:254]),
            int((clock.now() + REQUEST_LASTS).timestamp()),
        ]
        return redirect("/sign-in/join", HTTPStatus.SEE_OTHER)
    wanted = waiting.wanted()
    guard.sign_in(entered.token)
    response = redirect(wanted, HTTPStatus.SEE_OTHER)
    keep_language(response, entered.language)
    return response


@pages.route("/sign-in/join", methods=["GET", "POST"])
@public
def join() -> ResponseReturnValue:
    """The first time: which address does the person have in Kierto? A message there proves that it is theirs."""
    joins = _joins()
    if joins is None:
        flash(gettext("Sign in again: half an hour has passed."), "info")
        return redirect("/sign-in", HTTPStatus.SEE_OTHER)
    form = JoinForm(address=joins.email)
    if form.validate_on_submit():
        with form.refusals():
            asked = actions.ask(
                form.address.data or "",
                current(),
                Device(request.remote_addr or "", request.user_agent.string),
                _settings().secret_key,
                joining=Joining(joins.issuer, joins.subject, providers.identifies(joins.ref)),
                sms=reaches(_settings(), Channel.SMS),
            )
        if not form.refused:
            waiting.remember(asked.id)
            return redirect("/sign-in/code", HTTPStatus.SEE_OTHER)
    return form.page("pages/sign_in/join.html")


def _claimed(provider: Provider) -> Claimed:
    """Who came back; the attempt is used up, whatever comes of it.

    Raises:
        ProviderFault: STALE when this device has not begun such an attempt, or it is over.
    """
    kept = [one for one in _attempts() if one.ref == provider.ref and one.state == request.args.get("state")]
    session[_ATTEMPTS] = [list(one) for one in _attempts() if one not in kept]
    if not kept:
        raise ProviderFault(Fault.STALE)
    _count()
    return openid.finish(_relying(provider), Attempt(*kept[0][1:]), request.args)


def _count() -> None:
    """Before anybody waits for the provider. In a short transaction of its own: nothing else is done yet.

    Raises:
        TooMany: this caller has begun too often.
    """
    with now_counting():
        limits.single_sign_on_tried(request.remote_addr or "", _settings().secret_key)


def _attempts() -> list[_Kept]:
    kept = session.get(_ATTEMPTS)
    return [_Kept(*one) for one in kept if len(one) == len(_Kept._fields)] if isinstance(kept, list) else []


def _joins() -> _Joins | None:
    kept = session.get(_JOINS)
    joins = _Joins(*kept) if isinstance(kept, list) and len(kept) == len(_Joins._fields) else None
    return joins if joins is not None and joins.until > clock.now().timestamp() else None


def _relying(provider: Provider) -> Relying:
    """A callback of its own for each provider, so that no other can answer in its place (RFC 9700 §4.4.2)."""
    callback = f"{_settings().base_url}/sign-in/with/{provider.ref}/callback"
    return Relying(provider.issuer, provider.client_id, provider.client_secret, callback)


def _nothing(provider: Provider, fault: ProviderFault) -> Response:
    """It came to nothing: why, what to do, and the other way in."""
    log.warning("single sign-on", provider=provider.ref, fault=fault.fault.value, detail=fault.detail)
    page = render_template("pages/sign_in/no_single_sign_on.html", provider=provider, fault=fault.fault.value)
    response = make_response(page, _STATUS.get(fault.fault, HTTPStatus.BAD_REQUEST))
    response.headers["Referrer-Policy"] = "no-referrer"  # the address may hold a code
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _end_earlier_session() -> None:
    token = session.get(guard.SESSION_TOKEN)
    if isinstance(token, str):
        actions.end_session(token)


def _settings() -> Settings:
    settings: Settings = current_app.config["KIERTO"]
    return settings
