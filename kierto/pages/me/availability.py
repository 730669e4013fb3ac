"""When an expert can come: weekly hours, days away, limits."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.experts import queries
from kierto.experts.busy_times import is_busy
from kierto.experts.profile import add_away, add_hours, remove_away, remove_hours, write_limits
from kierto.experts.queries import Register
from kierto.pages.me.forms import AwayForm, HoursForm, LimitsForm
from kierto.web.guard import actor, sees
from kierto.web.limits import hour, length
from kierto.words import gettext

pages = Blueprint("me_availability", __name__, url_prefix="/me")


@pages.get("/availability/<ref>")
@sees(queries.own_place)
def show(register: Register) -> str:
    """The weekly hours, the days away, the limits."""
    own = register.expert
    return render_template(
        "pages/me/availability.html",
        register=register,
        hours=queries.hours_of(own.id),
        away=queries.away_of(own.id),
        busy=is_busy(own.person_id),
        start=hour(own.earliest_start) if own.earliest_start else None,
        longest=length(own.longest_minutes) if own.longest_minutes else None,
    )


@pages.route("/availability/<ref>/hours", methods=["GET", "POST"])
@sees(queries.own_place)
def add_weekly(register: Register) -> ResponseReturnValue:
    """Add weekly hours."""
    form = HoursForm()
    if form.validate_on_submit():
        with form.refusals():
            add_hours(actor(), register.expert, form.hours)
            return _saved(register)
    return form.page("pages/me/hours.html", register=register)


@pages.post("/availability/<ref>/hours/<number>/remove")
@sees(queries.own_place)
def remove_weekly(register: Register, number: str) -> ResponseReturnValue:
    """Take one of them away."""
    remove_hours(actor(), register.expert, _id(number))
    return _saved(register)


@pages.route("/availability/<ref>/away", methods=["GET", "POST"])
@sees(queries.own_place)
def add_days(register: Register) -> ResponseReturnValue:
    """Add days on which one cannot come."""
    form = AwayForm()
    if form.validate_on_submit():
        with form.refusals():
            add_away(actor(), register.expert, form.data["from_on"], form.data["until_on"])
            return _saved(register)
    return form.page("pages/me/away.html", register=register)


@pages.post("/availability/<ref>/away/<number>/remove")
@sees(queries.own_place)
def remove_days(register: Register, number: str) -> ResponseReturnValue:
    """Take such days away."""
    remove_away(actor(), register.expert, _id(number))
    return _saved(register)


@pages.route("/limits/<ref>", methods=["GET", "POST"])
@sees(queries.own_place)
def limits(register: Register) -> ResponseReturnValue:
    """Earliest start, longest meeting, most meetings and euros a month."""
    form = LimitsForm(register.expert)
    if form.validate_on_submit():
        with form.refusals():
            write_limits(actor(), register.expert, form.limits)
            return _saved(register)
    return form.page("pages/me/limits.html", register=register)


def _id(number: str) -> int:
    """A row's number in the address.

    Raises:
        NotFound: it is none.
    """
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise NotFound
    return int(number)


def _saved(register: Register) -> ResponseReturnValue:
    flash(gettext("Saved."), "success")
    return redirect(f"/me/availability/{register.expert.ref}")
