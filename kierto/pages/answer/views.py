"""One page to answer on, whoever is signed in on the device. Opening it changes nothing: mail scanners open links."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.pages.answer.right import ANSWER_LINK, seat
from kierto.policy import ANSWER_OFFER
from kierto.seats.answering import question
from kierto.seats.models import Seat
from kierto.seats.rules import Answered
from kierto.web.answering import press
from kierto.web.guard import answers, public
from kierto.words import gettext

pages = Blueprint("answer", __name__)


@pages.get("/answer/<token>")
@answers(ANSWER_LINK, of=seat)
def show(seat: Seat) -> str:
    """When, where, who meets one, the fee, and how things stand."""
    return render_template("pages/answer/show.html", question=question(seat), address=request.path)


@pages.post("/answer/<token>")
@answers(ANSWER_LINK, ANSWER_OFFER, of=seat)
def answer(seat: Seat) -> ResponseReturnValue:
    """One press. What is refused is said; of what was done the page's heading says how things stand."""
    words, color = press(seat, Answered.LINK)
    flash(gettext("Thank you. We got your answer.") if color == "success" else words, color)
    return redirect(request.path, HTTPStatus.SEE_OTHER)


@pages.get("/answer/<token>/ended")
@public
def ended(token: str) -> ResponseReturnValue:
    """The link leads to nothing: it is mistyped, or its meeting was long ago."""
    return render_template("pages/answer/ended.html", again=url_for("answer.show", token=token)), HTTPStatus.GONE
