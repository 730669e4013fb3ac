"""How this Kierto is set up, for administrators: every setting with its meaning; secrets are never shown."""

from flask import Blueprint, current_app, render_template

from kierto import __version__
from kierto.actor import Actor
from kierto.health import revisions
from kierto.people import staff
from kierto.policy import ADMINISTER
from kierto.settings import shown
from kierto.web.guard import requires

pages = Blueprint("admin_settings", __name__, url_prefix="/admin/settings")


@pages.get("")
@requires(ADMINISTER, of=staff.administering)
def index(_me: Actor) -> str:
    """Version, database, and every setting."""
    return render_template(
        "pages/admin/settings.html",
        version=__version__,
        revisions=revisions(),
        shown=shown(current_app.config["KIERTO"]),
    )
