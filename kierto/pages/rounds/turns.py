"""A unit's turn skipped or given back; two units that hold one meeting, or each its own again."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.pages.rounds import means
from kierto.pages.rounds.forms import SkipForm, SureForm, TogetherForm
from kierto.policy import EDIT_ROUND, SKIP_STOP
from kierto.rounds import queries as rounds
from kierto.rounds.models import RoundState, Stop, StopState
from kierto.rounds.skipping import skip_stop, take_back_stop
from kierto.rounds.together import co_hosts, meet_apart, meet_together, to_share
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("rounds_turns", __name__, url_prefix="/rounds")


@pages.route("/<ref>/skip/<unit>", methods=["GET", "POST"])
@requires(SKIP_STOP, of=rounds.stop_in)
def skip(stop: Stop) -> ResponseReturnValue:
    """Skip a unit's turn, for a reason."""
    if request.method == "GET" and not (_open(stop) and stop.state is StopState.WAITING):
        return redirect(f"/rounds/{stop.round.ref}")
    form = SkipForm()
    if form.validate_on_submit():
        with form.refusals():
            skip_stop(actor(), stop, form.data["reason"])
            flash(gettext("The turn is skipped."), "success")
            return redirect(f"/rounds/{stop.round.ref}")
    return form.page("pages/rounds/skip.html", round=stop.round, stop=stop, means=list(means.of_skipping()))


@pages.route("/<ref>/take-back/<unit>", methods=["GET", "POST"])
@requires(SKIP_STOP, of=rounds.stop_in)
def take_back(stop: Stop) -> ResponseReturnValue:
    """Give a unit its skipped turn back."""
    if request.method == "GET" and not (_open(stop) and stop.state is StopState.SKIPPED):
        return redirect(f"/rounds/{stop.round.ref}")
    form = SureForm()
    if form.validate_on_submit():
        with form.refusals():
            take_back_stop(actor(), stop)
            flash(gettext("The unit has its turn again."), "success")
            return redirect(f"/rounds/{stop.round.ref}")
    return form.page("pages/rounds/take_back.html", round=stop.round, stop=stop)


@pages.route("/<ref>/together/<unit>", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.stop_in)
def together(stop: Stop) -> ResponseReturnValue:
    """Let a unit that waits hold another one's meeting together with it."""
    if request.method == "GET" and not (_open(stop) and stop.state is StopState.WAITING):
        return redirect(f"/rounds/{stop.round.ref}")
    round_ = rounds.round_(actor(), stop.round.ref)
    form = TogetherForm([other for other in to_share(round_) if other.id != stop.id])
    if form.validate_on_submit():
        with form.refusals():
            meeting = meet_together(actor(), form.chosen, stop)
            flash(gettext("The two units meet together."), "success")
            return redirect(f"/meetings/{meeting.ref}")
    return form.page("pages/rounds/together.html", round=round_, stop=stop, means=list(means.of_meeting_together()))


@pages.route("/<ref>/apart/<unit>", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.stop_in)
def apart(stop: Stop) -> ResponseReturnValue:
    """Give a co-host its own turn back."""
    if request.method == "GET" and not (_open(stop) and co_hosts(stop)):
        return redirect(f"/rounds/{stop.round.ref}")
    form = SureForm()
    if form.validate_on_submit():
        with form.refusals():
            meet_apart(actor(), stop)
            flash(gettext("The unit waits for a meeting of its own."), "success")
            return redirect(f"/rounds/{stop.round.ref}")
    return form.page("pages/rounds/apart.html", round=stop.round, stop=stop, means=list(means.of_meeting_apart()))


def _open(stop: Stop) -> bool:
    return stop.round.state is RoundState.OPEN
