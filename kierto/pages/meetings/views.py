"""Pages of meetings, and the presses by which people take, answer and give up seats."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.errors import NotFound
from kierto.experts.rules import may_read_secrets
from kierto.meetings.models import Meeting
from kierto.pages.meetings import words
from kierto.policy import (
    ANSWER_OFFER,
    DRAFT_PRACTICE,
    SEE_NEEDS,
    SEE_PARTICIPANTS,
    TAKE_SEAT,
    WITHDRAW,
    is_expert_there,
    works_there,
)
from kierto.practices import queries as practices
from kierto.rounds import queries as rounds
from kierto.seats import queries as seats
from kierto.seats.actions import answer_offer, take_seat, withdraw
from kierto.seats.arranging import ToArrange, any_to_arrange, read_what_to_arrange
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.web.forms import Form
from kierto.web.guard import actor, requires, sees

pages = Blueprint("meetings", __name__)


@pages.get("/meetings/<ref>")
@sees(seats.meeting)
def show(meeting: Meeting) -> str:
    """When and where, one's own seat, who comes, what was agreed."""
    return _page(meeting)


@pages.post("/meetings/<ref>/arrange")
@requires(SEE_NEEDS, of=seats.meeting)
def arrange(meeting: Meeting) -> ResponseReturnValue:
    """Show what to arrange for those who come, and note that it was read (needs-least-seen)."""
    form = Form()
    found: Sequence[ToArrange] = ()
    with form.refusals():
        found = read_what_to_arrange(actor(), meeting)
    if form.refused:
        flash(form.faults[0].message, "warning")
        return _to_meeting(meeting.ref)
    return _page(meeting, to_arrange=found)


def _page(meeting: Meeting, to_arrange: Sequence[ToArrange] | None = None) -> str:
    seat = seats.seat_of(actor(), meeting)
    waiting = seat is not None and seat.state is SeatState.WAITING
    named = SEE_PARTICIPANTS.allows(actor(), meeting)
    return render_template(
        "pages/meetings/show.html",
        meeting=meeting,
        over=meeting.ends_at <= clock.now(),
        attendance=seats.attendance(meeting),
        round=rounds.round_seen_of(actor(), meeting),
        seat=seat,
        place=seats.place_in_line(seat) if waiting and seat else None,
        role=_role(meeting) if TAKE_SEAT.allows(actor(), meeting) else None,
        arranges=any_to_arrange(meeting) if SEE_NEEDS.allows(actor(), meeting) else 0,
        may_read=may_read_secrets(actor(), meeting.organisation.weak_reading_reason),
        to_arrange=to_arrange,
        participants=seats.seats_of(meeting, *words.TAKING_PART) if named else None,
        practices=practices.practices_of(actor(), meeting) if meeting.held else [],
        may_write=meeting.held and DRAFT_PRACTICE.allows(actor(), meeting),
    )


@pages.post("/meetings/<ref>/seat")
@requires(TAKE_SEAT, of=seats.meeting)
def take(meeting: Meeting) -> ResponseReturnValue:
    """A seat, or a place on the waiting list: whichever there is at this moment."""
    person_id, role = actor().person_id, _role(meeting)
    assert person_id is not None
    return _pressed(meeting.ref, lambda: take_seat(actor(), meeting, person_id, role))


@pages.post("/seats/<ref>/withdraw")
@requires(WITHDRAW, of=seats.seat)
def give_up(seat: Seat) -> ResponseReturnValue:
    """Rule seat-withdraw-freely: one press, no reason."""
    return _pressed(seat.meeting.ref, lambda: withdraw(actor(), seat))


@pages.post("/seats/<ref>/answer")
@requires(ANSWER_OFFER, of=seats.seat)
def answer(seat: Seat) -> ResponseReturnValue:
    """Yes or no to an offered seat."""
    if request.form.get("answer") not in ("yes", "no"):
        flash(words.answer_missing(), "warning")
        return _to_meeting(seat.meeting.ref)
    return _pressed(seat.meeting.ref, lambda: answer_offer(actor(), seat, yes=request.form["answer"] == "yes"), seat)


@pages.get("/meetings/<ref>/arrange")
@pages.get("/meetings/<ref>/seat")
@sees(seats.meeting)
def back(meeting: Meeting) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return _to_meeting(meeting.ref)


@pages.get("/seats/<ref>/withdraw")
@pages.get("/seats/<ref>/answer")
@sees(seats.seat)
def back_from_seat(seat: Seat) -> ResponseReturnValue:
    """The same for a seat."""
    return _to_meeting(seat.meeting.ref)


def _pressed(ref: str, act: Callable[[], Seat], seat: Seat | None = None) -> ResponseReturnValue:
    """Do it, say how it went, and go back to the meeting."""
    form = Form()
    with form.refusals():
        done = act()
        flash(*words.outcome(done, seats.place_in_line(done) if done.state is SeatState.WAITING else None))
    if form.refused:
        # What was refused may have been done already, in another tab: then that is what is said.
        gone = seat is not None and seat.state in words.GIVEN_UP
        flash(words.given_up() if gone else form.faults[0].message, "info" if gone else "warning")
    return _to_meeting(ref)


def _to_meeting(ref: str) -> ResponseReturnValue:
    """To the meeting, or to one's own page when it is out of sight now: its last tie may have been the seat."""
    try:
        seats.meeting(actor(), ref)
    except NotFound:
        return redirect("/me")
    return redirect(f"/meetings/{ref}")


def _role(meeting: Meeting) -> SeatRole:
    """As what the actor comes: a worker where they work, an expert elsewhere (seat-no-double-hat)."""
    if works_there(actor(), meeting) or not is_expert_there(actor(), meeting):
        return SeatRole.HOST_STAFF
    return SeatRole.EXPERT
