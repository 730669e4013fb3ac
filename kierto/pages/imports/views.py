"""The pages that take files of units, hosting hours and experts; a job looks each file through, and asks."""

from flask import Blueprint, Response, redirect
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.jobs.actions import enqueue
from kierto.pages.imports.forms import ImportForm
from kierto.pages.imports.kinds import EXPERTS, HOURS, UNITS, Kind
from kierto.policy import IMPORT_EXPERTS, IMPORT_UNITS
from kierto.units import queries as units
from kierto.units import table, workbook
from kierto.units.models import Organisation
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("imports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.route("/units/import", methods=["GET", "POST"])
@requires(IMPORT_UNITS, of=units.coordinated)
def import_units(organisation: Organisation) -> ResponseReturnValue:
    """Take a file of units."""
    return _taken(UNITS, organisation)


@pages.route("/units/hosting-hours/import", methods=["GET", "POST"])
@requires(IMPORT_UNITS, of=units.coordinated)
def import_hours(organisation: Organisation) -> ResponseReturnValue:
    """Take a file of hosting hours."""
    return _taken(HOURS, organisation)


@pages.route("/experts/import", methods=["GET", "POST"])
@requires(IMPORT_EXPERTS, of=units.coordinated)
def import_experts(organisation: Organisation) -> ResponseReturnValue:
    """Take a file of experts."""
    return _taken(EXPERTS, organisation)


@pages.get("/units/import/<file>")
@requires(IMPORT_UNITS, of=units.coordinated)
def file_of_units(_organisation: Organisation, file: str) -> Response:
    """`template.csv`, `template.xlsx`, `example.csv` or `example.xlsx`."""
    return _download(UNITS, file)


@pages.get("/units/hosting-hours/import/<file>")
@requires(IMPORT_UNITS, of=units.coordinated)
def file_of_hours(_organisation: Organisation, file: str) -> Response:
    """See `file_of_units`."""
    return _download(HOURS, file)


@pages.get("/experts/import/<file>")
@requires(IMPORT_EXPERTS, of=units.coordinated)
def file_of_experts(_organisation: Organisation, file: str) -> Response:
    """See `file_of_units`."""
    return _download(EXPERTS, file)


def _taken(kind: Kind, organisation: Organisation) -> ResponseReturnValue:
    form = ImportForm()
    if form.validate_on_submit():
        job = enqueue(actor(), organisation.id, kind.kind, {}, form.content, form.file.data.filename)
        return redirect(f"/jobs/{job.ref}")
    services = units.services() if kind is UNITS else ()
    return form.page("pages/imports/show.html", kind=kind, organisation=organisation, services=services)


def _download(kind: Kind, file: str) -> Response:
    stem, _, ending = file.partition(".")
    if stem not in ("template", "example") or ending not in ("csv", "xlsx"):
        raise NotFound
    rows = list(kind.rows(example=stem == "example"))
    if ending == "csv":
        response = Response(table.csv_of(rows), content_type="text/csv; charset=utf-8")
    else:
        response = Response(workbook.written(rows, gettext(kind.above[1])), content_type=XLSX)
    name = kind.file_name if stem == "template" else f"{kind.file_name}-{stem}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{ending}"
    return response
