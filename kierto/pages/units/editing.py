"""Making and changing units: what one is, what visitors should know, its hosting hours and blocked days."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.meetings.models import Meeting
from kierto.pages.units.forms import BlockForm, FreeForm, UnitForm, VisitForm, differences, hours_form
from kierto.policy import CREATE_UNIT, EDIT_UNIT
from kierto.seats import queries as seats
from kierto.units import municipalities
from kierto.units import queries as units
from kierto.units.actions import add_unit, block_dates, change_unit, free_dates, set_hours
from kierto.units.models import BlockedDates, Organisation, Unit
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("units_editing", __name__, url_prefix="/units")

MEETINGS = 100
"""How many meetings to come are looked through for those on blocked days."""


@pages.route("/new", methods=["GET", "POST"])
@requires(CREATE_UNIT, of=units.coordinated)
def new(organisation: Organisation) -> ResponseReturnValue:
    """Add a unit; its hosting hours come next."""
    form = UnitForm(units.services())
    if form.validate_on_submit():
        with form.refusals():
            unit = add_unit(actor(), organisation.id, visit=form.visit, **vars(form.facts))
            flash(gettext("The unit was added. When does it host meetings?"), "success")
            return redirect(f"/units/{unit.ref}/hours")
    return form.page("pages/units/new.html", organisation=organisation, municipalities=municipalities.names())


@pages.route("/<ref>/edit", methods=["GET", "POST"])
@requires(EDIT_UNIT, of=units.unit)
def edit(unit: Unit) -> ResponseReturnValue:
    """Change a unit: all of it for a coordinator, what visitors should know for its host contact."""
    whole = CREATE_UNIT.allows(actor(), unit.organisation)
    form = _form(unit, whole=whole)
    if form.validate_on_submit():
        with form.refusals():
            facts = form.facts if isinstance(form, UnitForm) else None
            change_unit(actor(), unit, form.visit, facts, version=form.seen)
            flash(gettext("The unit was saved."), "success")
            return redirect(f"/units/{unit.ref}")
    stands = []
    if form.refused and form.seen != unit.version:
        stands = differences(form, _form(unit, whole=whole, typed=False))
        form.version.data = str(unit.version)
    return form.page(
        "pages/units/edit.html",
        unit=unit,
        whole=whole,
        stands=stands,
        municipalities=municipalities.names() if whole else [],
    )


def _form(unit: Unit, *, whole: bool, typed: bool = True) -> VisitForm:
    """The form over the unit; with what was typed, or as the unit stands now."""
    options = {} if typed else {"formdata": None}
    return UnitForm(units.services(), unit, **options) if whole else VisitForm(unit, **options)


@pages.route("/<ref>/hours", methods=["GET", "POST"])
@requires(EDIT_UNIT, of=units.unit)
def hours(unit: Unit) -> ResponseReturnValue:
    """When in a week the unit can host: the whole week on one page."""
    form = hours_form(unit, units.hours_of(unit))
    if form.validate_on_submit():
        with form.refusals():
            set_hours(actor(), unit, form.hours, version=form.seen)
            flash(gettext("The hosting hours were saved."), "success")
            return redirect(f"/units/{unit.ref}")
    stands = []
    if form.refused and form.seen != unit.version:
        stands = differences(form, hours_form(unit, units.hours_of(unit), formdata=None))
        form.version.data = str(unit.version)
    return form.page("pages/units/hours.html", unit=unit, stands=stands)


class Blocked(NamedTuple):
    """Blocked days and the meetings that are booked on them all the same."""

    dates: BlockedDates
    meetings: Sequence[Meeting]


@pages.route("/<ref>/blocked", methods=["GET", "POST"])
@requires(EDIT_UNIT, of=units.unit)
def blocked(unit: Unit) -> ResponseReturnValue:
    """The days on which the unit hosts no meeting, and a form for more."""
    form = BlockForm()
    if form.validate_on_submit():
        with form.refusals():
            block_dates(actor(), unit, *form.days, form.data["reason"] or None)
            flash(gettext("No meetings are offered on these days."), "success")
            return redirect(f"/units/{unit.ref}/blocked")
    meetings = seats.upcoming_in(actor(), unit, MEETINGS)
    found = [Blocked(dates, _on(dates, meetings)) for dates in units.blocked_of(unit)]
    return form.page("pages/units/blocked.html", unit=unit, found=found)


@pages.route("/<ref>/blocked/<dates>/free", methods=["GET", "POST"])
@requires(EDIT_UNIT, of=units.unit)
def free(unit: Unit, dates: str) -> ResponseReturnValue:
    """Take blocked days back. Who comes by the address of the button is led to the page."""
    if request.method == "POST" and FreeForm().validate_on_submit():
        free_dates(actor(), unit, dates)
        flash(gettext("Meetings can be held on these days again."), "success")
    return redirect(f"/units/{unit.ref}/blocked")


def _on(dates: BlockedDates, meetings: Sequence[Meeting]) -> Sequence[Meeting]:
    return [one for one in meetings if dates.from_on <= clock.local(one.starts_at).date() <= dates.until_on]
