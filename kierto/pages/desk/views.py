"""The desk of coordinators and administrators."""

from flask import Blueprint, render_template

from kierto.actor import Actor
from kierto.pages.desk.tasks import coordinates, counted, tasks_of
from kierto.policy import SEE_DESK
from kierto.web.guard import requires

pages = Blueprint("desk", __name__)


def asking(actor: Actor) -> Actor:
    """Whoever asks: a visitor is told to sign in, not that the page does not exist."""
    return actor


@pages.get("/desk")
@requires(SEE_DESK, of=asking)
def show(me: Actor) -> str:
    """What needs the actor today, the most urgent first."""
    tasks = tasks_of(me)
    return render_template("pages/desk/show.html", tasks=tasks, counted=counted(tasks), coordinates=coordinates(me))
