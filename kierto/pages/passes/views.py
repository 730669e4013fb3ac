"""What a paper pass opens: its person's meetings and answers, without a name and without a theme."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from kierto.actor import Actor
from kierto.pages.passes import right
from kierto.pages.passes.forms import OpenForm
from kierto.pages.passes.right import PASS
from kierto.policy import ANSWER_OFFER
from kierto.seats import queries as seats
from kierto.seats.answering import questions
from kierto.seats.models import Seat
from kierto.seats.rules import Answered
from kierto.sign_in import passes
from kierto.web.answering import press
from kierto.web.guard import answers, public
from kierto.web.requests import keep_language
from kierto.words import gettext

pages = Blueprint("passes", __name__)


def holder(actor: Actor) -> Actor:
    """Whoever holds the pass, to see their own."""
    return actor


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
    asked = questions(seats.own_seats(me))
    return render_template(
        "pages/passes/show.html",
        token=token,
        waiting=[one for one in asked if one.waits],
        others=[one for one in asked if not one.waits],
    )


@pages.post("/pass/<token>/seats/<ref>/answer")
@answers(PASS, ANSWER_OFFER, of=seats.seat)
def answer(seat: Seat, token: str) -> ResponseReturnValue:
    """One of the three answers, as by the link in a message."""
    flash(*press(seat, Answered.PAPER_PASS))
    return _to_show(token)


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
@answers(PASS, of=seats.seat)
def back_from_seat(_seat: Seat, token: str) -> ResponseReturnValue:
    """The same for a seat."""
    return _to_show(token)


def _to_show(token: str) -> Redirect:
    return redirect(url_for("passes.show", token=token), HTTPStatus.SEE_OTHER)
