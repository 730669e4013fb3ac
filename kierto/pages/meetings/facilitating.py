"""Who leads a meeting: found by name among the organisation's people, and named with one press."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.meetings.models import Meeting
from kierto.pages.meetings.by_name import by_name
from kierto.policy import NAME_FACILITATOR
from kierto.seats import queries as seats
from kierto.seats.facilitating import (
    candidate,
    candidates,
    facilitator,
    facilitators,
    name_facilitator,
    remove_facilitator,
)
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("facilitating", __name__, url_prefix="/meetings")


@pages.get("/<ref>/facilitators")
@requires(NAME_FACILITATOR, of=seats.meeting)
def index(meeting: Meeting) -> str:
    """Who leads the meeting, and whom one finds to lead it."""
    search = by_name(partial(candidates, actor(), meeting), meeting.open)
    return render_template(
        "pages/meetings/facilitators.html", meeting=meeting, search=search, named=facilitators(meeting)
    )


@pages.post("/<ref>/facilitators/<person>")
@requires(NAME_FACILITATOR, of=seats.meeting)
def name(meeting: Meeting, person: str) -> ResponseReturnValue:
    """Name somebody; they are told."""
    somebody = candidate(actor(), meeting, person)
    form = Form()
    with form.refusals():
        name_facilitator(actor(), meeting, somebody.id)
        flash(gettext("%(name)s leads the meeting. We tell them.", name=somebody.name), "success")
    return _back(meeting, form)


@pages.post("/<ref>/facilitators/<person>/remove")
@requires(NAME_FACILITATOR, of=seats.meeting)
def remove(meeting: Meeting, person: str) -> ResponseReturnValue:
    """Take the naming back."""
    seat = facilitator(meeting, person)
    form = Form()
    with form.refusals():
        remove_facilitator(actor(), seat)
        flash(gettext("%(name)s does not lead the meeting any more. Tell them.", name=seat.person.name), "success")
    return _back(meeting, form)


@pages.get("/<ref>/facilitators/<person>")
@pages.get("/<ref>/facilitators/<person>/remove")
@sees(seats.meeting)
def back(meeting: Meeting, person: str) -> ResponseReturnValue:  # noqa: ARG001 - the address names them
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return redirect(f"/meetings/{meeting.ref}/facilitators")


def _back(meeting: Meeting, form: Form) -> ResponseReturnValue:
    if form.refused:
        flash(form.faults[0].message, "warning")
    return redirect(f"/meetings/{meeting.ref}/facilitators")
