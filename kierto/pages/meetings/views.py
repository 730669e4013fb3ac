"""The page of a meeting: when, where, one's own seat, who comes, what was agreed."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Actor
from kierto.experts.rules import may_read_secrets
from kierto.meetings.models import Meeting
from kierto.pages.meetings import words
from kierto.pages.meetings.parts import care_of, decided_of, own_of
from kierto.policy import DRAFT_PRACTICE, SEE_NEEDS, SEE_PARTICIPANTS, SEE_WORKERS, TAKE_SEAT, is_expert_there
from kierto.practices import queries as practices
from kierto.rounds import queries as rounds
from kierto.seats import queries as seats
from kierto.seats.answering import Question, question
from kierto.seats.arranging import ToArrange, any_to_arrange, read_what_to_arrange
from kierto.seats.needed import still_needed
from kierto.seats.rules import SeatRole
from kierto.units.access import sentences
from kierto.units.fees import rate_of
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
        return redirect(f"/meetings/{meeting.ref}")
    return _page(meeting, to_arrange=found)


@pages.get("/meetings/<ref>/arrange")
@sees(seats.meeting)
def back(meeting: Meeting) -> ResponseReturnValue:
    """Where a press left a page of its own behind (an error page, whose language was then switched)."""
    return redirect(f"/meetings/{meeting.ref}")


def _page(meeting: Meeting, to_arrange: Sequence[ToArrange] | None = None) -> str:
    who, seat = actor(), seats.seat_of(actor(), meeting)
    asked = question(seat) if seat else None
    role = words.role_of(who, meeting) if TAKE_SEAT.allows(who, meeting) else None
    named = SEE_PARTICIPANTS.allows(who, meeting)
    participants = seats.seats_of(meeting, *words.TAKING_PART) if named else None
    attendance, round_ = seats.attendance(meeting), rounds.round_seen_of(who, meeting)
    return render_template(
        "pages/meetings/show.html",
        meeting=meeting,
        over=meeting.ends_at <= clock.now(),
        address=f"{current_app.config['KIERTO'].base_url}/meetings/{meeting.ref}",
        access=sentences(meeting.unit),
        host=_met_by(who, meeting, asked),
        hosts=meeting.unit_id in who.units,
        rate=_rate(who, meeting, asked),
        attendance=attendance,
        still_needed=still_needed(meeting, attendance),
        round=round_,
        care=care_of(who, meeting, attendance, round_),
        decided=decided_of(who, meeting, attendance),
        own_part=own_of(who, meeting, seat),
        asked=asked,
        seat=seat,
        role=role,
        arranges=any_to_arrange(meeting) if SEE_NEEDS.allows(who, meeting) else 0,
        may_read=may_read_secrets(who, meeting.organisation.weak_reading_reason),
        to_arrange=to_arrange,
        participants=participants,
        companions=sum(one.companions for one in participants or () if one.state in words.COMING),
        practices=practices.practices_of(who, meeting) if meeting.held else [],
        may_write=meeting.held and DRAFT_PRACTICE.allows(who, meeting),
    )


def _met_by(who: Actor, meeting: Meeting, asked: Question | None) -> str | None:
    """The first name of who meets one, for those who have to do with the meeting; others are told the unit."""
    if asked is None or not (asked.seat.state in words.COMING or asked.waits or SEE_WORKERS.allows(who, meeting)):
        return None
    return asked.host.split()[0] if asked.host else None


def _rate(who: Actor, meeting: Meeting, asked: Question | None) -> object:
    """What is paid, for experts: as it was when they said yes, else as it is now (fee-before-yes)."""
    if asked is not None:
        agreed = asked.seat.state in words.COMING or not asked.yes
        kept = agreed and asked.seat.fee_cents is not None
        return asked.seat if kept and asked.seat.role is SeatRole.EXPERT else asked.rate
    if not is_expert_there(who, meeting):
        return None
    return rate_of(meeting.organisation_id, clock.local(meeting.starts_at).year)
