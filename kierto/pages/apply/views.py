"""Around the questions of an application: beginning, going on elsewhere, what happens next, and claiming."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.experts import codes, queries
from kierto.experts.answers import Answers, missing, steps
from kierto.experts.applying import begin, begin_elsewhere, delete_application
from kierto.experts.claiming import Claimed, claim, number_unsure
from kierto.experts.models import Application
from kierto.pages.apply import device
from kierto.pages.apply.forms import CodeForm, PressForm, begin_form
from kierto.pages.apply.steps import nothing_to_write
from kierto.policy import WRITE_BESIDE
from kierto.units import queries as units
from kierto.units.models import Organisation
from kierto.web.guard import actor, public, requires
from kierto.web.qr import qr
from kierto.words import current, gettext

pages = Blueprint("apply", __name__, url_prefix="/apply")


@pages.route("", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    """What this is and where the application goes; beginning it."""
    own = queries.own_registers(actor()) if actor().signed_in else []
    inside = [one for one in own if one.expert.state in queries.IN_REGISTER]
    taken = {one.organisation.id for one in inside}
    read = queries.taking_applications()
    offered = [one for one in read if one.id not in taken]
    draft = device.draft()
    stranded = draft is not None and draft.organisation_id not in {one.id for one in read}
    form = begin_form(offered)
    if offered and form.validate_on_submit():
        with form.refusals():
            device.write(_begin(form.organisation, draft if stranded else None))
            return redirect("/apply/consent", HTTPStatus.SEE_OTHER)
    return form.page(
        "pages/apply/index.html",
        offered=offered,
        inside=inside,
        draft=draft,
        stranded=stranded,
        total=len(steps(own=actor().signed_in)),
        draft_of=queries.organisation_of(draft) if draft else None,
        sent=device.sent(),
    )


def _begin(organisation: Organisation, stranded: Application | None) -> str:
    """A new application; what was answered where nobody reads it now goes along."""
    if stranded is not None and stranded.assisted_by is None:
        return begin_elsewhere(actor(), stranded, organisation.id, device.caller())
    return begin(actor(), organisation.id, current(), device.caller())


@pages.get("/on")
@public
def resume() -> ResponseReturnValue:
    """To the first page that was not seen yet."""
    draft = device.writable()
    if draft is None:
        return nothing_to_write()
    answers, own = Answers.of(draft.answers), draft.person_id is not None
    unseen = [step for step in steps(own=own) if step.value not in answers.seen]
    return redirect(f"/apply/{missing(answers, own=own) or unseen[0]}")


@pages.get("/later")
@public
def later() -> ResponseReturnValue:
    """How to go on later, here or elsewhere: the code, the link, and ways to forget."""
    draft = device.draft()
    if draft is None:
        return nothing_to_write()
    code = codes.going_on_code(draft, device.secret_key())
    address = f"{current_app.config['KIERTO'].base_url}/apply/go-on/{code}"
    response = make_response(
        render_template(
            "pages/apply/later.html",
            code=code,
            address=address,
            picture=qr(address),
            until=clock.local(draft.expires_at).date(),
            mailed=bool(Answers.of(draft.answers).links),
            alone=draft.person_id is None and draft.assisted_by is None,
        )
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.post("/forget")
@public
def forget() -> ResponseReturnValue:
    """This device forgets the application; whoever has the code goes on with it elsewhere."""
    device.forget()
    flash(gettext("This device has forgotten the application. You go on with your code."), "success")
    return redirect("/apply", HTTPStatus.SEE_OTHER)


@pages.route("/delete", methods=["GET", "POST"])
@public
def delete() -> ResponseReturnValue:
    """Asked first, with what is lost; then the application is deleted, with all that was answered."""
    draft = device.draft()
    if draft is None:
        return nothing_to_write()
    form = PressForm()
    if form.validate_on_submit():
        delete_application(actor(), draft)
        device.forget()
        flash(gettext("Your application was deleted. Nothing of it is left."), "success")
        return redirect("/apply", HTTPStatus.SEE_OTHER)
    return form.page(
        "pages/apply/delete.html", lost=_lost(Answers.of(draft.answers)), draft_of=queries.organisation_of(draft)
    )


def _lost(answers: Answers) -> list[str]:
    """What was told, as headings: never the answers themselves."""
    told = {
        gettext("Name"): answers.name,
        gettext("How we reach you"): answers.reached,
        gettext("Your experience"): answers.themes,
        gettext("Where you can come"): answers.municipalities,
        gettext("Languages"): answers.languages,
        gettext("When you can come"): answers.hours or answers.earliest_start or answers.longest_minutes,
        gettext("What we arrange"): answers.needs,
        gettext("More about you"): answers.training or answers.home_base or answers.own_words,
    }
    return [heading for heading, value in told.items() if value]


@pages.route("/go-on", methods=["GET", "POST"])
@public
def go_on() -> ResponseReturnValue:
    """Type the code of an application that was begun elsewhere."""
    form = CodeForm()
    if form.validate_on_submit():
        code = form.code.data or ""
        if queries.draft_by_code(actor(), code, device.secret_key()) is not None:
            device.go_on(code)
            return redirect("/apply/on", HTTPStatus.SEE_OTHER)
        form.code.errors = [gettext("There is no application with this code. Check each letter.")]
    return form.page("pages/apply/go_on.html")


@pages.route("/go-on/<token>", methods=["GET", "POST"])
@public
def go_on_by_link(token: str) -> ResponseReturnValue:
    """One button. Opening the link does nothing: mail scanners open links too."""
    if queries.draft_by_code(actor(), token, device.secret_key()) is None:
        return make_response(render_template("pages/apply/over.html"), HTTPStatus.GONE)
    if request.method == "POST":
        device.go_on(token)
        return redirect("/apply/on", HTTPStatus.SEE_OTHER)
    return PressForm().page("pages/apply/open.html")


@pages.get("/done")
@public
def done() -> ResponseReturnValue:
    """What happens next, and who calls."""
    application = device.sent()
    if application is None:
        return nothing_to_write()
    return render_template(
        "pages/apply/done.html",
        organisation=queries.organisation_of(application),
        beside=application.assisted_by is not None,
        own=application.person_id is not None,
    )


@pages.route("/beside", methods=["GET", "POST"])
@requires(WRITE_BESIDE, of=units.coordinated)
def beside(organisation: Organisation) -> ResponseReturnValue:
    """A coordinator fills it in with a person: the same questions, nothing of the coordinator's own in them."""
    form = PressForm()
    if form.validate_on_submit():
        with form.refusals():
            device.write(begin(actor(), organisation.id, current(), device.caller(), beside=True))
            return redirect("/apply/consent", HTTPStatus.SEE_OTHER)
    return form.page("pages/apply/beside.html", organisation=organisation)


@pages.route("/claim/<token>", methods=["GET", "POST"])
@public
def claim_it(token: str) -> ResponseReturnValue:
    """The owner of an address that Kierto knew says that an application from it is theirs."""
    application = queries.to_claim(token, device.secret_key())
    if application is not None and number_unsure(application):
        application = None
    if application is None or (application.claimed_at is not None and request.method == "GET"):
        return make_response(render_template("pages/apply/claimed.html", application=application), HTTPStatus.GONE)
    if request.method == "POST":
        if claim(application) is Claimed.JOINED:
            flash(gettext("Thank you. The application is joined to you. Sign in to see it."), "success")
        else:
            flash(gettext("Thank you. The coordinator sees now that the application is yours."), "success")
        return redirect("/me" if actor().signed_in else "/sign-in", HTTPStatus.SEE_OTHER)
    return PressForm().page(
        "pages/apply/claim.html", organisation=queries.organisation_of(application), sent_at=application.sent_at
    )
