"""Who comes along: a number that the person says, or a coordinator for them."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.policy import SET_COMPANIONS, is_theirs
from kierto.seats.companions import seat_with_companions, set_companions
from kierto.seats.models import Seat
from kierto.seats.rules import MOST_COMPANIONS
from kierto.web.forms import Form, Required, SelectField
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("companions", __name__, url_prefix="/seats")


class CompanionsForm(Form):
    """How many come along."""

    companions = SelectField(
        lazy_gettext("How many people come along?"),
        [Required()],
        choices=[(str(number), str(number)) for number in range(MOST_COMPANIONS + 1)],
        description=lazy_gettext("A support person, an assistant, an interpreter. We do not ask for names."),
    )


@pages.route("/<ref>/companions", methods=["GET", "POST"])
@requires(SET_COMPANIONS, of=seat_with_companions)
def companions(seat: Seat) -> ResponseReturnValue:
    """Say how many come along, so that there is room for them."""
    form = CompanionsForm(data={"companions": str(seat.companions)})
    own = is_theirs(actor(), seat)
    if form.validate_on_submit():
        with form.refusals():
            set_companions(actor(), seat, int(form.companions.data or 0))
        if not form.refused:
            flash(gettext("Saved. There is room for everyone."), "success")
            return redirect(f"/meetings/{seat.meeting.ref}" if own else f"/meetings/{seat.meeting.ref}/answers")
    return form.page("pages/meetings/companions.html", seat=seat, meeting=seat.meeting, own=own)
