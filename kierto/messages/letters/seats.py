"""Letters about seats: invited, offered, given, not given, ended by somebody else; a facilitator named."""

from datetime import datetime

from sqlalchemy import select

from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.meetings import ExpertsInvited, MeetingMoved, VisitorsInvited
from kierto.events.catalogue.seats import (
    FacilitatorNamed,
    SeatGiven,
    SeatNotGiven,
    SeatOfferDeclined,
    SeatOffered,
    SeatWithdrawn,
)
from kierto.events.models import Event
from kierto.messages.letters.facts import before, facts_of, meeting_told, readers_seat, seat_told
from kierto.messages.letters.told import Facts, Letter, Outdated, Told, to_certain
from kierto.seats.elsewhere import elsewhere
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.words import moment


def _invited(told: Told) -> Facts:
    """Who has answered meanwhile is not asked any more. Asked anew after a move, they read when it was before."""
    meeting = meeting_told(told)
    seat = readers_seat(told, meeting)
    if not meeting.open or seat is None or seat.state is not SeatState.INVITED:
        raise Outdated
    until = _said(meeting.interest_until) if meeting.taking_interest else None
    facts = facts_of(meeting, told.settings, seat, fee=True)
    moved = isinstance(told.data, MeetingMoved)
    if isinstance(told.data, MeetingMoved):
        facts["details"].insert(1, before(meeting, told.data))
    return facts | {"until": until, "moved": moved}


def _offered(told: Told) -> Facts:
    """Until when the offer stands now: a move, or a call, may have changed it since the seat was offered.

    When it lapsed and was made again, the letter of the later offer tells it.
    """
    seat = seat_told(told)
    if seat.state is not SeatState.OFFERED or _offered_later(told, seat):
        raise Outdated
    asked = {"until": _said(seat.offered_until), "asked_first": seat.asked_first}
    return facts_of(seat.meeting, told.settings, seat, fee=True) | asked


def _offered_later(told: Told, seat: Seat) -> bool:
    later = select(Event.id).where(
        Event.organisation_id == seat.organisation_id,
        Event.subject == Seat.__tablename__,
        Event.subject_id == seat.id,
        Event.kind == SeatOffered.kind,
        Event.id > told.message.event_id,
    )
    return session.scalar(later.limit(1)) is not None


def _given(told: Told) -> Facts:
    return _in_state(told, SeatState.ACCEPTED)


def _not_given(told: Told) -> Facts:
    """Why is said as it is now: somebody else goes first, or they are in another meeting then."""
    facts, seat = _in_state(told, SeatState.WAITING), seat_told(told)
    return facts | {"asked_first": seat.asked_first, "elsewhere": bool(elsewhere(seat.meeting, [seat.person_id]))}


def _in_state(told: Told, state: SeatState) -> Facts:
    seat = seat_told(told)
    if seat.state is not state:
        raise Outdated
    return facts_of(seat.meeting, told.settings, seat, fee=True)


def _leads(told: Told) -> Facts:
    seat = seat_told(told)
    if seat.role is not SeatRole.FACILITATOR or seat.state in (SeatState.DECLINED, SeatState.WITHDRAWN):
        raise Outdated
    return facts_of(seat.meeting, told.settings, seat)


def _ended(told: Told) -> Facts:
    """That they need not come, also when the meeting was cancelled since: of that they hear nothing any more."""
    seat = session.get(Seat, told.message.subject_id)
    ended = seat is not None and seat.state in (SeatState.DECLINED, SeatState.WITHDRAWN)
    if seat is None or not ended or seat.person_id != told.message.person_id or seat.meeting.started:
        raise Outdated
    return facts_of(seat.meeting, told.settings) | {"leads": seat.role is SeatRole.FACILITATOR}


def _said(at: datetime | None) -> str | None:
    """A point in time; none for an offer whose clock begins with a call."""
    return moment(local(at)) if at is not None else None


LETTERS = {
    ExpertsInvited.kind: Letter(_invited, to_certain),
    VisitorsInvited.kind: Letter(_invited, to_certain),
    SeatOffered.kind: Letter(_offered, to_certain),
    SeatGiven.kind: Letter(_given, to_certain),
    SeatNotGiven.kind: Letter(_not_given, to_certain),
    FacilitatorNamed.kind: Letter(_leads, to_certain),
    SeatWithdrawn.kind: Letter(_ended),
    SeatOfferDeclined.kind: Letter(_ended, words="seat_withdrawn"),
}
