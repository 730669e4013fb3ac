"""What an organisation pays experts: its rates by year, decided by its coordinators."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.policy import SET_FEES
from kierto.units import queries as units
from kierto.units.fees import Rates, rate_of, rates_of, set_rates, years_to_set
from kierto.units.models import FeeRate, Organisation
from kierto.web.forms import BooleanField, EurosField, Form, IntegerField, Length, NumberRange, Required, StringField
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("fees", __name__, url_prefix="/organisation/fees")

LONGEST_NOTICE = 24 * 14
"""Hours before a meeting that an organisation may call late, at the most."""


class FeesForm(Form):
    """The rates of a year."""

    fee_cents = EurosField(
        lazy_gettext("Fee for one meeting, in euros"),
        [Required(lazy_gettext("Give the fee. If you pay none, write 0."))],
        description=lazy_gettext("Such as 70 or 62,50. Travel is a sum of its own and does not belong here."),
    )
    travel_paid = BooleanField(lazy_gettext("Travel is paid beside the fee"))
    cancellation_cents = EurosField(
        lazy_gettext("Fee when you cancel a meeting late, in euros"),
        [Required(lazy_gettext("Give the sum. If you pay none, write 0."))],
        description=lazy_gettext("It is paid to those who had said yes."),
    )
    late_hours = IntegerField(
        lazy_gettext("How many hours before the meeting is late?"),
        [Required(), NumberRange(1, LONGEST_NOTICE)],
        default=24,
    )
    paid_by = StringField(
        lazy_gettext("Who pays"),
        [Required(lazy_gettext("Say who pays, so that people know whom to ask.")), Length(max=200)],
        description=lazy_gettext("As experts know it, such as the name of the county and its payroll."),
    )

    @property
    def rates(self) -> Rates:
        """What was decided; ask only a valid form."""
        given = self.data
        return Rates(
            given["fee_cents"],
            given["cancellation_cents"],
            given["late_hours"],
            given["travel_paid"],
            given["paid_by"].strip(),
        )


@pages.get("")
@requires(SET_FEES, of=units.coordinated)
def index(organisation: Organisation) -> ResponseReturnValue:
    """Every year's rates, and the years that can be decided now."""
    return Form().page(
        "pages/admin/fees.html", organisation=organisation, rates=rates_of(organisation), years=years_to_set()
    )


@pages.route("/<year>", methods=["GET", "POST"])
@requires(SET_FEES, of=units.coordinated)
def of_year(organisation: Organisation, year: str) -> ResponseReturnValue:
    """Decide the rates of this year or the next; what went before is offered."""
    chosen = next((one for one in years_to_set() if str(one) == year), None)
    if chosen is None:
        raise NotFound
    before = rate_of(organisation.id, chosen)
    form = FeesForm(data=_known(organisation, before))
    if form.validate_on_submit():
        with form.refusals():
            set_rates(actor(), organisation, chosen, form.rates)
            flash(gettext("The fees were saved. Experts see them before they say yes."), "success")
            return redirect("/organisation/fees", HTTPStatus.SEE_OTHER)
    return form.page("pages/admin/fees_of_year.html", organisation=organisation, year=chosen, before=before)


def _known(organisation: Organisation, before: FeeRate | None) -> dict[str, object]:
    """What the form begins with."""
    if before is None:
        return {"paid_by": str(organisation.name), "travel_paid": True}
    return {
        name: getattr(before, name)
        for name in ("fee_cents", "cancellation_cents", "late_hours", "travel_paid", "paid_by")
    }
