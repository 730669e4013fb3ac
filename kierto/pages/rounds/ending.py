"""Opening a round, ending it, calling it off, opening it again: each page says what happens before it does."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

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
from kierto.web.forms import Form
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("rounds_ending", __name__, url_prefix="/rounds")

DRAFT, OPEN, OVER = (RoundState.DRAFT,), (RoundState.OPEN,), (RoundState.CLOSED, RoundState.CANCELLED)


@pages.route("/<ref>/open", methods=["GET", "POST"])
@requires(OPEN_ROUND, of=rounds.round_)
def open_for_booking(round_: Round) -> ResponseReturnValue:
    """Open a draft, so that its units can book."""

    def press() -> str:
        open_round(actor(), round_)
        return gettext("The round is open. Its units can book their meetings now.")

    return _sure("open", round_, DRAFT, press, lambda: {"means": list(means.of_opening(round_))})


@pages.route("/<ref>/close", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def close(round_: Round) -> ResponseReturnValue:
    """End an open round. Meetings to come stand in the way: the page leads to them."""

    def press() -> str:
        close_round(actor(), round_)
        return gettext("The round has ended.")

    def shown() -> Mapping[str, Any]:
        now = standing(round_)
        return {"first": [stop for stop in now.coming if not co_hosts(stop)], "means": list(means.of_closing(now))}

    return _sure("close", round_, OPEN, press, shown)


@pages.route("/<ref>/cancel", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def cancel(round_: Round) -> ResponseReturnValue:
    """Call an open round off, with its meetings to come."""
    form = CancelRoundForm()

    def press() -> str:
        cancel_round(actor(), round_, form.data["reason"])
        return gettext("The round was cancelled.")

    def shown() -> Mapping[str, Any]:
        now = standing(round_)
        return {"means": list(means.of_cancelling(now, people_coming(now.coming)))}

    return _sure("cancel", round_, OPEN, press, shown, form)


@pages.route("/<ref>/reopen", methods=["GET", "POST"])
@requires(CLOSE_ROUND, of=rounds.round_)
def reopen(round_: Round) -> ResponseReturnValue:
    """Open a round again that was closed or cancelled."""

    def press() -> str:
        reopen_round(actor(), round_)
        return gettext("The round is open again.")

    return _sure("reopen", round_, OVER, press, lambda: {"means": list(means.of_reopening(round_, standing(round_)))})


@pages.route("/<ref>/remove", methods=["GET", "POST"])
@requires(EDIT_ROUND, of=rounds.round_)
def remove(round_: Round) -> ResponseReturnValue:
    """Throw a draft away."""

    def press() -> str:
        remove_draft(actor(), round_)
        return gettext("The draft was thrown away.")

    return _sure("remove", round_, DRAFT, press, dict, then="/rounds/")


def _sure(
    verb: str,
    round_: Round,
    able: Collection[RoundState],
    press: Callable[[], str],
    shown: Callable[[], Mapping[str, Any]],
    form: Form | None = None,
    then: str | None = None,
) -> ResponseReturnValue:
    """The page of the verb with what it shows; sent, the press is made, which returns what to say, and one goes on.

    To look at what the round's state does not allow any more leads back to the round; to press it is refused.
    """
    back = f"/rounds/{round_.ref}"
    if request.method == "GET" and round_.state not in able:
        return redirect(back)
    form = form or SureForm()
    if form.validate_on_submit():
        with form.refusals():
            flash(press(), "success")
            return redirect(then or back)
    return form.page(f"pages/rounds/{verb}.html", round=round_, **shown())
