"""The press of an answer, from a message's link as from a paper pass."""

from kierto.seats.answering import Answer, answer
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatState
from kierto.web.forms import Form, HiddenField
from kierto.web.guard import actor
from kierto.words import gettext

_GIVEN_UP = (SeatState.DECLINED, SeatState.WITHDRAWN)


class AnswerForm(Form):
    """Which button was pressed, and whether with the fee that was shown; see templates/components/answer.html."""

    answer = HiddenField()
    fee = HiddenField()
    fee_seen = HiddenField()


def press(seat: Seat, how: Answered) -> tuple[str, str]:
    """Do what was pressed; returns what is said of it, and its colour."""
    form = AnswerForm()
    said, seen = form.answer.data or "", form.fee_seen.data or ""
    if said not in list(Answer):
        return gettext("We did not get your answer. Press one of the buttons below."), "warning"
    with form.refusals():
        answer(
            actor(),
            seat,
            Answer(said),
            how,
            fee_declined=form.fee.data == "none",
            fee_seen=int(seen) if seen.isdecimal() else None,
        )
    if form.refused:
        return form.faults[0].message, "warning"
    if said == Answer.CALL:
        return gettext("Thank you. We call you."), "success"
    return (gettext("Thank you. We do not call you.") if said == Answer.NO_CALL else heard(seat)), "success"


def heard(seat: Seat) -> str:
    """How things stand after an answer."""
    if seat.state in _GIVEN_UP:
        return gettext("You do not have a seat in this meeting any more. Thank you for telling us.")
    if seat.state is SeatState.INTERESTED:
        return gettext("Thank you. You do not have a seat yet. We tell you when the seats are given.")
    if seat.state is SeatState.WAITING:
        return gettext("There is no free seat now. You are on the waiting list.")
    return gettext("You have a seat. Welcome!")
