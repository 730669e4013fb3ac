"""The questions of an application, each on its page: shown, saved, and on to the next."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.experts import queries
from kierto.experts.answers import Answers, Step, missing, steps
from kierto.experts.applying import answer, consent, send, send_link
from kierto.experts.models import Application
from kierto.pages.apply import device
from kierto.pages.apply.forms import (
    PARTS,
    ConsentForm,
    MoreForm,
    NameForm,
    NeedsForm,
    PressForm,
    ReachForm,
    StepForm,
    ThemesForm,
    TimesForm,
    WhereForm,
)
from kierto.people.addresses import spoken_phone
from kierto.units.municipalities import said
from kierto.units.queries import themes
from kierto.web.guard import actor, public
from kierto.web.limits import hour, length
from kierto.words import gettext, spoken, weekday

pages = Blueprint("application", __name__, url_prefix="/apply")


@pages.route("/consent", methods=["GET", "POST"])
@public
def ask_consent() -> ResponseReturnValue:
    """What is stored, who sees it, how to withdraw; before anything else."""
    draft = device.writable()
    if draft is None:
        return nothing_to_write()
    answers = Answers.of(draft.answers)
    form = ConsentForm(answers, draft.organisation_id)
    if form.validate_on_submit():
        with form.refusals():
            consent(draft)
            return _on(draft, Step.CONSENT)
    return _page(draft, Step.CONSENT, form, answered=bool(answers.consent))


@pages.route("/name", methods=["GET", "POST"])
@public
def ask_name() -> ResponseReturnValue:
    return _question(Step.NAME, NameForm)


@pages.route("/reach", methods=["GET", "POST"])
@public
def ask_reach() -> ResponseReturnValue:
    return _question(Step.REACH, ReachForm)


@pages.route("/themes", methods=["GET", "POST"])
@public
def ask_themes() -> ResponseReturnValue:
    return _question(Step.THEMES, ThemesForm, sensitive="themes")


@pages.route("/where", methods=["GET", "POST"])
@public
def ask_where() -> ResponseReturnValue:
    return _question(Step.WHERE, WhereForm)


@pages.route("/times", methods=["GET", "POST"])
@public
def ask_times() -> ResponseReturnValue:
    return _question(Step.TIMES, TimesForm)


@pages.route("/needs", methods=["GET", "POST"])
@public
def ask_needs() -> ResponseReturnValue:
    return _question(Step.NEEDS, NeedsForm, sensitive="needs")


@pages.route("/more", methods=["GET", "POST"])
@public
def ask_more() -> ResponseReturnValue:
    return _question(Step.MORE, MoreForm, sensitive="own_words")


@pages.route("/check", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    """Everything once more, each answer with the way to change it, and the button that sends it."""
    draft = device.writable()
    if draft is None:
        return nothing_to_write()
    answers, own = Answers.of(draft.answers), draft.person_id is not None
    lacking = missing(answers, own=own)
    if lacking is not None:
        flash(gettext("This is still missing. Answer it first."), "warning")
        return _to(lacking)
    form = PressForm()
    if form.validate_on_submit():
        with form.refusals():
            send(actor(), draft, device.caller())
            device.remember_sent(draft)
            return redirect("/apply/done", HTTPStatus.SEE_OTHER)
    return _page(draft, Step.CHECK, form, told=_told(draft, answers), own=own)


def nothing_to_write() -> ResponseReturnValue:
    """This device writes no application: it was sent, forgotten, has got too old, or nobody would read it."""
    if device.draft() is not None:
        return redirect("/apply", HTTPStatus.SEE_OTHER)
    if device.sent() is not None:
        return redirect("/apply/done", HTTPStatus.SEE_OTHER)
    flash(gettext("There is no application on this device. Begin one, or go on with your code."), "info")
    return redirect("/apply", HTTPStatus.SEE_OTHER)


def _question(step: Step, form_class: type[StepForm], sensitive: str = "") -> ResponseReturnValue:
    """One page: nothing of it is asked or stored without consent to the register (consent-first).

    `sensitive`: the answer that is not shown back everywhere.
    """
    draft = device.writable()
    if draft is None:
        return nothing_to_write()
    answers = Answers.of(draft.answers)
    if not answers.consent:
        return _to(Step.CONSENT)
    hidden = bool(sensitive and getattr(answers, sensitive)) and not device.shows(draft)
    shown = replace(answers, **{sensitive: getattr(Answers, sensitive)}) if hidden else answers
    more = {"places": queries.municipalities_in(draft.organisation_id)} if step is Step.WHERE else {}
    form = form_class(shown, draft.organisation_id, hidden=hidden, **more)
    if form.validate_on_submit():
        with form.refusals():
            answer(draft, step, **form.answered)
            if Answers.of(draft.answers).email != answers.email:
                send_link(draft, device.caller())
            return _on(draft, step)
    return _page(draft, step, form, hidden=hidden)


def _on(draft: Application, step: Step) -> ResponseReturnValue:
    """To the next page; back to the summary, when the answer was changed from there."""
    order = steps(own=draft.person_id is not None)
    return _to(Step.CHECK if "change" in request.args else order[order.index(step) + 1])


def _to(step: Step) -> ResponseReturnValue:
    return redirect(f"/apply/{step}", HTTPStatus.SEE_OTHER)


def _page(draft: Application, step: Step, form: StepForm | PressForm, **context: object) -> ResponseReturnValue:
    order = steps(own=draft.person_id is not None)
    number = order.index(step)
    changing = "change" in request.args and step is not Step.CHECK
    return form.page(
        f"pages/apply/{step}.html",
        number=number + 1,
        total=len(order),
        back="/apply/check" if changing else f"/apply/{order[number - 1]}" if number else "/apply",
        changing=changing,
        address=f"/apply/{step}?change=1" if changing else "",
        beside=draft.assisted_by is not None,
        organisation=queries.organisation_of(draft),
        **{"hidden": False} | context,
    )


def _told(draft: Application, answers: Answers) -> dict[str, list[str]]:
    """The answers of each page as words; what may tell of health only where it is shown back."""
    shown = device.shows(draft)
    secret = gettext("You have told this. It is not shown here.")
    names = {theme.code: str(theme.name) for theme in themes()}
    chosen = [names[code] for code in answers.themes if code in names]
    own_words = answers.own_words if shown or not answers.own_words else secret
    return {
        "name": [answers.name],
        "reach": _reached(answers),
        "themes": chosen if shown or not chosen else [secret],
        "where": [said(name) for name in answers.municipalities] or [gettext("Anywhere")],
        "languages": [spoken(code) for code in answers.languages],
        "times": _times(answers),
        "needs": [answers.needs if shown else secret] if answers.needs else [],
        "more": [one for one in (answers.training, answers.home_base, own_words) if one],
    }


def _reached(answers: Answers) -> list[str]:
    found = [answers.email, spoken_phone(answers.phone) if answers.phone else ""]
    found.append(gettext("Please call me.") if answers.call_wished else "")
    found.append(gettext("I contact the coordinator myself.") if answers.unreachable else "")
    return [one for one in found if one]


def _times(answers: Answers) -> list[str]:
    found = [", ".join(weekday(day) for day in answers.days)]
    found.append(", ".join(gettext(PARTS[part]) for part in PARTS if part.value in answers.parts))
    if answers.earliest_start:
        found.append(gettext("At the earliest at %(hour)s", hour=hour(answers.earliest_start)))
    if answers.longest_minutes:
        found.append(gettext("At most: %(length)s", length=length(answers.longest_minutes)))
    if answers.most_meetings:
        found.append(gettext("Meetings in a month, at most: %(count)s", count=answers.most_meetings))
    return [one for one in found if one] or [gettext("Any time")]
