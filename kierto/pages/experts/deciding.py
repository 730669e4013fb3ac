"""What coordinators decide on an expert, and what they write down."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.experts import register
from kierto.experts.deciding import approve, come_back, decline, record_call, set_dates
from kierto.pages.experts.forms import DatesForm, DeclineForm, PressForm
from kierto.people.models import Expert
from kierto.people.rules import Move, may_move
from kierto.policy import DECIDE_EXPERT, KEEP_REGISTER
from kierto.seats.leaving import coming_seats_of, leave, pause
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("experts_deciding", __name__, url_prefix="/experts")


@pages.post("/<ref>/approve")
@requires(DECIDE_EXPERT, of=register.expert)
def approved(expert: Expert) -> ResponseReturnValue:
    """Approve an application."""
    done = gettext("Approved. We tell them, and they can take seats now.")
    return _pressed(expert, lambda: approve(actor(), expert), done)


@pages.post("/<ref>/come-back")
@requires(DECIDE_EXPERT, of=register.expert)
def came_back(expert: Expert) -> ResponseReturnValue:
    """End a break."""
    return _pressed(
        expert, lambda: come_back(actor(), expert), gettext("The break is over. They can take seats again.")
    )


@pages.post("/<ref>/called")
@requires(KEEP_REGISTER, of=register.expert)
def called(expert: Expert) -> ResponseReturnValue:
    """Write down that the coordinator has talked with the person (answer-for-another)."""
    return _pressed(expert, lambda: record_call(actor(), expert), gettext("The call was written down."))


@pages.get("/<ref>/approve")
@pages.get("/<ref>/come-back")
@pages.get("/<ref>/called")
@sees(register.expert)
def back(expert: Expert) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return _to(expert)


@pages.route("/<ref>/decline", methods=["GET", "POST"])
@requires(DECIDE_EXPERT, of=register.expert)
def declined(expert: Expert) -> ResponseReturnValue:
    """Say no kindly: the letter as it will be, and a sentence that may be added."""
    form = DeclineForm()
    return _asked(
        expert,
        form,
        Move.DECLINE,
        lambda: decline(actor(), expert, form.words.data or ""),
        gettext("The application was not approved. We tell them kindly."),
    )


@pages.route("/<ref>/pause", methods=["GET", "POST"])
@requires(DECIDE_EXPERT, of=register.expert)
def paused(expert: Expert) -> ResponseReturnValue:
    """A break, and what it does to coming meetings."""
    done = gettext("The break has begun. Coming seats were given up, and we tell them.")
    return _asked(expert, PressForm(), Move.PAUSE, lambda: pause(actor(), expert), done)


@pages.route("/<ref>/leave", methods=["GET", "POST"])
@requires(DECIDE_EXPERT, of=register.expert)
def left(expert: Expert) -> ResponseReturnValue:
    """Leaving the register, and what it does."""
    done = gettext("They have left the register. Coming seats were given up.")
    return _asked(expert, PressForm(), Move.LEAVE, lambda: leave(actor(), expert), done)


@pages.route("/<ref>/dates", methods=["GET", "POST"])
@requires(KEEP_REGISTER, of=register.expert)
def dates(expert: Expert) -> ResponseReturnValue:
    """Induction, undertaking, contract: when, or not."""
    form = DatesForm(expert)
    if form.validate_on_submit():
        set_dates(actor(), expert, form.dates)
        flash(gettext("The dates were saved."), "success")
        return _to(expert)
    return form.page("pages/experts/dates.html", expert=expert, organisation=register.organisation_of(expert))


def _pressed(expert: Expert, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """Do it and say so; what somebody else has decided meanwhile is seen on the page."""
    form = PressForm()
    with form.refusals():
        act()
        flash(done, "success")
    if form.refused:
        flash(form.faults[0].message, "warning")
    return _to(expert)


def _asked(expert: Expert, form: Form, move: Move, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """A page of its own that says what the press will do, and then does it."""
    if form.validate_on_submit():
        return _pressed(expert, act, done)
    if not may_move(expert.state, move):
        return _to(expert)
    return form.page(
        f"pages/experts/{move.value}.html",
        expert=expert,
        organisation=register.organisation_of(expert),
        coming=coming_seats_of(expert),
    )


def _to(expert: Expert) -> ResponseReturnValue:
    return redirect(f"/experts/{expert.ref}")
