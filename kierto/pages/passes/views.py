"""What a paper pass opens: its person's meetings and answers, without a name and without a theme."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from kierto.actor import Actor
from kierto.pages.passes import right
from kierto.pages.passes.forms import OpenForm
from kierto.pages.passes.right import PASS
from kierto.policy import ANSWER_OFFER, WITHDRAW
from kierto.seats import queries as seats
from kierto.seats.actions import answer_offer, withdraw
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.sign_in import passes
from kierto.web.forms import Form, HiddenField
from kierto.web.guard import actor, answers, public
from kierto.web.requests import keep_language
from kierto.words import gettext

pages = Blueprint("passes", __name__)

_GIVEN_UP = (SeatState.WITHDRAWN, SeatState.DECLINED)


def holder(actor: Actor) -> Actor:
    """Whoever holds the pass, to see their own."""
    return actor


class AnswerForm(Form):
    """One press; which of the two it was."""

    answer = HiddenField()


@pages.route("/pass/<token>", methods=["GET", "POST"])
@public
def ask(token: str) -> ResponseReturnValue:
    """Ask for the four digits. No such pass, an ended one and a locked one are answered as wrong digits are."""
    form = OpenForm()
    if form.validate_on_submit():
        secret_key = current_app.config["KIERTO"].secret_key
        paper = passes.open_pass(token, form.digits.data or "", request.remote_addr or "", secret_key)
        if paper is not None:
            right.hold(paper.id)
            response = _to_show(token)
            keep_language(response, paper.person.language)
            return response
        form.digits.data = ""
        form.digits.errors = [gettext("These digits do not open the pass. Check them and try again.")]
    elif request.method == "GET" and right.held(token):
        return _to_show(token)
    return form.page("pages/passes/ask.html")


@pages.get("/pass/<token>/meetings")
@answers(PASS, of=holder)
def show(me: Actor, token: str) -> str:
    """The coming meetings, what waits for an answer first."""
    own = seats.own_seats(me)
    offered = [seat for seat in own if seat.state is SeatState.OFFERED and seat.meeting.open]
    return render_template(
        "pages/passes/show.html",
        token=token,
        offered=offered,
        others=[seat for seat in own if seat not in offered],
        places=seats.places_in_line(me),
    )


@pages.post("/pass/<token>/seats/<ref>/answer")
@answers(PASS, ANSWER_OFFER, of=seats.seat)
def answer(seat: Seat, token: str) -> ResponseReturnValue:
    """Yes or no to an offered seat."""
    said = AnswerForm().answer.data
    if said not in ("yes", "no"):
        flash(gettext("We did not get your answer. Press Yes or No below."), "warning")
        return _to_show(token)
    return _pressed(token, seat, lambda: answer_offer(actor(), seat, yes=said == "yes"))


@pages.post("/pass/<token>/seats/<ref>/withdraw")
@answers(PASS, WITHDRAW, of=seats.seat)
def give_up(seat: Seat, token: str) -> ResponseReturnValue:
    """Rule seat-withdraw-freely: one press, no reason."""
    return _pressed(token, seat, lambda: withdraw(actor(), seat))


@pages.post("/pass/<token>/close")
@answers(PASS, of=holder)
def close(_me: Actor, token: str) -> ResponseReturnValue:
    """Close the pass on this device; the paper stays good."""
    right.let_go()
    flash(gettext("The pass is closed on this device."), "success")
    return redirect(url_for("passes.ask", token=token), HTTPStatus.SEE_OTHER)


@pages.get("/pass/<token>/close")
@answers(PASS, of=holder)
def back(_me: Actor, token: str) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return _to_show(token)


@pages.get("/pass/<token>/seats/<ref>/answer")
@pages.get("/pass/<token>/seats/<ref>/withdraw")
@answers(PASS, of=seats.seat)
def back_from_seat(_seat: Seat, token: str) -> ResponseReturnValue:
    """The same for a seat."""
    return _to_show(token)


def _pressed(token: str, seat: Seat, act: Callable[[], Seat]) -> ResponseReturnValue:
    """Do it, say how it went, and go back to the meetings."""
    form = Form()
    with form.refusals():
        act()
    gone = seat.state in _GIVEN_UP
    if seat.state is SeatState.ACCEPTED and not form.refused:
        flash(gettext("You have a seat. Welcome!"), "success")
    elif gone:
        # What was refused may have been done already, in another tab: then that is what is said.
        flash(gettext("You do not have a seat in this meeting any more. Thank you for telling us."), "success")
    elif form.refused:
        flash(form.faults[0].message, "warning")
    return _to_show(token)


def _to_show(token: str) -> Redirect:
    return redirect(url_for("passes.show", token=token), HTTPStatus.SEE_OTHER)
