"""The pages, one topic for what a person comes to do."""

from flask import Flask

from kierto.pages.calendars.views import pages as calendars
from kierto.pages.start.views import pages as start


def set_up(app: Flask) -> None:
    """Register every topic."""
    for topic in (start, calendars):
        app.register_blueprint(topic)
