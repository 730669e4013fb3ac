"""What every page shares: guard, requests, forms, rendering, headers, static files, error pages."""

from flask import Flask

from kierto.web import error_pages, forms, guard, headers, rendering, requests, secure, static_files

__all__ = ["error_pages", "forms", "guard", "headers", "rendering", "requests", "secure", "set_up", "static_files"]


def set_up(app: Flask) -> None:
    """Attach everything that surrounds the pages."""
    requests.set_up(app)
    secure.set_up(app)
    rendering.set_up(app)
    forms.set_up(app)
    headers.set_up(app)
    static_files.set_up(app)
    error_pages.set_up(app)
