"""What every page shares: guard, requests, forms, rendering, headers, error pages."""

from flask import Flask

from kierto.web import error_pages, forms, guard, headers, rendering, requests, secure

__all__ = ["error_pages", "forms", "guard", "headers", "rendering", "requests", "secure", "set_up"]


def set_up(app: Flask) -> None:
    """Attach everything that surrounds the pages."""
    requests.set_up(app)
    secure.set_up(app)
    rendering.set_up(app)
    forms.set_up(app)
    headers.set_up(app)
    error_pages.set_up(app)
