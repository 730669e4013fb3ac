"""An organisation's sign-in providers: added, changed, retired. Each is asked for its metadata before it is saved."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto.pages.admin.provider_forms import NewProviderForm, ProviderForm
from kierto.policy import ADMINISTER
from kierto.sign_in import openid, providers
from kierto.sign_in.openid import Fault, ProviderFault
from kierto.sign_in.providers import Place, Provider
from kierto.web.guard import actor, requires, waits
from kierto.web.requests import now_writing
from kierto.words import gettext

pages = Blueprint("admin_providers", __name__, url_prefix="/admin/organisations/<ref>/providers")


@pages.get("/")
@requires(ADMINISTER, of=providers.place)
def index(where: Place) -> str:
    """Those in use, then the retired ones."""
    found = providers.providers_of(where.organisation_id)
    return render_template("pages/admin/providers.html", organisation=where, providers=found)


@pages.route("/new", methods=["GET", "POST"])
@waits
@requires(ADMINISTER, of=providers.place)
def new(where: Place) -> ResponseReturnValue:
    """Add one, once it has answered."""
    form = NewProviderForm()
    if form.validate_on_submit() and _answers(form, form.issuer.data or ""):
        with now_writing():
            providers.add_provider(actor(), where, form.issuer.data or "", form.wanted)
        flash(gettext("The provider was added. It is on the sign-in page now."), "success")
        return _to_index(where)
    return form.page("pages/admin/new_provider.html", organisation=where)


@pages.route("/<provider>", methods=["GET", "POST"])
@waits
@requires(ADMINISTER, of=providers.provider)
def edit(provider: Provider) -> ResponseReturnValue:
    """Change one; it is asked again whether it answers."""
    form = ProviderForm(provider)
    if form.validate_on_submit() and _answers(form, provider.issuer):
        with now_writing():
            providers.change_provider(actor(), provider, form.wanted)
        flash(gettext("The provider was saved."), "success")
        return _to_index(provider.organisation)
    callback = f"{current_app.config['KIERTO'].base_url}/sign-in/with/{provider.ref}/callback"
    return form.page("pages/admin/provider.html", provider=provider, callback=callback)


@pages.route("/<provider>/retire", methods=["GET", "POST"])
@requires(ADMINISTER, of=providers.provider)
def retire(provider: Provider) -> ResponseReturnValue:
    """Nobody signs in through it any more. A GET is somebody who came back by the address: nothing is retired then."""
    if request.method == "POST":
        providers.retire_provider(actor(), provider)
        flash(gettext("The provider was retired. Nobody signs in through it any more."), "success")
    return _to_index(provider.organisation)


def _answers(form: ProviderForm, issuer: str) -> bool:
    """Whether its metadata can be used now; if not, the form says why."""
    openid.forget(issuer)
    try:
        openid.discover(issuer)
    except ProviderFault as fault:
        form.tell(Fault.DOWN if fault.fault is Fault.DOWN else Fault.WRONG)
        return False
    return True


def _to_index(where: Place) -> ResponseReturnValue:
    return redirect(f"/admin/organisations/{where.ref}/providers/", HTTPStatus.SEE_OTHER)
