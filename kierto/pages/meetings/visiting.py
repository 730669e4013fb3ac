"""A worker of the round's next unit comes to visit: they carry what was agreed on to their own meeting."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.meetings.models import Meeting
from kierto.policy import VISIT_MEETING
from kierto.rounds.visiting import Visit, visit, visit_to
from kierto.seats import queries as seats
from kierto.web.answering import heard
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees

pages = Blueprint("visiting", __name__, url_prefix="/meetings")


@pages.post("/<ref>/visit")
@requires(VISIT_MEETING, of=visit_to)
def come(to: Visit) -> ResponseReturnValue:
    """A seat as visiting staff, or a place on the waiting list."""
    person_id = actor().person_id
    assert person_id is not None
    form = Form()
    with form.refusals():
        seat = visit(actor(), to.meeting, person_id)
        flash(heard(seat), "success")
    if form.refused:
        flash(form.faults[0].message, "warning")
    return redirect(f"/meetings/{to.meeting.ref}")


@pages.get("/<ref>/visit")
@sees(seats.meeting)
def back(meeting: Meeting) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return redirect(f"/meetings/{meeting.ref}")
