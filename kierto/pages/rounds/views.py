"""The pages of rounds: planning and opening one, booking a unit's turn."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.pages.rounds.forms import OpenForm, RoundForm, UnitSearchForm, units_form
from kierto.people import queries as people
from kierto.policy import CREATE_ROUND, EDIT_ROUND, OPEN_ROUND
from kierto.rounds import queries as rounds
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.models import Round, RoundState
from kierto.rounds.swapping import asked_swaps
from kierto.units import queries as units
from kierto.units.models import Organisation
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext, ngettext

pages = Blueprint("rounds", __name__, url_prefix="/rounds")

FREE_DAYS = 10
SEARCHED_FROM = 15
"""More units than this are searched before they are chosen."""


@pages.get("/")
@sees(units.inside)
def index(organisations: Sequence[Organisation]) -> str:
    """Every round that the actor sees."""
    seen = rounds.rounds_seen(actor())
    return render_template(
        "pages/rounds/index.html",
        rounds=[(round_, rounds.runs(round_), rounds.booked(round_)) for round_ in seen],
        may_create=any(CREATE_ROUND.allows(actor(), organisation) for organisation in organisations),
    )


@pages.route("/new", methods=["GET", "POST"])
@requires(CREATE_ROUND, of=units.coordinated)
def new(organisation: Organisation) -> ResponseReturnValue:
    """Plan a round; choosing its units comes next."""
    form = RoundForm(units.themes())
    if form.validate_on_submit():
        with form.refusals():
            round_ = create_round(actor(), organisation.id, form.plan)
            flash(gettext("The round was saved. Choose its units next."), "success")
            return redirect(f"/rounds/{round_.ref}/units")
    return form.page("pages/rounds/new.html")


@pages.route("/<ref>/units", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def choose(round_: Round) -> ResponseReturnValue:
    """Choose the units of a draft, and their order."""
    choose_all = {"all": True, "none": False}.get(request.args.get("choose", ""))
    places = {stop.unit_id: stop.position for stop in round_.stops}
    search = UnitSearchForm()
    there = units.units_of(round_.organisation)
    shown = [unit for unit in there if unit.id in places or search.finds(unit)]
    form = units_form(shown, places, choose_all=choose_all)
    if form.validate_on_submit():
        with form.refusals():
            choose_units(actor(), round_, form.unit_ids)
            chosen = len(form.unit_ids)
            flash(ngettext("%(num)s unit is in the round.", "%(num)s units are in the round.", chosen), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page(
        "pages/rounds/units.html",
        round=round_,
        draft=round_.state is RoundState.DRAFT,
        search=search if len(there) > SEARCHED_FROM else None,
        any_units=bool(there),
        kept=urlencode(search.kept),
    )


@pages.get("/<ref>")
@sees(rounds.round_)
def show(round_: Round) -> ResponseReturnValue:
    """A round: its facts, and its units in order with their meetings."""
    return _page(round_, OpenForm())


@pages.post("/<ref>/open")
@requires(OPEN_ROUND, of=rounds.round_)
def open_for_booking(round_: Round) -> ResponseReturnValue:
    """Open a draft, so that its units can book."""
    form = OpenForm()
    if form.validate_on_submit():
        with form.refusals():
            open_round(actor(), round_)
            flash(gettext("The round is open. Its units can book their meetings now."), "success")
            return redirect(f"/rounds/{round_.ref}")
    return _page(round_, form)


def _page(round_: Round, form: OpenForm) -> ResponseReturnValue:
    open_ = round_.state is RoundState.OPEN
    return form.page(
        "pages/rounds/show.html",
        round=round_,
        runs=rounds.runs(round_),
        booked=rounds.booked(round_),
        draft=round_.state is RoundState.DRAFT,
        may_edit=EDIT_ROUND.allows(actor(), round_),
        to_book=rounds.stops_to_book(actor(), round_) if open_ else [],
        to_change=rounds.stops_to_change(actor(), round_),
        swaps=asked_swaps(actor(), round_) if open_ else [],
        hosted=people.hosted_units(stop.unit_id for stop in round_.stops),
    )
