"""The pages on which two units of a round change the times of their meetings: asking, answering, taking back."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.pages.rounds.times import AnswerForm, PressForm, Shown, SwapForm
from kierto.policy import ANSWER_SWAP, MOVE_MEETING
from kierto.rounds import queries as rounds
from kierto.rounds.concerned import Concerned, asked_again
from kierto.rounds.models import RoundState, Stop, StopState, StopSwap, SwapState
from kierto.rounds.swapping import (
    answer_swap,
    ask_swap,
    asked_by,
    in_place_of,
    may_swap,
    not_hosted,
    swap_in,
    withdraw_swap,
)
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("swapping", __name__, url_prefix="/rounds")


def asking_stop(actor: Actor, ref: str, swap: str) -> Stop:
    """The turn of the unit that asks.

    Raises:
        NotFound: there is no such question.
    """
    return swap_in(actor, ref, swap).asking


@pages.route("/<ref>/swap/<unit>", methods=["GET", "POST"])
@requires(MOVE_MEETING, of=rounds.stop_in)
def ask(stop: Stop) -> ResponseReturnValue:
    """Choose whose time the unit wants, and ask for it."""
    coming = stop.state is StopState.BOOKED and stop.meeting is not None and stop.meeting.open
    able = coming and stop.round.state is RoundState.OPEN
    asked = asked_by(stop)
    if request.method == "POST" and (asked or not able):
        return redirect(request.path)  # whose page says why there is nothing to ask
    others = may_swap(stop) if able else []
    form = SwapForm(others, not_hosted(stop, others))
    if form.validate_on_submit():
        with form.refusals():
            words, override = form.words.data or "", form.override.data
            swap = ask_swap(actor(), stop, form.chosen, words, override=override)
            flash(gettext("We asked the other unit. You are told when it has answered."), "success")
            return redirect(_address(swap))
    return form.page("pages/rounds/swap.html", stop=stop, round=stop.round, able=able, asked=asked)


@pages.get("/<ref>/swaps/<swap>")
@sees(swap_in)
def show(swap: StopSwap) -> ResponseReturnValue:
    """What was asked, and how it was answered."""
    return _page(swap, AnswerForm())


@pages.post("/<ref>/swaps/<swap>/yes")
@requires(ANSWER_SWAP, of=swap_in)
def yes(swap: StopSwap) -> ResponseReturnValue:
    """Both meetings take each other's time."""
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            answer_swap(actor(), swap, yes=True, override=form.override.data)
            flash(gettext("The two meetings have changed times. Those who come are told."), "success")
            return redirect(_address(swap))
    return _page(swap, form)


@pages.post("/<ref>/swaps/<swap>/no")
@requires(ANSWER_SWAP, of=swap_in)
def no(swap: StopSwap) -> ResponseReturnValue:
    """The meetings stay as they are."""
    form = PressForm()
    if form.validate_on_submit():
        with form.refusals():
            answer_swap(actor(), swap, yes=False)
            flash(gettext("The times stay as they are. The other unit is told."), "success")
            return redirect(_address(swap))
    return _page(swap, form)


@pages.post("/<ref>/swaps/<swap>/withdraw")
@requires(MOVE_MEETING, of=asking_stop)
def withdraw(stop: Stop) -> ResponseReturnValue:
    """Take the question back that the unit has asked."""
    asked = asked_by(stop)
    form = PressForm()
    if form.validate_on_submit() and asked is not None:
        withdraw_swap(actor(), asked)
        flash(gettext("The question was taken back. The times stay as they are."), "success")
    return redirect(f"/rounds/{stop.round.ref}")


@pages.get("/<ref>/swaps/<swap>/yes")
@pages.get("/<ref>/swaps/<swap>/no")
@pages.get("/<ref>/swaps/<swap>/withdraw")
@sees(swap_in)
def back(swap: StopSwap) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return redirect(_address(swap))


def _address(swap: StopSwap) -> str:
    return f"/rounds/{swap.asking.round.ref}/swaps/{swap.ref}"


def _page(swap: StopSwap, form: Form) -> ResponseReturnValue:
    waits = swap.state is SwapState.ASKED and swap.current
    may_answer = waits and ANSWER_SWAP.allows(actor(), swap)
    turns = [(swap.asking, swap.asking_starts_at), (swap.asked, swap.asked_starts_at)]
    return form.page(
        "pages/rounds/swap_answer.html",
        swap=swap,
        round=swap.asking.round,
        turns=turns,
        changes=[_change(swap.asking, swap.asked), _change(swap.asked, swap.asking)] if waits else [],
        waits=waits,
        may_answer=may_answer,
        not_hosted=may_answer and bool(not_hosted(swap.asked, [swap.asking])),
        may_withdraw=waits and MOVE_MEETING.allows(actor(), swap.asking),
    )


def _change(stop: Stop, other: Stop) -> tuple[Stop, Shown, Concerned]:
    """A turn, when its meeting would be, and whom that asks again."""
    mine, theirs = stop.meeting, other.meeting
    assert mine is not None
    assert theirs is not None
    span = in_place_of(mine, theirs)
    return stop, Shown(*span), asked_again(actor(), mine, span)
