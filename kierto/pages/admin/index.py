"""Where an administrator begins: the parts of looking after Kierto."""

from flask import Blueprint, current_app, render_template

from kierto.actor import Actor
from kierto.people import staff
from kierto.policy import ADMINISTER
from kierto.web.guard import requires
from kierto.words import N_

pages = Blueprint("admin", __name__, url_prefix="/admin")

PARTS = (
    ("/admin/organisations/", N_("Organisations"), N_("Make an organisation, and invite its first coordinator.")),
    ("/admin/people", N_("People and roles"), N_("Administrators, and who has which role where.")),
    ("/admin/vocabulary", N_("Services and themes"), N_("The words that all organisations share.")),
    ("/admin/providers", N_("Single sign-on"), N_("How an organisation’s people sign in with its own sign-in.")),
    ("/admin/events", N_("Log"), N_("What has happened, by whom and when.")),
    ("/admin/queue", N_("Messages and long work"), N_("What waits, and what has failed.")),
    ("/admin/settings", N_("Settings"), N_("How this Kierto is set up. Secrets are not shown.")),
)


@pages.get("/")
@requires(ADMINISTER, of=staff.administering)
def index(_me: Actor) -> str:
    """The parts that there are."""
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    return render_template("pages/admin/index.html", parts=[part for part in PARTS if part[0] in there])
