"""Organisations: made and changed by administrators; what its coordinators change of their own."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.pages.admin.organisation_forms import NewOrganisationForm, OrganisationForm, ReachForm, names
from kierto.policy import ADMINISTER, EDIT_ORGANISATION
from kierto.units import queries as units
from kierto.units.actions import add_organisation, allow_weak_reading, change_organisation, change_reach
from kierto.units.models import Organisation
from kierto.units.queries import Listed
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("admin_organisations", __name__)


@pages.get("/admin/organisations/")
@requires(ADMINISTER, of=units.organisations)
def index(listed: Sequence[Listed]) -> str:
    """Every organisation by name."""
    return render_template("pages/admin/organisations.html", listed=listed)


@pages.route("/admin/organisations/new", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.organisations)
def new(listed: Sequence[Listed]) -> ResponseReturnValue:
    """Make an organisation; inviting its first coordinator comes next."""
    form = NewOrganisationForm(units.counties_to_make(one.organisation for one in listed))
    if form.validate_on_submit():
        with form.refusals():
            made = form.made
            organisation = add_organisation(made.name, bilingual=made.bilingual, by=actor())
            flash(gettext("The organisation was made. Invite its first coordinator next."), "success")
            return redirect(f"/organisations/{organisation.ref}/people/invite")
    return form.page("pages/admin/new_organisation.html")


@pages.route("/admin/organisations/<ref>", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.organisation)
def edit(organisation: Organisation) -> ResponseReturnValue:
    """Change an organisation."""
    form = OrganisationForm(organisation)
    if form.validate_on_submit():
        with form.refusals():
            change_organisation(actor(), organisation, names(form), bilingual=form.data["bilingual"])
            change_reach(actor(), organisation, form.reach)
            allow_weak_reading(actor(), organisation, form.data["weak_reading"] or None)
            flash(gettext("The organisation was saved."), "success")
            return redirect("/admin/organisations/")
    return form.page("pages/admin/organisation.html", organisation=organisation)


@pages.route("/organisation", methods=["GET", "POST"])
@requires(EDIT_ORGANISATION, of=units.coordinated)
def own(organisation: Organisation) -> ResponseReturnValue:
    """What a coordinator changes of the organisation."""
    form = ReachForm(organisation)
    if form.validate_on_submit():
        with form.refusals():
            change_reach(actor(), organisation, form.reach)
            flash(gettext("The organisation was saved."), "success")
            return redirect("/organisation")
    return form.page("pages/admin/own_organisation.html", organisation=organisation)
