"""Ending a unit, with what that means shown first; taking it back into use."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.pages.units.forms import BackForm, RetireForm, SuccessorForm
from kierto.policy import RETIRE_UNIT
from kierto.practices.retiring import consequences, may_come_back, retire_unit, unretire_unit
from kierto.units import queries as units
from kierto.units.models import Unit
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("units_retiring", __name__, url_prefix="/units")


@pages.route("/<ref>/retire", methods=["GET", "POST"])
@requires(RETIRE_UNIT, of=units.unit)
def retire(unit: Unit) -> ResponseReturnValue:
    """What ending the unit means, with the successor that was chosen; and the button that does it."""
    others = [one for one in units.units_of(unit.organisation) if one.id != unit.id]
    asked = SuccessorForm(others)
    form = RetireForm(asked.unit)
    successor = next((one for one in others if one.ref == form.goes_on.data), None)
    if form.validate_on_submit():
        with form.refusals():
            retire_unit(actor(), unit, successor, form.data["reason"])
            flash(gettext("The unit is no longer in use. Its page and its history stay."), "success")
            return redirect(f"/units/{unit.ref}")
    return form.page(
        "pages/units/retire.html",
        unit=unit,
        asked=asked,
        successor=successor,
        means=consequences(actor(), unit, successor),
    )


@pages.route("/<ref>/unretire", methods=["GET", "POST"])
@requires(RETIRE_UNIT, of=units.unit)
def unretire(unit: Unit) -> ResponseReturnValue:
    """Take the unit back into use; the page says what does not come back."""
    form = BackForm()
    if form.validate_on_submit():
        with form.refusals():
            unretire_unit(actor(), unit)
            flash(gettext("The unit is in use again."), "success")
            return redirect(f"/units/{unit.ref}")
    if unit.retired_on is None and request.method == "GET":
        return redirect(f"/units/{unit.ref}")
    return form.page("pages/units/unretire.html", unit=unit, may_come_back=may_come_back(unit))
