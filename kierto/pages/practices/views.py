"""Pages of practices: the list, one with its journey, writing and agreeing, what has arrived at a unit."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.meetings.models import Meeting
from kierto.pages.practices.forms import AgreeForm, AnswerForm, WordingForm
from kierto.policy import AGREE_PRACTICE, ANSWER_ADOPTION, DRAFT_PRACTICE
from kierto.practices import queries as practices
from kierto.practices.actions import agree_practice, answer_adoption, draft_practice, rewrite_draft
from kierto.practices.models import Adoption, Practice
from kierto.practices.rules import PRACTICE_AGREED_ONCE, Answer, PracticeState, Stage
from kierto.seats import queries as seats
from kierto.units import queries as units
from kierto.units.models import Unit
from kierto.web.guard import actor, public, requires, sees
from kierto.words import gettext

pages = Blueprint("practices", __name__)

PAGE = 20


@pages.get("/practices/")
@public
def index() -> str:
    """The agreed practices that the reader may see, the newest first."""
    ref = request.args.get("before")
    before = practices.listed(actor(), ref) if ref else None
    found = practices.practices_seen(actor(), limit=PAGE + 1, before=before)
    shown = found[:PAGE]
    return render_template(
        "pages/practices/index.html",
        practices=shown,
        last=shown[-1] if len(found) > PAGE else None,
        begins=before is None,
    )


@pages.get("/practices/<ref>")
@sees(practices.practice)
def show(practice: Practice) -> ResponseReturnValue:
    """What the practice says, where it was agreed, and its journey; a draft can be agreed."""
    return _page(practice, AgreeForm.of(practice))


@pages.post("/practices/<ref>/agree")
@requires(AGREE_PRACTICE, of=practices.practice)
def agree(practice: Practice) -> ResponseReturnValue:
    """Agree a draft with the counts of each role."""
    form = AgreeForm.of(practice)
    if form.validate_on_submit():
        with form.refusals():
            experts, workers = form.counts
            agree_practice(actor(), practice, experts=experts, workers=workers, read_at=form.read_at)
            flash(gettext("The practice is agreed. It is on its way to the other units of the round."), "success")
    if practice.state is not PracticeState.DRAFT:
        if form.refused:
            flash(gettext(PRACTICE_AGREED_ONCE.sentence), "info")
        return redirect(f"/practices/{practice.ref}")
    form.read_anew(practice.text())
    return _page(practice, form)


@pages.get("/practices/<ref>/agree")
@sees(practices.practice)
def back_to_practice(practice: Practice) -> ResponseReturnValue:
    """Where a press left a page of its own behind, whose language was then switched."""
    return redirect(f"/practices/{practice.ref}")


@pages.route("/meetings/<ref>/practices/new", methods=["GET", "POST"])
@requires(DRAFT_PRACTICE, of=seats.meeting)
def new(meeting: Meeting) -> ResponseReturnValue:
    """Write a practice down in a meeting."""
    form = WordingForm.empty()
    if form.validate_on_submit():
        with form.refusals():
            practice = draft_practice(actor(), meeting, form.wording)
            flash(gettext("The practice is written down. Next it needs to be agreed."), "success")
            return redirect(f"/practices/{practice.ref}")
    return form.page("pages/practices/new.html", meeting=meeting)


@pages.route("/practices/<ref>/edit", methods=["GET", "POST"])
@requires(DRAFT_PRACTICE, of=practices.practice)
def edit(practice: Practice) -> ResponseReturnValue:
    """Write a draft anew."""
    text = practice.text()
    form = WordingForm.of(text)
    if practice.state is PracticeState.DRAFT and form.validate_on_submit():
        with form.refusals():
            rewrite_draft(actor(), practice, text, form.wording, read_at=form.read_at)
            flash(gettext("The text was saved."), "success")
            return redirect(f"/practices/{practice.ref}")
    if practice.state is not PracticeState.DRAFT:
        flash(gettext("The practice has been agreed, so its text no longer changes."), "info")
        return redirect(f"/practices/{practice.ref}")
    changed = form.refused and form.read_at != text.written_at
    form.read_anew(text)
    return form.page("pages/practices/edit.html", practice=practice, text=text, changed=changed)


@pages.get("/units/<ref>/practices")
@sees(units.unit)
def of_unit(unit: Unit) -> ResponseReturnValue:
    """What has arrived at a unit, and what it tries, uses, and has found not to be for it."""
    return _unit_page(unit)


@pages.post("/adoptions/<ref>/answer")
@requires(ANSWER_ADOPTION, of=practices.adoption)
def answer(adoption: Adoption) -> ResponseReturnValue:
    """Answer a practice that has arrived."""
    form = AnswerForm.to(adoption)
    if adoption.stage is Stage.ARRIVED and form.validate_on_submit():
        with form.refusals():
            answer_adoption(actor(), adoption, Answer(form.answer.data), form.words.data or "")
            flash(_thanks(adoption), "success")
            return redirect(f"/units/{adoption.unit.ref}/practices")
    if adoption.stage is not Stage.ARRIVED:
        flash(gettext("Your unit has already answered this practice. Its answer is below."), "info")
        return redirect(f"/units/{adoption.unit.ref}/practices")
    return _unit_page(adoption.unit, adoption, form)


@pages.get("/adoptions/<ref>/answer")
@sees(practices.adoption)
def back_to_unit(adoption: Adoption) -> ResponseReturnValue:
    """Where a press left a page of its own behind, whose language was then switched."""
    return redirect(f"/units/{adoption.unit.ref}/practices")


def _page(practice: Practice, form: AgreeForm) -> ResponseReturnValue:
    draft = practice.state is PracticeState.DRAFT
    return form.page(
        "pages/practices/show.html",
        practice=practice,
        text=practice.text(),
        running=[one for one in practice.adoptions if one.stage in practices.RUNNING],
        draft=draft,
        may_edit=draft and DRAFT_PRACTICE.allows(actor(), practice),
        may_agree=draft and AGREE_PRACTICE.allows(actor(), practice),
    )


def _unit_page(unit: Unit, asked: Adoption | None = None, form: AnswerForm | None = None) -> ResponseReturnValue:
    """The unit's practices; `form` is the one that must be mended, of `asked`."""
    adoptions = practices.adoptions_of(unit)
    arrived = [one for one in adoptions if one.stage is Stage.ARRIVED]
    forms = {one.id: form if form and asked and one.id == asked.id else AnswerForm.to(one) for one in arrived}
    context = {
        "unit": unit,
        "arrived": arrived,
        "forms": forms if ANSWER_ADOPTION.allows(actor(), unit) else {},
        "running": [one for one in adoptions if one.stage in practices.RUNNING],
        "ended": [one for one in adoptions if one.stage in (Stage.DECLINED, Stage.STOPPED)],
    }
    if form is not None:
        return form.page("pages/practices/of_unit.html", **context)
    return render_template("pages/practices/of_unit.html", **context)


def _thanks(adoption: Adoption) -> str:
    if adoption.stage is Stage.DECLINED:
        return gettext("Thank you. Your reason is shown with the practice, and it helps the other units.")
    return gettext("Thank you. Your unit tries the practice now.")
