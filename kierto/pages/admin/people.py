"""People and roles for administrators: found by whole name or address, no more of them shown than their roles."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Actor
from kierto.people import inviting, staff
from kierto.people.models import Person
from kierto.people.roles import end_administrator, give_administrator
from kierto.policy import ADMINISTER, GIVE_ROLES
from kierto.seats.working import end_role
from kierto.units.models import Organisation
from kierto.web.forms import Form, Length, SearchForm, StringField
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("admin_people", __name__, url_prefix="/admin")

FOUND = 20


class PeopleSearchForm(SearchForm):
    """Whom to find."""

    q = StringField(
        lazy_gettext("Find somebody"),
        [Length(max=254)],
        description=lazy_gettext("Write the whole name, e-mail address or phone number."),
        render_kw={"autocomplete": "off"},
    )


@pages.get("/people")
@requires(ADMINISTER, of=staff.administering)
def index(me: Actor) -> str:
    """Find somebody; who administers Kierto, and who is invited to."""
    search = PeopleSearchForm()
    asked = search.chosen("q")
    return render_template(
        "pages/admin/people.html",
        search=search,
        asked=asked,
        found=staff.people_called(me, asked, FOUND) if asked else [],
        administrators=staff.administrators(),
        invitations=inviting.open_invitations(me, None),
        now=clock.now(),
    )


@pages.get("/people/<ref>")
@requires(ADMINISTER, of=staff.findable_person)
def show(person: Person) -> str:
    """A person's name and roles; not their address, and not whether they are an expert somewhere."""
    return render_template("pages/admin/person.html", person=person, roles=staff.roles_of(person))


@pages.route("/people/<ref>/administrator", methods=["GET", "POST"])
@requires(ADMINISTER, of=staff.findable_person)
def give(person: Person) -> ResponseReturnValue:
    """Let the person administer Kierto."""
    return _pressed(
        person,
        lambda: give_administrator(actor(), person),
        gettext("%(name)s is an administrator now.", name=person.name),
    )


@pages.route("/people/<ref>/administrator/end", methods=["GET", "POST"])
@requires(ADMINISTER, of=staff.findable_person)
def take(person: Person) -> ResponseReturnValue:
    """Let the person administer Kierto no more."""
    return _pressed(
        person,
        lambda: end_administrator(actor(), person),
        gettext("%(name)s is not an administrator any more.", name=person.name),
    )


@pages.route("/people/<ref>/roles/<role>/<place>/end", methods=["GET", "POST"])
@requires(ADMINISTER, of=staff.findable_person)
def end(person: Person, role: str, place: str) -> ResponseReturnValue:
    """End one of the person's roles; they are told."""
    member = staff.member_of(person, role, place)
    if member is None:
        return _to(person)
    return _pressed(
        person,
        lambda: end_role(actor(), member),
        gettext("Done: %(name)s does not have this role any more.", name=person.name),
    )


@pages.get("/organisations/<ref>/people")
@requires(GIVE_ROLES, of=staff.looked_after)
def of_organisation(organisation: Organisation) -> ResponseReturnValue:
    """The page that the organisation's coordinators have too."""
    return redirect(f"/organisations/{organisation.ref}/people")


def _pressed(person: Person, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do it and go back to the person. A GET is somebody who came back by the address."""
    if request.method == "POST":
        form = Form()
        with form.refusals():
            act()
        flash(*((form.faults[0].message, "warning") if form.refused else (done, "success")))
    return _to(person)


def _to(person: Person) -> ResponseReturnValue:
    """To the person, or to the list once there is nothing left of them that administrators see."""
    if not person.administrator and not staff.roles_of(person):
        return redirect("/admin/people" if actor().person_id != person.id else "/me", HTTPStatus.SEE_OTHER)
    return redirect(f"/admin/people/{person.ref}", HTTPStatus.SEE_OTHER)
