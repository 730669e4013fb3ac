"""One request: its language, then its body, then one transaction around guard and view."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from kierto.database import reading, writing
from kierto.web import guard
from kierto.words import LANGUAGES, Language, matched, speaking

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LANGUAGE_COOKIE = "kierto_language"
LANGUAGE_PARAMETER = "lang"
A_YEAR = 365 * 24 * 3600


class Application(Flask):
    """Flask, with one unit of work around each dispatched request.

    GET reads and cannot write. Anything else writes: a normal return commits whatever its status, an exception rolls
    back, and a commit that fails is answered as the error it is, never with the view's redirect.
    """

    def full_dispatch_request(self) -> Response:
        g.language = ExitStack()
        g.language.enter_context(speaking(_language()))
        return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        rule = request.url_rule
        if request.routing_exception is not None or rule is None:
            with reading():
                guard.identify()  # the error's page, too, says who one is signed in as
            return super().dispatch_request()
        if rule.endpoint == "static":
            return super().dispatch_request()
        view = self.view_functions[rule.endpoint]
        if isinstance(view, guard.Guarded) and (view.unattended or view.waits):
            return super().dispatch_request()
        # The body is read (and a too large one refused) before the transaction begins: a slow sender holds no lock.
        _ = (request.form, request.files)
        with reading() if request.method in SAFE_METHODS else writing():
            guard.identify()
            return make_response(super().dispatch_request())


@contextmanager
def now_counting() -> Iterator[None]:
    """A transaction of a view that `waits`, before the network: who asks does not matter, so nobody looks anew."""
    with writing():
        yield


@contextmanager
def now_writing() -> Iterator[None]:
    """The one transaction of a view that `waits`: after the network, short, and it knows anew who asks."""
    with writing():
        guard.identify()
        yield


def _language() -> Language:
    """The language asked for in the address, else the one chosen before on this device, else the browser's."""
    return matched(
        request.args.get(LANGUAGE_PARAMETER),
        request.cookies.get(LANGUAGE_COOKIE),
        request.accept_languages.best_match(LANGUAGES),
    )


def keep_language(response: BaseResponse, language: str) -> None:
    """Let this device be spoken to in the language from now on."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=A_YEAR,
        secure=current_app.config["KIERTO"].secure,
        httponly=True,
        samesite="Lax",
    )


def set_up(app: Flask) -> None:
    """Remember the language that a page's switch asked for, and stop speaking it when the request ends."""

    @app.after_request
    def remember_language(response: Response) -> Response:
        chosen = request.args.get(LANGUAGE_PARAMETER)
        if chosen in LANGUAGES and response.mimetype == "text/html":
            keep_language(response, chosen)
        return response

    @app.teardown_request
    def stop_speaking(_fault: BaseException | None) -> None:
        if "language" in g:
            g.language.close()
