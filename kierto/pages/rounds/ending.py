"""Opening a round, ending it, calling it off, opening it again: each page says what happens before it does."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.pages.rounds import means
from kierto.pages.rounds.forms import CancelRoundForm, SureForm
from kierto.policy import CLOSE_ROUND, EDIT_ROUND, OPEN_ROUND
from kierto.rounds import queries as rounds
from kierto.rounds.actions import open_round
from kierto.rounds.lifecycle import cancel_round, close_round, people_coming, remove_draft, reopen_round, standing
from kierto.rounds.models import Round, RoundState
from kierto.rounds.together import co_hosts
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("rounds_ending", __name__, url_prefix="/rounds")


@pages.route("/<ref>/open", methods=["GET", "POST"])
@requires(OPEN_ROUND, of=rounds.round_)
def open_for_booking(round_: Round) -> ResponseReturnValue:
    """Open a draft, so that its units can book."""
    if request.method == "GET" and round_.state is not RoundState.DRAFT:
        return redirect(f"/rounds/{round_.ref}")
    form = SureForm()
    if form.validate_on_submit():
        with form.refusals():
            open_round(actor(), round_)
            flash(gettext("The round is open. Its units can book their meetings now."), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page("pages/rounds/open.html", round=round_, means=list(means.of_opening(round_)))


@pages.route("/<ref>/close", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def close(round_: Round) -> ResponseReturnValue:
    """End an open round. Meetings to come stand in the way: the page leads to them."""
    if request.method == "GET" and round_.state is not RoundState.OPEN:
        return redirect(f"/rounds/{round_.ref}")
    form, now = SureForm(), standing(round_)
    if form.validate_on_submit():
        with form.refusals():
            close_round(actor(), round_)
            flash(gettext("The round has ended."), "success")
            return redirect(f"/rounds/{round_.ref}")
    return form.page(
        "pages/rounds/close.html",
        round=round_,
        first=[stop for stop in now.coming if not co_hosts(stop)],
        means=list(means.of_closing(now)),
    )


@pages.route("/<ref>/cancel", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def cancel(round_: Round) -> ResponseReturnValue:
    """Call an open round off, with its meetings to come."""
    if request.method == "GET" and round_.state is not RoundState.OPEN:
        return redirect(f"/rounds/{round_.ref}")
    form, now = CancelRoundForm(), standing(round_)
    if form.validate_on_submit():
        with form.refusals():
            cancel_round(actor(), round_, form.data["reason"])
            flash(gettext("The round was cancelled."), "success")
            return redirect(f"/rounds/{round_.ref}")
    told = list(means.of_cancelling(now, people_coming(now.coming)))
    return form.page("pages/rounds/cancel.html", round=round_, means=told)


@pages.route("/<ref>/reopen", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def reopen(round_: Round) -> ResponseReturnValue:
    """Open a round again that was closed or cancelled."""
    over = round_.state in (RoundState.CLOSED, RoundState.CANCELLED)
    if request.method == "GET" and not over:
        return redirect(f"/rounds/{round_.ref}")
    form = SureForm()
    if form.validate_on_submit():
        with form.refusals():
            reopen_round(actor(), round_)
            flash(gettext("The round is open again."), "success")
            return redirect(f"/rounds/{round_.ref}")
    told = list(means.of_reopening(round_, standing(round_)))
    return form.page("pages/rounds/reopen.html", round=round_, means=told)


@pages.route("/<ref>/remove", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def remove(round_: Round) -> ResponseReturnValue:
    """Throw a draft away."""
    if request.method == "GET" and round_.state is not RoundState.DRAFT:
        return redirect(f"/rounds/{round_.ref}")
    form = SureForm()
    if form.validate_on_submit():
        with form.refusals():
            remove_draft(actor(), round_)
            flash(gettext("The draft was thrown away."), "success")
            return redirect("/rounds/")
    return form.page("pages/rounds/remove.html", round=round_)
