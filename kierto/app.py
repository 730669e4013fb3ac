"""The application, wired together; reads like a table of contents."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from kierto import database, pages, web
from kierto.settings import Settings
from kierto.web.requests import Application

MAX_BODY = 6 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Kierto, ready to serve.

    Raises:
        SettingsError: a setting is wrong; the sentence says how to mend it.
        UndeclaredView: a page says nothing of who may see it.
    """
    settings = settings or Settings.from_environ()
    app = Application("kierto", static_folder="static", template_folder=None)
    app.config.update(
        KIERTO=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_NAME="kierto",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
        SESSION_REFRESH_EACH_REQUEST=False,  # a session's end is fixed; answers that caches share carry no cookie
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way
    database.configure(app, settings)
    web.set_up(app)
    pages.set_up(app)
    web.guard.set_up(app)
    return app
