"""The pages of rounds: the list, planning one, changing it, what there is of it."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.pages.rounds.forms import RoundForm
from kierto.pages.rounds.means import how_far
from kierto.people import queries as people
from kierto.policy import CREATE_ROUND, EDIT_ROUND
from kierto.rounds import queries as rounds
from kierto.rounds.actions import create_round
from kierto.rounds.editing import edit_round
from kierto.rounds.lifecycle import next_turn, standing
from kierto.rounds.models import Round, RoundState
from kierto.rounds.swapping import asked_swaps
from kierto.rounds.together import co_hosts, to_share
from kierto.units import queries as units
from kierto.units.models import Organisation
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("rounds", __name__, url_prefix="/rounds")

_EDITABLE = (RoundState.DRAFT, RoundState.OPEN)


@pages.get("/")
@sees(units.inside)
def index(organisations: Sequence[Organisation]) -> str:
    """Every round that the actor sees."""
    seen = rounds.rounds_seen(actor())
    return render_template(
        "pages/rounds/index.html",
        rounds=[(round_, rounds.runs(round_), how_far(round_)) for round_ in seen],
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


@pages.route("/<ref>/edit", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def edit(round_: Round) -> ResponseReturnValue:
    """Change what was decided of a round; meetings that are booked keep what they were booked with."""
    if request.method == "GET" and round_.state not in _EDITABLE:
        return redirect(f"/rounds/{round_.ref}")
    form = RoundForm(units.themes(), round_)
    if form.validate_on_submit():
        with form.refusals():
            edit_round(actor(), round_, form.plan)
            flash(gettext("The round was saved."), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page("pages/rounds/edit.html", round=round_, booked=len(standing(round_).meetings))


@pages.get("/<ref>")
@sees(rounds.round_)
def show(round_: Round) -> str:
    """A round: its facts, and its units in order with their meetings."""
    open_ = round_.state is RoundState.OPEN
    may_edit = EDIT_ROUND.allows(actor(), round_)
    return render_template(
        "pages/rounds/show.html",
        round=round_,
        runs=rounds.runs(round_),
        how_far=how_far(round_),
        next=next_turn(round_),
        may_edit=may_edit,
        to_book=rounds.stops_to_book(actor(), round_) if open_ else [],
        to_change=rounds.stops_to_change(actor(), round_),
        swaps=asked_swaps(actor(), round_) if open_ else [],
        hosted=people.hosted_units(stop.unit_id for stop in round_.stops),
        may_share=may_edit and open_ and bool(to_share(round_)),
        guests=[stop for stop in round_.stops if open_ and co_hosts(stop)],
        partners={
            stop.id: other.unit
            for stop in round_.stops
            for other in round_.stops
            if stop.meeting_id is not None and other.meeting_id == stop.meeting_id and other is not stop
        },
    )
