"""Who comes over plain HTTP is sent on to the same address over TLS."""

from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response

PERMANENTLY = 308
"""Unlike 301, a 308 keeps the method (RFC 9110 §15.4.9)."""


def set_up(app: Flask) -> None:
    """Redirect what a trusted proxy received over HTTP, when people reach Kierto over TLS.

    Without the proxy's word nothing is redirected: who looks at the processes from inside comes over HTTP rightly.
    """
    settings = app.config["KIERTO"]
    if settings.secure and settings.trusted_proxies:
        app.before_request(_to_tls)


def _to_tls() -> Response | None:
    if "X-Forwarded-Proto" not in request.headers or request.is_secure:
        return None
    path = urlsplit(request.url)._replace(scheme="", netloc="").geturl()
    return redirect(current_app.config["KIERTO"].base_url + path, PERMANENTLY)
