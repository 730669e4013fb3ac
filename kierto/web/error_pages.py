"""What people see when something does not go as asked: a calm page that says what to do next."""

from typing import NamedTuple

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from kierto.errors import Forbidden, NotFound, Refused, TooMany
from kierto.web.guard import actor, loads_for_reader
from kierto.words import N_, gettext

log = structlog.get_logger()


class Words(NamedTuple):
    """A page's heading and what to do next."""

    title: str
    next: str


_WORDS = {
    400: Words(
        N_("We could not read what was sent"),
        N_("Go back to the page before this one and try again."),
    ),
    403: Words(
        N_("This is not yours to do"),
        N_("You may be signed in as somebody else, or your role has changed. If it should be yours, ask us."),
    ),
    404: Words(
        N_("We did not find the page"),
        N_("Check the address. The page may have moved, or only some people may see it. Signing in may help."),
    ),
    405: Words(
        N_("The page cannot be opened like this"),
        N_("Go back to the page before this one and use its buttons."),
    ),
    409: Words(
        N_("Somebody else changed this at the same time"),
        N_("Nothing was lost. Go back, look at it again, and repeat what you did if it is still needed."),
    ),
    413: Words(
        N_("The file is too large"),
        N_("Go back and choose a smaller file. The most is 5 megabytes."),
    ),
    422: Words(N_("That was not possible"), N_("Go back to the page before this one.")),
    429: Words(
        N_("That was too many tries"),
        N_("Wait a quarter of an hour and try again. If you are in a hurry, call us."),
    ),
    500: Words(
        N_("Something broke at our end"),
        N_("It was not your doing, and we have been told. Try again in a moment. What you did before this is safe."),
    ),
    503: Words(
        N_("Kierto is busy right now"),
        N_("Nothing was changed. Wait half a minute and try again."),
    ),
}
_SIGN_IN_FIRST = {
    403: Words(N_("Sign in first"), N_("Only those who are signed in can open this page.")),
    404: Words(
        N_("Sign in first"),
        N_("Only some people see this page, or its address is wrong. Sign in, and we look again."),
    ),
}
"""What a visitor is told instead. Of a thing that is not found it says the same whether it exists or not."""
_RETRY_SECONDS = 30
_RETRY_AFTER_TRIES = 15 * 60


def set_up(app: Flask) -> None:
    """Answer every error with its page."""
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotFound, lambda _fault: _page(404))
    app.register_error_handler(Forbidden, lambda _fault: _page(403))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _broken)


def _http(fault: HTTPException) -> ResponseReturnValue:
    response = fault.get_response()
    if response.status_code < 400:
        return response  # a redirect to where an address ends with a slash
    page = _page(response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _stale(fault: CSRFError) -> Response:
    """The form's token is of an earlier session: offer to send the same again with a fresh one.

    Only when the browser says that the form was on a page of ours; a stranger's page gets the plain error.
    """
    log.info("stale form", page=_pattern(), reason=fault.description)
    if request.headers.get("Sec-Fetch-Site") != "same-origin" and not _sent_from_here():
        return _page(400)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    again = request.full_path.rstrip("?")
    return make_response(
        render_template("pages/errors/send_again.html", again=again, kept=kept, files=bool(request.files)), 400
    )


def _sent_from_here() -> bool:
    """For browsers too old to send `Sec-Fetch-Site`."""
    return "Sec-Fetch-Site" not in request.headers and request.headers.get("Origin") == request.host_url.rstrip("/")


def _refused(fault: Refused) -> Response:
    """A refusal that no form was there to show."""
    log.info("refused", page=_pattern(), rule=fault.rule.id)
    return _page(422, gettext(fault.message, **fault.values))


def _too_many(_fault: TooMany) -> Response:
    log.info("too many tries", page=_pattern())
    page = _page(429)
    page.headers["Retry-After"] = str(_RETRY_AFTER_TRIES)
    return page


def _conflict(_fault: IntegrityError) -> Response:
    """A constraint without a rule of its own: as far as one can know, somebody else was first."""
    log.exception("the database refused a change", page=_pattern())
    return _page(409)


def _busy(_fault: OperationalError) -> Response:
    log.exception("database busy or out of reach", page=_pattern())
    page = _page(503)
    page.headers["Retry-After"] = str(_RETRY_SECONDS)
    return page


def _broken(_fault: Exception) -> Response:
    log.exception("request failed", page=_pattern(), method=request.method)
    return _page(500)


def _pattern() -> str:
    """Which page it was, for the logs: its address itself may hold a token."""
    return request.url_rule.rule if request.url_rule else ""


def _page(status: int, reason: str | None = None) -> Response:
    first = status in _SIGN_IN_FIRST and not actor().signed_in and (status != 404 or loads_for_reader())
    words = _SIGN_IN_FIRST[status] if first else _WORDS.get(status) or _WORDS[400 if status < 500 else 500]
    html = render_template(
        "pages/errors/error.html",
        title=gettext(words.title),
        reason=reason,
        next=gettext(words.next),
        status=status,
        first=first,
    )
    return make_response(html, status)
