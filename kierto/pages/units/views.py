"""The pages of units, and the import from a file."""

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.jobs.actions import enqueue
from kierto.pages.units.forms import ImportForm
from kierto.policy import ANSWER_ADOPTION, BOOK_STOP, IMPORT_UNITS
from kierto.practices import queries as practices
from kierto.practices.rules import Stage
from kierto.rounds import queries as rounds
from kierto.rounds.models import StopState
from kierto.seats import queries as seats
from kierto.units import importing
from kierto.units import queries as units
from kierto.units.models import Organisation, Unit
from kierto.web.guard import actor, requires, sees

pages = Blueprint("units", __name__, url_prefix="/units")

MEETINGS = 10
HELD = 5
COLUMNS = (*importing.REQUIRED, *importing.OPTIONAL)


@pages.get("/")
@sees(units.inside)
def index(organisations: Sequence[Organisation]) -> str:
    """Every unit of the actor's organisations."""
    return render_template(
        "pages/units/index.html",
        organisations={organisation.id: organisation for organisation in organisations},
        units=units.units_seen(actor()),
        may_import=any(IMPORT_UNITS.allows(actor(), organisation) for organisation in organisations),
    )


@pages.route("/import", methods=["GET", "POST"])
@requires(IMPORT_UNITS, of=units.coordinated)
def import_units(organisation: Organisation) -> ResponseReturnValue:
    """Take a file of units; a job looks it through and saves it."""
    form = ImportForm()
    if form.validate_on_submit():
        job = enqueue(actor(), organisation.id, importing.KIND, {}, form.content, form.file.data.filename)
        return redirect(f"/jobs/{job.ref}")
    return form.page("pages/units/import.html", organisation=organisation, services=units.services())


@pages.get("/import/template.csv")
@requires(IMPORT_UNITS, of=units.coordinated)
def template(_organisation: Organisation) -> Response:
    """The columns of the import, in a file that Finnish spreadsheets open with its letters and columns right."""
    response = Response("\N{BYTE ORDER MARK}" + ";".join(COLUMNS) + "\r\n", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=units.csv"
    return response


@pages.get("/<ref>")
@sees(units.unit)
def show(unit: Unit) -> str:
    """A unit: what waits for its people now, where it is, its meetings, what it has in use."""
    adoptions = practices.adoptions_of(unit)
    waiting = [stop for stop in rounds.open_stops_of(unit) if stop.state is StopState.WAITING]
    return render_template(
        "pages/units/show.html",
        unit=unit,
        ours=ANSWER_ADOPTION.allows(actor(), unit),
        meetings=seats.upcoming_in(actor(), unit, limit=MEETINGS),
        held=seats.held_in(actor(), unit, limit=HELD),
        turn=waiting[0] if waiting else None,
        may_book=BOOK_STOP.allows(actor(), unit),
        to_answer=sum(adoption.stage is Stage.ARRIVED for adoption in adoptions),
        in_use=[adoption for adoption in adoptions if adoption.stage in practices.RUNNING],
    )
