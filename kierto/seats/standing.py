"""What a change of a seat does to its meeting: the seats that are held, the mix, and what the person said.

The meeting is locked by who calls.
"""

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingConfirmed, MeetingMixLost
from kierto.events.catalogue.seats import SeatAnswerRecorded
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats import queries
from kierto.seats.models import Seat
from kierto.seats.rules import FEE_BEFORE_YES, Answered, SeatRole, SeatState, check_answer_for
from kierto.units.fees import rate_of


def stand(seat: Seat, meeting: Meeting, state: SeatState) -> None:
    """Give the seat a state, with what the state means for the meeting's counter and for the seat's own clocks."""
    held = seat.holds
    seat.state = state
    meeting.seats_taken += seat.holds - held
    if state is not SeatState.OFFERED:
        seat.offered_until = None
    if state not in (SeatState.WAITING, SeatState.OFFERED):
        seat.waiting_since, seat.passed_at, seat.asked_first = None, None, False
    if state is not SeatState.INTERESTED:
        seat.interested_since = None
    if state in (SeatState.ACCEPTED, SeatState.RECONFIRM):
        seat.agreed_starts_at = meeting.starts_at
    session.flush()


def settle_mix(actor: Actor, meeting: Meeting, *, had_mix: bool = False, lost_expert: bool = False) -> None:
    """Rule meeting-mix: a proposed meeting confirms itself when its mix is met; who loses it is flagged.

    That a coordinator had it held without its mix ends with that: whether it is held now is decided anew.
    So it does when it has lost (`lost_expert`) the last expert who was to come.
    """
    session.flush()
    has_mix = queries.has_mix(meeting)
    if meeting.state is MeetingState.PROPOSED and has_mix:
        meeting.state = MeetingState.CONFIRMED
        meeting.confirmed_at = clock.now()
        meeting.reschedule()
        record(actor, meeting, MeetingConfirmed())
    elif meeting.state is MeetingState.CONFIRMED and not has_mix and (had_mix or (lost_expert and _alone(meeting))):
        meeting.override_reason = None
        record(actor, meeting, MeetingMixLost())


def _alone(meeting: Meeting) -> bool:
    """Whether a coordinator has it held without its mix, and no expert is left who comes."""
    return meeting.override_reason is not None and queries.held_mix(meeting).experts == 0


def answered(actor: Actor, seat: Seat, how: Answered) -> None:
    """Keep who gave the latest answer and how (answer-for-another).

    Raises:
        Refused: answer-for-another.
    """
    check_answer_for(actor.person_id, seat.person_id, how)
    seat.answered, seat.answered_by, seat.answered_at = how, actor.person_id, clock.now()
    seat.call_wanted_at = None
    if how in Answered.for_another():
        session.flush()
        record(actor, seat, SeatAnswerRecorded(meeting_id=seat.meeting_id, reason_code=how.value))


def keep_fee(seat: Seat, meeting: Meeting, *, declined: bool, seen: int | None = None) -> None:
    """Keep on an expert's seat what they were shown of the fee before their yes (fee-before-yes); others have none.

    `seen` is the sum in cents that the page showed, if it says so.

    Raises:
        Refused: fee-before-yes, when that has changed since.
    """
    expert = seat.role is SeatRole.EXPERT
    rate = rate_of(meeting.organisation_id, clock.local(meeting.starts_at).year) if expert else None
    fee = rate.fee_cents if rate else None
    if expert and seen is not None and seen != (fee or 0):
        raise Refused(FEE_BEFORE_YES)
    seat.fee_cents, seat.fee_declined = fee, declined and expert
    seat.cancellation_cents = rate.cancellation_cents if rate else None
    seat.travel_paid = rate.travel_paid if rate else None
    seat.paid_by = rate.paid_by if rate else None
