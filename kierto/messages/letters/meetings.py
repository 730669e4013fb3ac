"""Letters about meetings: booked, confirmed, moved, cancelled, near, without the people they need, over."""

from datetime import timedelta

from sqlalchemy import select

from kierto import clock
from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.meetings import (
    ExpertsReminded,
    MeetingAskedHappened,
    MeetingBooked,
    MeetingCancelled,
    MeetingCoHosted,
    MeetingConfirmed,
    MeetingHeldAnyway,
    MeetingLapsed,
    MeetingMixLost,
    MeetingMixMissing,
    MeetingMoved,
    MeetingReminded,
)
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.letters.facts import Detail, before, facts_of, meeting_told, readers_seat
from kierto.messages.letters.told import Facts, Letter, Outdated, Told, to_certain
from kierto.people.queries import host_contacts
from kierto.rounds.models import Round, RoundState, Stop, StopState
from kierto.seats.models import Seat
from kierto.seats.needed import still_needed
from kierto.seats.queries import attendance, has_mix
from kierto.seats.rules import SeatRole, SeatState
from kierto.units.expert_words import in_words_of
from kierto.units.fees import rate_of
from kierto.words import euros, gettext, moment

_COMES = (SeatState.ACCEPTED, SeatState.RECONFIRM)
_HOPED = (SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED)
_GONE = (SeatState.DECLINED, SeatState.WITHDRAWN)


def _booked(told: Told) -> Facts:
    """With what is to be done: whether a worker must still say that they come, and until when experts answer."""
    meeting = meeting_told(told)
    if meeting.state is MeetingState.CANCELLED or meeting.lapsed:
        raise Outdated
    seat = readers_seat(told, meeting)
    return facts_of(meeting, told.settings) | {
        "comes": seat is not None and seat.state in _COMES,
        "lacks_staff": attendance(meeting).lacking.staff > 0,
        "hosts": _hosts(told, meeting),
        "answers": in_words_of(meeting.organisation, _answers(meeting)),
    }


def _answers(meeting: Meeting) -> str:
    """When experts get their seats (seat-interest-first)."""
    if meeting.interest_until is None or not meeting.taking_interest:
        return gettext("The experts who answer first get the seats.")
    until = moment(local(meeting.interest_until))
    return gettext("Experts answer by: %(until)s. Then they get their seats.", until=until)


def _confirmed(told: Told) -> Facts:
    meeting = meeting_told(told)
    if meeting.state is not MeetingState.CONFIRMED or meeting.started:
        raise Outdated
    return facts_of(meeting, told.settings, _own_seat(told, meeting))


def _moved(told: Told) -> Facts:
    """Of several moves only the last is told; who is asked again reads the question."""
    meeting = meeting_told(told)
    assert isinstance(told.data, MeetingMoved)
    if not meeting.open or meeting.starts_at != told.data.starts_at:
        raise Outdated
    seat = _own_seat(told, meeting)
    facts = facts_of(meeting, told.settings, seat)
    facts["details"].insert(1, before(meeting, told.data))
    state = seat.state if seat else None
    return facts | {"asked": state is SeatState.RECONFIRM, "comes": state is SeatState.ACCEPTED}


def _cancelled(told: Told) -> Facts:
    """Who was to come hears of the cancellation fee, a contact person where to book anew."""
    meeting = meeting_told(told)
    if meeting.state is not MeetingState.CANCELLED:
        raise Outdated
    seat = readers_seat(told, meeting)
    facts = facts_of(meeting, told.settings) | _off(told, meeting, seat)
    if meeting.cancel_reason:
        facts["details"].append(Detail(gettext("Reason"), meeting.cancel_reason))
    owed = _owed(meeting, seat) if seat is not None else None
    return facts | {"fee": euros(owed) if owed else None}


def _off(told: Told, meeting: Meeting, seat: Seat | None) -> Facts:
    """What the meeting was to the reader that does not take place, and where their unit books anew.

    `comes`: they had said yes to a seat, and are asked first if there is a new time; `leads`: they were to lead it;
    `hoped`: they had said that they could come; `asked`: they have not answered whether they could. Who
    is none of these reads it for the unit.
    """
    state = seat.state if seat is not None else None
    leads = seat is not None and seat.role is SeatRole.FACILITATOR and state in _COMES
    book = _book_again(told, meeting)
    facts: Facts = {
        "comes": state in _COMES and not leads,
        "leads": leads,
        "hoped": state in _HOPED,
        "asked": state is SeatState.INVITED,
        "books": book is not None,
    }
    return facts | {"link": f"{told.settings.base_url}{book}"} if book else facts


def _owed(meeting: Meeting, seat: Seat) -> int | None:
    """The cancellation fee that was agreed on an expert's seat, if the meeting was cancelled so late that it is paid.

    Only who had said yes to a seat, and not declined the fee, has agreed on one.
    """
    rate = rate_of(meeting.organisation_id, local(meeting.starts_at).year)
    agreed = seat.state in _COMES and seat.role is SeatRole.EXPERT and not seat.fee_declined
    if rate is None or meeting.cancelled_at is None or not agreed:
        return None
    late = meeting.starts_at - meeting.cancelled_at < timedelta(hours=rate.late_hours)
    return seat.cancellation_cents if late else None


def _co_hosted(told: Told) -> Facts:
    """Nothing, when the meeting is one unit's again or is not to come any more."""
    meeting = meeting_told(told)
    assert isinstance(told.data, MeetingCoHosted)
    if not meeting.open or meeting.co_unit_id != told.data.unit_id:
        raise Outdated
    return facts_of(meeting, told.settings)


def _lapsed(told: Told) -> Facts:
    meeting = meeting_told(told)
    if not meeting.lapsed:
        raise Outdated
    return facts_of(meeting, told.settings) | _off(told, meeting, readers_seat(told, meeting))


def _reminded(told: Told) -> Facts:
    """With how to find there and how to say that one cannot come; who has said so meanwhile is left in peace."""
    meeting = meeting_told(told)
    assert isinstance(told.data, MeetingReminded | ExpertsReminded)
    seat = readers_seat(told, meeting)
    left = (local(meeting.starts_at).date() - clock.today()).days
    if not meeting.open or seat is None or seat.state not in _COMES or left > told.data.days:
        raise Outdated
    facts = facts_of(meeting, told.settings, seat, fee=True)
    for label, note in (
        (gettext("How to find there"), meeting.unit.arrival.text()),
        (gettext("Access"), meeting.unit.access.text()),
    ):
        if note.value:
            facts["details"].append(Detail(label, note.value, note.lang))
    return facts | {"tomorrow": left == 1, "today": left == 0, "asked": seat.state is SeatState.RECONFIRM}


def _mix_missing(told: Told) -> Facts:
    meeting = meeting_told(told)
    if not meeting.open or meeting.state is not MeetingState.PROPOSED or has_mix(meeting):
        raise Outdated
    return _lacking(meeting, told)


def _mix_lost(told: Told) -> Facts:
    meeting = meeting_told(told)
    if not meeting.open or has_mix(meeting):
        raise Outdated
    return _lacking(meeting, told)


def _asked_happened(told: Told) -> Facts:
    meeting = meeting_told(told)
    if meeting.happened is not None or not meeting.held:
        raise Outdated
    facts = facts_of(meeting, told.settings)
    return facts | {"link": f"{facts['link']}/happened"}


def _lacking(meeting: Meeting, told: Told) -> Facts:
    facts = facts_of(meeting, told.settings)
    still = in_words_of(meeting.organisation, still_needed(meeting, attendance(meeting)))
    facts["details"].append(Detail(gettext("Still needed"), still))
    return facts | {"hosts": _hosts(told, meeting)}


def _own_seat(told: Told, meeting: Meeting) -> Seat | None:
    """The reader's seat, unless they have given it up; whoever has none is a contact person of the unit.

    Raises:
        Outdated: they have given it up, and are no contact person.
    """
    seat = readers_seat(told, meeting)
    if seat is not None and seat.state not in _GONE:
        return seat
    if not _hosts(told, meeting):
        raise Outdated
    return None


def _hosts(told: Told, meeting: Meeting) -> bool:
    units = [unit for unit in (meeting.unit_id, meeting.co_unit_id) if unit is not None]
    return any(person.id == told.message.person_id for unit in units for person in host_contacts(unit))


def _book_again(told: Told, meeting: Meeting) -> str | None:
    """Where the turn of the reader's unit is booked anew, if they book for one and it waits for that."""
    for stop in session.scalars(select(Stop).where(Stop.meeting_id == meeting.id)):
        waits = stop.round.state is RoundState.OPEN and stop.state is StopState.WAITING
        if waits and any(person.id == told.message.person_id for person in host_contacts(stop.unit_id)):
            return book_address(stop.round, stop)
    return None


def book_address(round_: Round, stop: Stop) -> str:
    """The page on which a unit books its turn."""
    return f"/rounds/{round_.ref}/book/{stop.unit.ref}"


LETTERS = {
    MeetingBooked.kind: Letter(_booked),
    MeetingConfirmed.kind: Letter(_confirmed, to_certain),
    MeetingHeldAnyway.kind: Letter(_confirmed, to_certain, words="meeting_confirmed"),
    MeetingMoved.kind: Letter(_moved, to_certain),
    MeetingCancelled.kind: Letter(_cancelled),
    MeetingCoHosted.kind: Letter(_co_hosted),
    MeetingLapsed.kind: Letter(_lapsed),
    MeetingReminded.kind: Letter(_reminded, to_certain),
    ExpertsReminded.kind: Letter(_reminded, to_certain, words="meeting_reminded"),
    MeetingMixMissing.kind: Letter(_mix_missing),
    MeetingMixLost.kind: Letter(_mix_lost),
    MeetingAskedHappened.kind: Letter(_asked_happened),
}
