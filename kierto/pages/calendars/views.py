"""The public calendar feed."""

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from kierto import clock
from kierto.calendars import feed, queries
from kierto.web.guard import impersonal
from kierto.words import matched

pages = Blueprint("calendars", __name__)

BODIES = "kierto_calendar_bodies"


@pages.record_once
def _keep_bodies(state: BlueprintSetupState) -> None:
    """Each application keeps its own: two of them may have different databases."""
    state.app.extensions[BODIES] = feed.Bodies()


@pages.get("/calendar.ics")
@impersonal
def public_feed() -> Response:
    """The public meetings of every organisation, in the language that the address names (Finnish unless it does)."""
    day = clock.today()
    calendar = feed.Feed(feed.PUBLIC_NAME, matched(request.args.get("lang")), current_app.config["KIERTO"].base_url)
    content = queries.public_content(day)
    tag = feed.etag(calendar, content, day)
    response = Response(content_type=feed.CONTENT_TYPE)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(tag)
    response.last_modified = feed.last_modified(content, day)
    response.make_conditional(request)
    if response.status_code == 200:
        bodies: feed.Bodies = current_app.extensions[BODIES]
        response.set_data(bodies.get(tag, lambda: feed.body(calendar, queries.public_entries(day))))
    return response
