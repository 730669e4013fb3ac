"""Answers that a coordinator got by phone, face to face or on paper, and the calls to make about meetings."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.clock import local
from kierto.meetings.models import Meeting, MeetingState
from kierto.pages.meetings.by_name import by_name
from kierto.policy import RECORD_ANSWER
from kierto.seats import queries as seats
from kierto.seats.models import Seat
from kierto.seats.recording import (
    Newcomer,
    answer_of,
    answers_of,
    newcomer,
    reason_of,
    record_answer,
    record_call,
    record_newcomer,
    strangers,
)
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.seats.unreached import News, news_for, to_be_called
from kierto.units.fees import rate_of
from kierto.units.models import FeeRate
from kierto.web.forms import Form, HiddenField, RadioField, Required
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("recording", __name__)

FEE = (("fee", lazy_gettext("They take the fee")), ("none", lazy_gettext("They come without a fee")))


class AnswerForm(Form):
    """What somebody answered, and how the coordinator got it; of an expert, whether they take the fee."""

    answer = RadioField(
        lazy_gettext("What did they answer?"),
        [Required(lazy_gettext("Choose yes or no."))],
        choices=(("yes", lazy_gettext("Yes, they come")), ("no", lazy_gettext("No, they do not come"))),
    )
    how = RadioField(
        lazy_gettext("How did you get the answer?"),
        [Required(lazy_gettext("Say how you got the answer."))],
        choices=(
            (Answered.PHONE.value, lazy_gettext("By phone")),
            (Answered.TOLD.value, lazy_gettext("They told me")),
            (Answered.PAPER.value, lazy_gettext("On paper")),
        ),
    )
    fee = RadioField(lazy_gettext("The fee"), [Required()], choices=FEE)

    def __init__(self, *, with_fee: bool, new: bool = False, fee_declined: bool = False) -> None:
        super().__init__(data={"fee": "none" if fee_declined else "fee"})
        if not with_fee:
            del self.fee
        if new:
            del self.answer

    @property
    def yes(self) -> bool:
        """Whether they come; of somebody new it is the only answer there is to record."""
        return bool(self.data.get("answer", "yes") == "yes")

    @property
    def got(self) -> Answered:
        """How; ask only when the form is valid."""
        return Answered(self.data["how"])

    @property
    def fee_declined(self) -> bool:
        return bool(self.data.get("fee") == "none")


class CallForm(Form):
    """Which button was pressed after a call, and beside it whether with the fee that was told."""

    answer = HiddenField()
    fee = RadioField(lazy_gettext("The fee"), [Required()], choices=FEE)

    def __init__(self, *, with_fee: bool, fee_declined: bool = False) -> None:
        super().__init__(data={"fee": "none" if fee_declined else "fee"})
        if not with_fee:
            del self.fee

    @property
    def fee_declined(self) -> bool:
        return bool(self.data.get("fee") == "none")


@pages.get("/meetings/<ref>/answers")
@requires(RECORD_ANSWER, of=seats.meeting)
def index(meeting: Meeting) -> str:
    """Everyone who was asked or comes, how they answered, and somebody else found by name."""
    return render_template(
        "pages/meetings/answers.html",
        meeting=meeting,
        search=by_name(partial(strangers, meeting), meeting.open),
        seats=answers_of(meeting),
        to_call=to_be_called(meeting),
    )


@pages.route("/seats/<ref>/record", methods=["GET", "POST"])
@requires(RECORD_ANSWER, of=answer_of)
def record(seat: Seat) -> ResponseReturnValue:
    """Record somebody's answer; for an expert the fee is told first (fee-before-yes)."""
    rate = _rate(seat.meeting, seat.role)
    form = AnswerForm(with_fee=_paid(rate), fee_declined=seat.fee_declined)
    if form.validate_on_submit():
        with form.refusals():
            record_answer(actor(), seat, yes=form.yes, how=form.got, fee_declined=form.fee_declined)
            flash(_recorded(seat), "success")
        if not form.refused:
            return _to_answers(seat.meeting)
    return form.page("pages/meetings/record.html", meeting=seat.meeting, person=seat.person, seat=seat, rate=rate)


@pages.route("/meetings/<ref>/answers/<person>", methods=["GET", "POST"])
@requires(RECORD_ANSWER, of=newcomer)
def record_new(new: Newcomer) -> ResponseReturnValue:
    """Record that somebody comes who has no seat here."""
    person, role = new.somebody
    rate = _rate(new.meeting, role)
    form = AnswerForm(with_fee=_paid(rate), new=True)
    if form.validate_on_submit():
        with form.refusals():
            seat = record_newcomer(actor(), new, how=form.got, fee_declined=form.fee_declined)
            flash(_recorded(seat), "success")
        if not form.refused:
            return _to_answers(new.meeting)
    return form.page("pages/meetings/record.html", meeting=new.meeting, person=person, seat=None, rate=rate)


@pages.route("/seats/<ref>/call", methods=["GET", "POST"])
@requires(RECORD_ANSWER, of=answer_of)
def call(seat: Seat) -> ResponseReturnValue:
    """What to say in a call about a meeting, the number, and a button for every answer."""
    rate = _rate(seat.meeting, seat.role)
    form = CallForm(with_fee=_paid(rate), fee_declined=seat.fee_declined)
    news = news_for(seat)
    if form.validate_on_submit():
        press = _presses(seat, form).get(form.answer.data or "")
        if press is None:
            form.form_errors.append(gettext("We did not get the answer. Press one of the buttons below."))
        else:
            with form.refusals():
                press()
                flash(_recorded(seat), "success")
            if not form.refused:
                return _to_answers(seat.meeting) if news else redirect("/desk")
    return form.page(
        "pages/meetings/call.html",
        meeting=seat.meeting,
        seat=seat,
        rate=rate,
        reason=reason_of(seat),
        tells=news if seat.state is not SeatState.INVITED else frozenset[News](),
        open=seat.meeting.open,
        cancelled=seat.meeting.state is MeetingState.CANCELLED,
    )


def _presses(seat: Seat, form: CallForm) -> dict[str, Callable[[], object]]:
    """Button → what it does. Of a meeting that is cancelled there is nothing to answer."""
    presses: dict[str, Callable[[], object]] = {"reached": lambda: record_call(actor(), seat)}
    if seat.meeting.open:
        presses["yes"] = lambda: record_answer(
            actor(), seat, yes=True, how=Answered.PHONE, fee_declined=form.fee_declined
        )
        presses["no"] = lambda: record_answer(actor(), seat, yes=False, how=Answered.PHONE)
    return presses


def _rate(meeting: Meeting, role: SeatRole) -> FeeRate | None:
    """What an expert is paid for the meeting, if that has been decided."""
    return rate_of(meeting.organisation_id, local(meeting.starts_at).year) if role is SeatRole.EXPERT else None


def _paid(rate: FeeRate | None) -> bool:
    return rate is not None and rate.fee_cents > 0


def _recorded(seat: Seat) -> str:
    """How things stand after it was recorded."""
    if seat.meeting.state is MeetingState.CANCELLED:
        return gettext("Recorded: they know that the meeting is cancelled.")
    said = {
        SeatState.ACCEPTED: gettext("Recorded: they come."),
        SeatState.INTERESTED: gettext(
            "Recorded: they are interested. Seats are given when the days of interest are over."
        ),
        SeatState.WAITING: gettext("Recorded: there was no free seat, so they are on the waiting list."),
        SeatState.DECLINED: gettext("Recorded: they do not come."),
        SeatState.WITHDRAWN: gettext("Recorded: they do not come."),
    }
    return said.get(seat.state, gettext("The call was recorded."))


def _to_answers(meeting: Meeting) -> ResponseReturnValue:
    return redirect(f"/meetings/{meeting.ref}/answers")
