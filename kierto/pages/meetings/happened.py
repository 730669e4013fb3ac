"""Did it happen? The unit answers on one page."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.meetings.happening import can_be_said
from kierto.meetings.models import Meeting
from kierto.policy import SAY_HAPPENED
from kierto.practices.held import say_held
from kierto.rounds import queries as rounds
from kierto.seats import queries as seats
from kierto.web.forms import Form, RadioField, Required
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("meetings_happened", __name__, url_prefix="/meetings")


class HappenedForm(Form):
    """Yes or no."""

    happened = RadioField(
        lazy_gettext("Was the meeting held?"),
        [Required(lazy_gettext("Choose yes or no."))],
        choices=(("yes", lazy_gettext("Yes, it was held")), ("no", lazy_gettext("No, it was not held"))),
    )


@pages.route("/<ref>/happened", methods=["GET", "POST"])
@requires(SAY_HAPPENED, of=seats.meeting)
def say(meeting: Meeting) -> ResponseReturnValue:
    """Say whether the meeting was held; the page says what "no" means."""
    said = {True: "yes", False: "no", None: None}[meeting.happened]
    form = HappenedForm(data={"happened": said})
    if form.validate_on_submit():
        happened = form.happened.data == "yes"
        with form.refusals():
            say_held(actor(), meeting, held=happened)
        if not form.refused:
            flash(
                gettext("Thank you. The meeting was held.")
                if happened
                else gettext("Thank you. The meeting was not held. The unit’s turn waits again."),
                "success",
            )
            return redirect(f"/meetings/{meeting.ref}")
    return form.page(
        "pages/meetings/happened.html",
        meeting=meeting,
        can=can_be_said(meeting),
        round=rounds.round_seen_of(actor(), meeting),
    )
