"""Headers that protect people: what a page may load, who may frame it, what is kept and what is told onwards."""

from flask import Flask, Response, current_app, request, session

from kierto.web.guard import actor

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",  # the design system's stylesheet draws its icons as data URLs
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_UNUSED_ABILITIES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
_ALWAYS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(f"{ability}=()" for ability in _UNUSED_ABILITIES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TWO_YEARS = 2 * 365 * 24 * 3600


def set_up(app: Flask) -> None:
    """Put the headers on every response; a view that has set one itself keeps its own."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Referrer-Policy", "no-referrer" if _address_is_secret() else "same-origin")
    if "Cache-Control" not in response.headers:  # looking at the session makes an answer vary by cookie
        response.headers["Cache-Control"] = _kept()
    if current_app.config["KIERTO"].secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_TWO_YEARS}")
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def _address_is_secret() -> bool:
    """Whether the address holds a token that lets whoever reads it in."""
    return "token" in (request.view_args or {})


def _kept() -> str:
    """How long a page may be kept.

    What one person alone sees is kept nowhere. What everyone sees may stay for the way back, but is asked for anew each
    time: seats fill by the minute.
    """
    if actor().signed_in or session.modified or request.method not in ("GET", "HEAD") or _address_is_secret():
        return "private, no-store"
    return "private, no-cache"
