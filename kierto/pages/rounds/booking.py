"""The pages on which a unit's meeting is booked, moved and given up.

A time is picked from those that are free, or typed; the next page says what it means and has the button that does it.
"""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.meetings.models import Meeting
from kierto.meetings.rules import Span
from kierto.pages.rounds.times import GiveUpForm, Shown, TimeForm
from kierto.policy import BOOK_STOP, CANCEL_MEETING, MOVE_MEETING
from kierto.rounds import queries as rounds
from kierto.rounds.booking import book_stop, give_up_stop, hosts_of, judged, move_stop
from kierto.rounds.concerned import asked_again, concerned
from kierto.rounds.free_times import experts_at, free_times
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.rounds.rules import interest_ends
from kierto.seats import queries as seats
from kierto.seats.rules import moved_far
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("booking", __name__, url_prefix="/rounds")

FREE_DAYS = 10
"""So many days a page offers; a link leads to the later ones."""


@pages.get("/<ref>/book")
@sees(rounds.round_)
def whose(round_: Round) -> ResponseReturnValue:
    """Where a booking begins: whose meeting? Who books for one unit goes straight to its free times."""
    to_book = rounds.stops_to_book(actor(), round_) if round_.state is RoundState.OPEN else []
    if len(to_book) == 1:
        return redirect(f"/rounds/{round_.ref}/book/{to_book[0].unit.ref}")
    own = [stop for stop in round_.stops if BOOK_STOP.allows(actor(), stop)]
    return render_template("pages/rounds/whose.html", round=round_, to_book=to_book, own=own)


@pages.get("/<ref>/book/<unit>")
@requires(BOOK_STOP, of=rounds.stop_in)
def book(stop: Stop) -> ResponseReturnValue:
    """The free times of a unit whose turn waits; of one that is booked, what can be done with its meeting."""
    return _times(stop, TimeForm())


@pages.get("/<ref>/move/<unit>")
@requires(MOVE_MEETING, of=rounds.stop_in)
def move(stop: Stop) -> ResponseReturnValue:
    """The times to which a unit's meeting can be moved."""
    return _times(stop, TimeForm(), moving=True)


@pages.route("/<ref>/book/<unit>/confirm", methods=["GET", "POST"])
@requires(BOOK_STOP, of=rounds.stop_in)
def confirm(stop: Stop) -> ResponseReturnValue:
    """What booking the time means, and the button that books it."""
    form = TimeForm()
    if form.validate_on_submit():
        with form.refusals():
            meeting = book_stop(actor(), stop, *form.start, override=form.override.data)
            flash(_told(meeting), "success")
            return redirect(f"/meetings/{meeting.ref}")
    span = _span(stop, form) if _state(stop) == "waiting" else None
    if span is None:
        return _times(stop, form)
    return form.page(
        "pages/rounds/book_confirm.html",
        stop=stop,
        round=stop.round,
        at=Shown(*span),
        experts=experts_at(stop, span),
        works_here=stop.unit_id in actor().units,
        interest_until=interest_ends(clock.now(), stop.round.interest_days, span.start),
        again=stop.meeting_id is not None,
    )


@pages.route("/<ref>/move/<unit>/confirm", methods=["GET", "POST"])
@requires(MOVE_MEETING, of=rounds.stop_in)
def confirm_move(stop: Stop) -> ResponseReturnValue:
    """Who is asked again when the meeting is moved to the time, and the button that moves it."""
    form = TimeForm()
    if form.validate_on_submit():
        with form.refusals():
            meeting = move_stop(actor(), stop, *form.start, override=form.override.data)
            flash(gettext("The meeting was moved. Those who come are told."), "success")
            return redirect(f"/meetings/{meeting.ref}")
    span = _span(stop, form) if _state(stop) == "booked" else None
    if span is None or stop.meeting is None:
        return _times(stop, form, moving=True)
    return form.page(
        "pages/rounds/move_confirm.html",
        stop=stop,
        round=stop.round,
        meeting=stop.meeting,
        at=Shown(*span),
        far=moved_far(stop.meeting.starts_at, span.start),
        asked=asked_again(actor(), stop.meeting, span),
        all=concerned(stop.meeting),
        experts=experts_at(stop, span),
    )


@pages.route("/<ref>/give-up/<unit>", methods=["GET", "POST"])
@requires(CANCEL_MEETING, of=rounds.stop_in)
def give_up(stop: Stop) -> ResponseReturnValue:
    """Whom cancelling the unit's meeting concerns, and the button that cancels it."""
    coming = stop.meeting if stop.state is StopState.BOOKED and stop.meeting and stop.meeting.open else None
    if request.method == "POST" and coming is None:
        return redirect(request.path)  # whose page says that there is nothing to cancel
    form = GiveUpForm()
    if form.validate_on_submit():
        with form.refusals():
            give_up_stop(actor(), stop, form.data["reason"])
            flash(gettext("The meeting was cancelled. Those who were coming are told."), "success")
            return redirect(f"/rounds/{stop.round.ref}")
    return form.page(
        "pages/rounds/give_up.html",
        stop=stop,
        round=stop.round,
        meeting=coming,
        all=concerned(coming) if coming else None,
        attendance=seats.attendances([coming])[coming.id] if coming else None,
        together=[unit for unit in hosts_of(stop) if unit.id != stop.unit_id],
    )


def _times(stop: Stop, form: TimeForm, *, moving: bool = False) -> ResponseReturnValue:
    """The free times as links, and another one to type; with what a typed or a taken one is refused for."""
    state = _state(stop)
    able = state == ("booked" if moving else "waiting")
    if not able:  # the page has no fields then
        form.day.errors = form.time.errors = form.override.errors = []
    after = _day(request.args.get("after", ""))
    days = free_times(actor(), stop, FREE_DAYS + 1, after) if able else []
    return form.page(
        "pages/rounds/times.html",
        stop=stop,
        round=stop.round,
        state=state,
        able=able,
        moving=moving,
        raced=form.refused and request.method == "POST",
        address=f"/rounds/{stop.round.ref}/{'move' if moving else 'book'}/{stop.unit.ref}",
        days=[(free.on, [(Shown(*one.span), one.experts) for one in free.times]) for free in days[:FREE_DAYS]],
        later=days[FREE_DAYS - 1].on if len(days) > FREE_DAYS else None,
        after=after,
    )


def _state(stop: Stop) -> str:
    """Whether the turn is there to be booked or moved: "waiting", "booked", or "closed" when it is neither."""
    if stop.round.state is not RoundState.OPEN:
        return "closed"
    if stop.state is StopState.BOOKED and stop.meeting is not None and not stop.meeting.open:
        return "closed"
    return stop.state.value


def _span(stop: Stop, form: TimeForm) -> Span | None:
    """When the meeting would be; None when the form tells what must be mended on the page of times.

    That the unit does not host then is no such thing: the next page asks whoever books to say so.
    """
    sent = request.method == "POST"
    if form.day.errors or form.time.errors or form.form_errors or not (sent or form.understood):
        return None
    found: list[Span] = []
    with form.refusals():
        found.append(judged(stop, hosts_of(stop), *form.start, override=True))
        if not sent:
            judged(stop, hosts_of(stop), *form.start, override=False)
    return found[0] if found else None


def _told(meeting: Meeting) -> str:
    """What the booking means for who booked."""
    confirmed = gettext("It is confirmed by itself when those it needs have said they come.")
    if seats.seat_of(actor(), meeting) is None:
        return " ".join((gettext("The meeting is booked."), confirmed))
    return " ".join((gettext("The meeting is booked, and you have a seat in it."), confirmed))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
