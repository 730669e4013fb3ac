"""The pages of units."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from kierto import clock
from kierto.pages.units.forms import UnitSearch
from kierto.pages.units.now import now_in
from kierto.pages.units.words import as_csv, week
from kierto.people import queries as people
from kierto.people import unit_list
from kierto.policy import ANSWER_ADOPTION, CREATE_UNIT, EDIT_UNIT, RETIRE_UNIT, SEE_WORKERS
from kierto.practices import queries as practices
from kierto.practices.retiring import may_come_back
from kierto.seats import queries as seats
from kierto.units import queries as units
from kierto.units.access import sentences
from kierto.units.models import Organisation, Unit
from kierto.web.guard import actor, sees

pages = Blueprint("units", __name__, url_prefix="/units")

UNITS = 50
"""How many a page of the list shows."""

MEETINGS = 10
HELD = 5
PRACTICES = 10


@pages.get("/")
@sees(units.inside)
def index(organisations: Sequence[Organisation]) -> str:
    """The units of the actor's organisations that were searched for, page by page."""
    form = _search()
    after = unit_list.place(actor(), request.args.get("after", ""))
    found = unit_list.listed(actor(), form.filters, UNITS + 1, after)
    kept = form.kept
    more = f"?{urlencode(kept | {'after': found[UNITS - 1].ref})}" if len(found) > UNITS else None
    return render_template(
        "pages/units/index.html",
        form=form,
        organisations={organisation.id: organisation for organisation in organisations},
        units=found[:UNITS],
        count=unit_list.count(actor(), form.filters),
        kept=f"?{urlencode(kept)}" if kept else "",
        more=more,
        further=after is not None,
        may_create=any(CREATE_UNIT.allows(actor(), organisation) for organisation in organisations),
    )


@pages.get("/units.csv")
@sees(units.inside)
def table(_organisations: Sequence[Organisation]) -> Response:
    """The units that were searched for, in a file that spreadsheets open with its letters and columns right."""
    rows = as_csv(unit_list.listed(actor(), _search().filters))
    response = Response("\N{BYTE ORDER MARK}" + rows, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=units.csv"
    return response


def _search() -> UnitSearch:
    return UnitSearch(units.services(), unit_list.municipalities(actor()))


@pages.get("/<ref>")
@sees(units.unit)
def show(unit: Unit) -> str:
    """A unit: what waits for its people now, where it is and how one gets in, its meetings, what it has in use."""
    running = practices.running_in(unit, PRACTICES + 1)
    coming = [one for one in seats.upcoming_in(actor(), unit, limit=MEETINGS) if not one.started]
    ours = ANSWER_ADOPTION.allows(actor(), unit)
    arrived = practices.counts_to_answer([unit.id]).get(unit.id, 0) if ours else 0
    may_edit = EDIT_UNIT.allows(actor(), unit)
    return render_template(
        "pages/units/show.html",
        unit=unit,
        ours=ours,
        now=now_in(actor(), unit, coming, arrived) if ours and not unit.retired_on else None,
        meetings=coming,
        at=clock.now(),
        held=seats.held_in(actor(), unit, limit=HELD),
        in_use=running[:PRACTICES],
        more_in_use=len(running) > PRACTICES,
        access=sentences(unit),
        hours=week(units.hours_of(unit)),
        blocked=units.blocked_of(unit),
        contacts=people.host_contacts(unit.id) if SEE_WORKERS.allows(actor(), unit) else None,
        predecessors=units.predecessors_of(unit),
        may_edit=may_edit,
        may_retire=RETIRE_UNIT.allows(actor(), unit),
        may_come_back=may_come_back(unit),
    )
