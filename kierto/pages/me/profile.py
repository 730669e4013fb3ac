"""What one tells of oneself: everyone their name and language, experts more."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.experts import queries
from kierto.experts.profile import write_profile
from kierto.experts.queries import Register
from kierto.pages.me.forms import PersonForm, ProfileForm
from kierto.pages.me.views import asking
from kierto.people.oneself import change_oneself
from kierto.people.queries import myself
from kierto.policy import SEE_OWN_PAGE
from kierto.web.guard import actor, requires, sees
from kierto.web.requests import keep_language
from kierto.words import gettext, matched

pages = Blueprint("me_profile", __name__, url_prefix="/me")


@pages.route("/profile", methods=["GET", "POST"])
@requires(SEE_OWN_PAGE, of=asking)
def person(me: Actor) -> ResponseReturnValue:
    """Name and language of messages."""
    own = myself(me)
    form = PersonForm(own)
    if form.validate_on_submit():
        with form.refusals():
            language = matched(form.language.data)
            change_oneself(me, own, form.name.data or "", language)
            flash(gettext("Saved."), "success")
            response = redirect("/me/profile")
            keep_language(response, language)
            return response
    registers = [one for one in queries.own_registers(me) if one.expert.state in queries.IN_REGISTER]
    return form.page("pages/me/person.html", registers=registers)


@pages.route("/profile/<ref>", methods=["GET", "POST"])
@sees(queries.own_place)
def expert(register: Register) -> ResponseReturnValue:
    """Where one can come, languages, training, home base, the wish about the fee."""
    own = register.expert
    places = queries.municipalities_in(own.organisation_id)
    form = ProfileForm(own, queries.municipalities_of(own.id), places)
    if form.validate_on_submit():
        with form.refusals():
            write_profile(actor(), own, form.profile)
            flash(gettext("Saved."), "success")
            return redirect(f"/me/profile/{own.ref}")
    return form.page("pages/me/profile.html", register=register)
