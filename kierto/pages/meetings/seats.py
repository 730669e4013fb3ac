"""The presses by which people take, answer and give up their own seats."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.errors import NotFound
from kierto.meetings.models import Meeting
from kierto.pages.meetings import words
from kierto.policy import ANSWER_OFFER, TAKE_SEAT
from kierto.seats import queries as seats
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import Answered
from kierto.web.answering import AnswerForm, heard, press
from kierto.web.guard import actor, requires, sees

pages = Blueprint("seats", __name__)

OWN_PAGE = "me"
"""`?from=me`: pressed on one's own page, and back to it."""


@pages.post("/meetings/<ref>/seat")
@requires(TAKE_SEAT, of=seats.meeting)
def take(meeting: Meeting) -> ResponseReturnValue:
    """“I come”: a seat, interest, or a place on the waiting list, whichever there is at this moment."""
    person_id, role = actor().person_id, words.role_of(actor(), meeting)
    assert person_id is not None
    form = AnswerForm()
    seen = form.fee_seen.data or ""
    with form.refusals():
        seat = take_seat(
            actor(),
            meeting,
            person_id,
            role,
            fee_declined=form.fee.data == "none",
            fee_seen=int(seen) if seen.isdecimal() else None,
        )
        flash(heard(seat), "success")
    if form.refused:
        flash(form.faults[0].message, "warning")
    return _back(meeting.ref)


@pages.post("/seats/<ref>/answer")
@requires(ANSWER_OFFER, of=seats.seat)
def answer(seat: Seat) -> ResponseReturnValue:
    """I come, I cannot, call me: one press, whatever the seat is (seat-withdraw-freely)."""
    flash(*press(seat, Answered.SIGNED_IN))
    return _back(seat.meeting.ref)


@pages.get("/meetings/<ref>/seat")
@sees(seats.meeting)
def back(meeting: Meeting) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return _back(meeting.ref)


@pages.get("/seats/<ref>/answer")
@sees(seats.seat)
def back_from_seat(seat: Seat) -> ResponseReturnValue:
    """The same for a seat."""
    return _back(seat.meeting.ref)


def _back(ref: str) -> ResponseReturnValue:
    """To the meeting; or to one's own page, when one came from it or the meeting is out of sight now.

    A meeting's last tie may have been the seat.
    """
    if request.args.get("from") == OWN_PAGE:
        return redirect("/me")
    try:
        seats.meeting(actor(), ref)
    except NotFound:
        return redirect("/me")
    return redirect(f"/meetings/{ref}")
