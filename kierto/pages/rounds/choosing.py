"""The pages on which a round's units are chosen and ordered, and on which one joins later."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.pages.rounds.forms import JoinForm, Ticked, UnitSearchForm, order_form, units_form
from kierto.pages.rounds.means import of_joining
from kierto.policy import EDIT_ROUND
from kierto.practices.catching_up import agreed_in, join_round
from kierto.rounds import planning
from kierto.rounds import queries as rounds
from kierto.rounds.actions import choose_units
from kierto.rounds.editing import may_join, order_stops
from kierto.rounds.models import Round, RoundState
from kierto.units import queries as units
from kierto.units.models import Unit
from kierto.web.guard import actor, requires
from kierto.words import gettext, ngettext

pages = Blueprint("rounds_choosing", __name__, url_prefix="/rounds")

SEARCHED_FROM = 15
"""More units than this are searched before they are chosen."""


@pages.route("/<ref>/units", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def choose(round_: Round) -> ResponseReturnValue:
    """The units of a draft are chosen and ordered; those of an open round can be ordered anew."""
    return _order(round_) if round_.state is RoundState.OPEN else _choose(round_)


def _choose(round_: Round) -> ResponseReturnValue:
    there = units.units_of(round_.organisation)
    search = UnitSearchForm(unit.service for unit in there)
    left = planning.left_without_turn(round_)
    new = planning.never_visited({unit.id for unit in there}) - left
    former = planning.former_round(round_)
    ticked = _ticked(round_, there, search, left, former)
    shown = [unit for unit in there if unit.id in ticked.unit_ids or search.finds(unit)]
    known = {id_: gettext("Was left without its turn last time") for id_ in left}
    known |= {id_: gettext("Never visited") for id_ in new}
    form = units_form(shown, ticked, left, known)
    if form.validate_on_submit():
        with form.refusals():
            choose_units(actor(), round_, form.unit_ids)
            chosen = len(form.unit_ids)
            flash(ngettext("%(num)s unit is in the round.", "%(num)s units are in the round.", chosen), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page(
        "pages/rounds/units.html",
        round=round_,
        search=search if len(there) > SEARCHED_FROM else None,
        any_units=bool(there),
        left=len([unit for unit in there if unit.id in left]),
        former=former,
        kept=urlencode(search.kept),
    )


def _ticked(
    round_: Round,
    there: Sequence[Unit],
    search: UnitSearchForm,
    left: frozenset[int],
    former: planning.Former | None,
) -> Ticked:
    """What is chosen when the page opens: what is in the round, or what a link of the page has chosen for all."""
    places = {stop.unit_id: stop.position for stop in round_.stops}
    asked = request.args.get("choose", "")
    if asked == "all":
        return Ticked({unit.id for unit in there if unit.id in places or search.finds(unit)}, places)
    if asked == "none":
        return Ticked((), {})
    if asked == "left":
        return Ticked({*places, *left}, places)
    if asked == "last" and former is not None:
        in_use = {unit.id for unit in there}
        ids = [id_ for id_ in former.unit_ids if id_ in in_use]
        return Ticked(ids, {id_: number for number, id_ in enumerate(ids, start=1)})
    return Ticked(places.keys(), places)


def _order(round_: Round) -> ResponseReturnValue:
    form = order_form(round_.stops)
    if form.validate_on_submit():
        with form.refusals():
            order_stops(actor(), round_, form.unit_ids)
            flash(gettext("The order was saved."), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page("pages/rounds/order.html", round=round_)


@pages.route("/<ref>/join", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def join(round_: Round) -> ResponseReturnValue:
    """Let a unit join an open round; what has been agreed in it arrives there."""
    form = JoinForm(may_join(round_))
    if form.validate_on_submit():
        with form.refusals():
            arrived = join_round(actor(), round_, form.chosen.id)
            flash(_told_of_joining(arrived), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page(
        "pages/rounds/join.html",
        round=round_,
        open=round_.state is RoundState.OPEN,
        means=list(of_joining(agreed_in(round_))),
    )


def _told_of_joining(arrived: int) -> str:
    joined = gettext("The unit is in the round.")
    if not arrived:
        return joined
    came = ngettext("%(num)s practice arrived at it.", "%(num)s practices arrived at it.", arrived)
    return f"{joined} {came}"
