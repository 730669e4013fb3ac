"""Making a paper pass for oneself, or for an expert who sits beside; printing it, changing its digits, ending it."""

from http import HTTPStatus
from typing import NamedTuple

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kierto import clock
from kierto.actor import Actor
from kierto.errors import NotFound
from kierto.pages.passes.forms import ChooseForm
from kierto.people import queries as people
from kierto.people.helping import help_at
from kierto.people.models import Expert, Person
from kierto.policy import MAKE_OWN_PASS, MAKE_PASS
from kierto.sign_in import passes
from kierto.sign_in.models import PaperPass
from kierto.sign_in.rules import PASS_INSIDE, WRONG_DIGITS
from kierto.web.guard import actor, requires
from kierto.words import gettext, matched, speaking

pages = Blueprint("making_passes", __name__)

_KEPT = "paper"
_KEPT_SECONDS = 15 * 60
"""How long the paper can be printed again on the device it was made on; after that nobody knows its token."""


class Whose(NamedTuple):
    """Whose pass it is, and the address of its page.

    `registered`: they are in the register still, so a new one can be made. `outside`: it would open what is of an
    organisation that the actor does not coordinate (pass-inside).
    """

    person: Person
    address: str
    own: bool
    registered: bool = True
    outside: bool = False


def asking(actor: Actor) -> Actor:
    """Whoever asks: a visitor is told to sign in, not that the page does not exist."""
    return actor


@pages.route("/me/pass", methods=["GET", "POST"])
@requires(MAKE_OWN_PASS, of=asking)
def own(_me: Actor) -> ResponseReturnValue:
    return _make(_mine())


@pages.get("/me/pass/paper")
@requires(MAKE_OWN_PASS, of=asking)
def own_paper(_me: Actor) -> ResponseReturnValue:
    return _paper(_mine())


@pages.route("/me/pass/digits", methods=["GET", "POST"])
@requires(MAKE_OWN_PASS, of=asking)
def own_digits(_me: Actor) -> ResponseReturnValue:
    return _digits(_mine())


@pages.route("/me/pass/end", methods=["GET", "POST"])
@requires(MAKE_OWN_PASS, of=asking)
def end_own(_me: Actor) -> ResponseReturnValue:
    return _end(_mine())


@pages.route("/experts/<ref>/pass", methods=["GET", "POST"])
@requires(MAKE_PASS, of=passes.expert)
def of_expert(expert: Expert) -> ResponseReturnValue:
    return _make(_theirs(expert))


@pages.get("/experts/<ref>/pass/paper")
@requires(MAKE_PASS, of=passes.registered_expert)
def paper_of_expert(expert: Expert) -> ResponseReturnValue:
    return _paper(_theirs(expert))


@pages.route("/experts/<ref>/pass/digits", methods=["GET", "POST"])
@requires(MAKE_PASS, of=passes.registered_expert)
def digits_of_expert(expert: Expert) -> ResponseReturnValue:
    return _digits(_theirs(expert))


@pages.route("/experts/<ref>/pass/end", methods=["GET", "POST"])
@requires(MAKE_PASS, of=passes.expert)
def end_of_expert(expert: Expert) -> ResponseReturnValue:
    return _end(_theirs(expert))


def _mine() -> Whose:
    return Whose(people.myself(actor()), "/me/pass", own=True)


def _theirs(expert: Expert) -> Whose:
    return Whose(
        expert.person,
        f"/experts/{expert.ref}/pass",
        own=False,
        registered=passes.has_passes(expert),
        outside=expert.person_id != actor().person_id and passes.reaches_outside(actor(), expert.person_id),
    )


def _make(whose: Whose) -> ResponseReturnValue:
    """Choose digits; then the paper is shown, to be printed. Of who has left the register, the pass is only ended."""
    if request.method == "POST" and not whose.registered:
        raise NotFound
    form = ChooseForm()
    if form.validate_on_submit():
        with form.refusals():
            made = passes.make_pass(actor(), whose.person, form.digits.data or "", _secret_key())
        if not form.refused:
            session[_KEPT] = [made.token, int(clock.now().timestamp()) + _KEPT_SECONDS]
            return _to(f"{whose.address}/paper")
    return _page(form, "pages/passes/make.html", whose)


def _digits(whose: Whose) -> ResponseReturnValue:
    """Other digits for the same paper: what a locked pass needs, and whoever forgot theirs."""
    if passes.pass_of(whose.person.id) is None:
        return _to(whose.address)
    form = ChooseForm()
    if form.validate_on_submit():
        with form.refusals():
            passes.change_digits(actor(), whose.person, form.digits.data or "", _secret_key())
        if not form.refused:
            flash(gettext("The paper opens with the new digits now."), "success")
            return _to(whose.address)
    return _page(form, "pages/passes/digits.html", whose)


def _end(whose: Whose) -> ResponseReturnValue:
    """A GET is somebody who came back by the address: nothing ends then."""
    if request.method == "POST":
        passes.end_pass(actor(), whose.person)
        flash(gettext("The paper pass has ended. The paper opens nothing any more."), "success")
    return _to(whose.address)


def _paper(whose: Whose) -> ResponseReturnValue:
    """The paper, in the language of whoever carries it."""
    paper, token = _kept(whose)
    if paper is None:
        flash(gettext("The paper can be printed for 15 minutes after it was made. Make a new one."), "info")
        return _to(whose.address)
    language = matched(whose.person.language)
    address = f"{current_app.config['KIERTO'].base_url}/pass/{token}"
    with speaking(language):
        theirs = help_at(whose.person.id, current_app.config["KIERTO"])
        page = render_template("pages/passes/paper.html", address=address, paper=paper, help_at=theirs)
        printed = Markup(page)  # noqa: S704 - a template of ours
    return render_template("pages/passes/print.html", whose=whose, printed=printed, language=language)


def _kept(whose: Whose) -> tuple[PaperPass | None, str]:
    match session.get(_KEPT):
        case [str(token), int(until)] if clock.now().timestamp() < until:
            return passes.printed(whose.person.id, token), token
        case _:
            return None, ""


def _page(form: ChooseForm, template: str, whose: Whose) -> ResponseReturnValue:
    paper = passes.pass_of(whose.person.id)
    locked = paper is not None and paper.wrong_digits >= WRONG_DIGITS
    # Who made the paper themself may get new digits from anyone they call: nobody else has seen it.
    digits = whose.registered and not (whose.outside and paper is not None and paper.made_by != whose.person.id)
    return form.page(
        template, whose=whose, paper=paper, locked=locked, digits=digits, outside_words=gettext(PASS_INSIDE.sentence)
    )


def _to(address: str) -> ResponseReturnValue:
    return redirect(address, HTTPStatus.SEE_OTHER)


def _secret_key() -> str:
    return str(current_app.config["KIERTO"].secret_key)
