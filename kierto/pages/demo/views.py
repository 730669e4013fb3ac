"""The demo's pages; an installation that is no demo does not have them."""

from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.actor import VISITOR, Actor
from kierto.errors import NotFound
from kierto.messages.queries import kept_mail, kept_mails
from kierto.pages.demo.cast import groups
from kierto.people import queries
from kierto.people.models import Person
from kierto.seats import queries as seats
from kierto.sign_in import actions
from kierto.sign_in.models import SessionBy
from kierto.web import guard
from kierto.web.guard import public, sees

pages = Blueprint("demo", __name__, url_prefix="/demo")

PEOPLE = 40
MAILS = 200


def _player(_actor: Actor, ref: str) -> Person:
    person = queries.person_with_ref(ref)
    if person is None:
        raise NotFound
    return person


@pages.get("")
@public
def index() -> str:
    """The people to step into, and a walk to take."""
    return render_template(
        "pages/demo/index.html", groups=groups(queries.parts(PEOPLE)), begun=seats.last_begun(VISITOR)
    )


@pages.post("/enter/<ref>")
@sees(_player)
def enter(person: Person) -> ResponseReturnValue:
    """Step into the person's role. The language stays the one that the visitor reads."""
    earlier = guard.sign_out()
    if earlier is not None:
        actions.end_session(earlier)
    guard.sign_in(actions.start_session(person.id, SessionBy.DEMO, request.user_agent.string))
    return redirect("/me", HTTPStatus.SEE_OTHER)


@pages.get("/mail")
@public
def mails() -> str:
    """What was sent to anyone, newest first."""
    found = kept_mails(current_app.config["KIERTO"], MAILS)
    return render_template("pages/demo/mails.html", mails=found)


@pages.get("/mail/<key>")
@public
def mail(key: str) -> str:
    """One mail, as its reader gets it in plain text."""
    return render_template("pages/demo/mail.html", mail=kept_mail(current_app.config["KIERTO"], key))
