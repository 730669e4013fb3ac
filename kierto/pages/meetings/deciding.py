"""A meeting that lacks people it needs: the coordinator finds them, lets seats go, holds it anyway or cancels it."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.meetings.actions import hold_anyway
from kierto.meetings.models import Meeting
from kierto.policy import HOLD_ANYWAY, RELEASE_SEATS
from kierto.rounds import queries as rounds
from kierto.seats import queries as seats
from kierto.seats.needed import still_needed
from kierto.seats.releasing import release_seats
from kierto.seats.watching import must_be_decided
from kierto.web.forms import Form, Length, Required, TextAreaField
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext, lazy_gettext

pages = Blueprint("meetings_deciding", __name__, url_prefix="/meetings")


class HoldForm(Form):
    """Why a meeting is held without everyone it needs."""

    reason = TextAreaField(
        lazy_gettext("Why is it held all the same?"),
        [Required(), Length(max=500)],
        description=lazy_gettext("The coordinators and the contact persons of the unit read it."),
        render_kw={"rows": 3},
    )


@pages.route("/<ref>/decide", methods=["GET", "POST"])
@requires(HOLD_ANYWAY, of=seats.meeting)
def decide(meeting: Meeting) -> ResponseReturnValue:
    """Who is lacking, and what can be done; sent, it is held anyway (meeting-mix)."""
    form = HoldForm()
    if form.validate_on_submit():
        with form.refusals():
            hold_anyway(actor(), meeting, form.reason.data or "")
        if not form.refused:
            flash(gettext("The meeting is held. Your reason was written down."), "success")
            return redirect(f"/meetings/{meeting.ref}")
    now = seats.attendance(meeting)
    return form.page(
        "pages/meetings/decide.html",
        meeting=meeting,
        attendance=now,
        needed=still_needed(meeting, now),
        lacks=not seats.has_mix(meeting),
        must=must_be_decided(meeting),
        kept=not meeting.mix_released and sum(now.lacking) > 0,
        round=rounds.round_seen_of(actor(), meeting),
    )


@pages.post("/<ref>/release")
@requires(RELEASE_SEATS, of=seats.meeting)
def release(meeting: Meeting) -> ResponseReturnValue:
    """Rule seat-mix-kept: the seats that are kept go to anyone."""
    form = Form()
    with form.refusals():
        release_seats(actor(), meeting)
        flash(gettext("The seats were released. Those who wait are asked first."), "success")
    if form.refused:
        flash(form.faults[0].message, "warning")
    return redirect(f"/meetings/{meeting.ref}/decide")


@pages.get("/<ref>/release")
@sees(seats.meeting)
def back(meeting: Meeting) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return redirect(f"/meetings/{meeting.ref}")
