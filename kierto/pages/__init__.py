"""The pages, one topic for what a person comes to do."""

from flask import Flask

from kierto.pages.calendars.views import pages as calendars
from kierto.pages.demo.views import pages as demo
from kierto.pages.health.views import pages as health
from kierto.pages.jobs.views import pages as jobs
from kierto.pages.me.views import pages as me
from kierto.pages.meetings.views import pages as meetings
from kierto.pages.practices.views import pages as practices
from kierto.pages.rounds.views import pages as rounds
from kierto.pages.sign_in.views import pages as sign_in
from kierto.pages.start.views import pages as start
from kierto.pages.units.views import pages as units


def set_up(app: Flask) -> None:
    """Register every topic."""
    for topic in (start, calendars, units, rounds, jobs, meetings, practices, me, sign_in, health):
        app.register_blueprint(topic)
    if app.config["KIERTO"].demo:
        app.register_blueprint(demo)
