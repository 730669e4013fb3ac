"""One's consents: when, to what, how given; withdrawing with the effect shown before."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.experts import queries
from kierto.experts.consents import withdraw_consent
from kierto.experts.models import ConsentTo
from kierto.experts.queries import OwnConsent, Register
from kierto.pages.me.forms import PressForm
from kierto.people.rules import ExpertState
from kierto.seats.leaving import coming_seats_of
from kierto.seats.withdrawing import leave_register
from kierto.web.guard import actor, sees
from kierto.words import gettext

pages = Blueprint("me_consents", __name__, url_prefix="/me")


@pages.get("/consents/<ref>")
@sees(queries.own_register)
def show(register: Register) -> str:
    """Each consent: what it means, and what became of it."""
    consents = queries.consents_of(register.expert.id)
    valid = {one.to: one for one in consents if one.withdrawn_at is None}
    return render_template(
        "pages/me/consents.html",
        register=register,
        valid=[(to, valid.get(to)) for to in ConsentTo],
        ended=[one for one in consents if one.withdrawn_at is not None],
        inside=register.expert.state in queries.IN_REGISTER,
    )


@pages.route("/consents/<ref>/<consent>/withdraw", methods=["GET", "POST"])
@sees(queries.own_consent)
def withdraw(own: OwnConsent) -> ResponseReturnValue:
    """What happens when it is withdrawn, and the button that does it."""
    register, to = own.register, own.consent.to
    if own.consent.withdrawn_at is not None:
        return redirect(f"/me/consents/{register.expert.ref}")
    form = PressForm()
    if form.validate_on_submit():
        with form.refusals():
            if to is ConsentTo.REGISTER:
                leave_register(actor(), register.expert)
                flash(gettext("You have left the register. Thank you for your time."), "success")
            else:
                withdraw_consent(actor(), register.expert, to)
                flash(gettext("Your consent was taken back. What was stored because of it is deleted."), "success")
            return redirect(f"/me/consents/{register.expert.ref}")
    return form.page(
        "pages/me/withdraw.html",
        register=register,
        to=to,
        applied=register.expert.state is ExpertState.APPLIED,
        seats=coming_seats_of(register.expert) if to is ConsentTo.REGISTER else [],
    )
