"""Taking, answering and giving up seats. Every verb locks the meeting first, then the person."""

from collections.abc import Iterable

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingConfirmed, MeetingMixLost
from kierto.events.catalogue.seats import (
    SeatOfferDeclined,
    SeatOffered,
    SeatOfferPassed,
    SeatQueued,
    SeatTaken,
    SeatWithdrawn,
)
from kierto.meetings.models import Meeting, MeetingState
from kierto.people import queries as people
from kierto.people.models import Person
from kierto.people.rules import EXPERT_APPROVED, SEAT_NO_DOUBLE_HAT
from kierto.seats import queries
from kierto.seats.models import Seat
from kierto.seats.rules import (
    SEAT_BEFORE_START,
    SEAT_WAITING_ORDER,
    SeatRole,
    SeatState,
    Waiting,
    check_one_place,
    next_in_line,
    offer_ends,
)


def take_seat(actor: Actor, meeting: Meeting, person_id: int, role: SeatRole) -> Seat:
    """Take a seat, or join the waiting list when there is no room for the role.

    Pressing twice changes nothing: the seat that is there already is returned.

    Raises:
        Refused: seat-before-start, expert-approved, seat-no-double-hat, person-one-place.
    """
    meeting = _locked(meeting.id)
    lock_one(Person, person_id)
    _check_role(meeting, person_id, role)
    seat = session.scalar(
        select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    room = queries.attendance(meeting).room_for(role)
    # Who waits and let an offer pass may still find a seat that nobody else in line wanted.
    if seat is not None and (seat.holds or (seat.state is SeatState.WAITING and not room)):
        return seat
    check_one_place(meeting.span, queries.accepted_spans(person_id, meeting.span))
    now = clock.now()
    if seat is None:
        seat = Seat(
            organisation_id=meeting.organisation_id,
            meeting_id=meeting.id,
            person_id=person_id,
            role=role,
            state=SeatState.INVITED,
            created_at=now,
        )
        session.add(seat)
    seat.role = role
    if room:
        _accept(seat, meeting)
        record(actor, seat, SeatTaken(meeting_id=meeting.id, role=role.value))
        settle(actor, meeting)
    else:
        seat.state, seat.waiting_since, seat.passed_at = SeatState.WAITING, now, None
        record(actor, seat, SeatQueued(meeting_id=meeting.id, role=role.value))
    return seat


def answer_offer(actor: Actor, seat: Seat, *, yes: bool) -> Seat:
    """Say yes or no to an offered seat; no passes the offer on and leaves the waiting list.

    Raises:
        Refused: seat-before-start; seat-waiting-order when the offer has ended; person-one-place.
    """
    meeting = _locked(seat.meeting_id)
    lock_one(Person, seat.person_id)
    session.refresh(seat)
    if seat.state is SeatState.ACCEPTED and yes:
        return seat
    if seat.state is not SeatState.OFFERED or (seat.offered_until and seat.offered_until <= clock.now()):
        raise Refused(SEAT_WAITING_ORDER)
    if not yes:
        return give_up(actor, seat, meeting)
    check_one_place(meeting.span, queries.accepted_spans(seat.person_id, meeting.span))
    seat.state, seat.offered_until = SeatState.ACCEPTED, None
    record(actor, seat, SeatTaken(meeting_id=meeting.id, role=seat.role.value))
    settle(actor, meeting)
    return seat


def withdraw(actor: Actor, seat: Seat) -> Seat:
    """Give the seat, or the place in the waiting list, up: one press and no reason (seat-withdraw-freely).

    Raises:
        Refused: seat-before-start.
    """
    meeting = _locked(seat.meeting_id)
    lock_one(Person, seat.person_id)
    session.refresh(seat)
    if not (seat.holds or seat.state is SeatState.WAITING):
        return seat
    return give_up(actor, seat, meeting)


def pass_on_offer(meeting_id: int, seat_id: int) -> None:
    """An offer has run out: the person keeps their place, and the next in line is asked (seat-waiting-order).

    Nothing happens when it was answered in the meantime.
    """
    meeting = lock_one(Meeting, meeting_id)
    seat = session.get(Seat, seat_id, populate_existing=True)
    now = clock.now()
    if seat is None or seat.state is not SeatState.OFFERED or (seat.offered_until and seat.offered_until > now):
        return
    meeting.seats_taken -= 1
    seat.state, seat.offered_until, seat.passed_at = SeatState.WAITING, None, now
    record(SYSTEM, seat, SeatOfferPassed(meeting_id=meeting.id))
    if meeting.open:
        _offer_freed(SYSTEM, meeting)


def _locked(meeting_id: int) -> Meeting:
    meeting = lock_one(Meeting, meeting_id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    return meeting


def _check_role(meeting: Meeting, person_id: int, role: SeatRole) -> None:
    """Rules expert-approved and seat-no-double-hat: an expert is approved, and never one where they work."""
    works_here = any(people.works_in(person_id, unit_id) for unit_id in meeting.unit_ids)
    if role is SeatRole.EXPERT:
        if works_here:
            raise Refused(SEAT_NO_DOUBLE_HAT)
        if not people.is_approved_expert(person_id, meeting.organisation_id):
            raise Refused(EXPERT_APPROVED)
    elif role is SeatRole.HOST_STAFF and not works_here:
        raise Refused(SEAT_NO_DOUBLE_HAT)


def _accept(seat: Seat, meeting: Meeting) -> None:
    seat.state, seat.waiting_since, seat.offered_until = SeatState.ACCEPTED, None, None
    meeting.seats_taken += 1
    session.flush()


def give_up(actor: Actor, seat: Seat, meeting: Meeting) -> Seat:
    """Take the person out of the meeting, whatever their seat is, and pass on what is freed; the meeting is locked."""
    freed, offered, had_mix = seat.holds, seat.state is SeatState.OFFERED, queries.has_mix(meeting)
    seat.state = SeatState.DECLINED if offered else SeatState.WITHDRAWN
    seat.waiting_since, seat.offered_until = None, None
    told = SeatOfferDeclined if offered else SeatWithdrawn
    record(actor, seat, told(meeting_id=meeting.id, role=seat.role.value))
    if freed:
        meeting.seats_taken -= 1
        settle(actor, meeting, had_mix=had_mix)
        if not offered:
            _ask_everyone_again(meeting)
        _offer_freed(actor, meeting)
    return seat


def _ask_everyone_again(meeting: Meeting) -> None:
    """A seat that was taken is free: who let an earlier one pass has kept their place, and is asked in their turn."""
    for seat in queries.seats_of(meeting, SeatState.WAITING):
        seat.passed_at = None


def _offer_freed(actor: Actor, meeting: Meeting) -> None:
    """Offer what is free to those who wait, until nobody who waits has room (seat-waiting-order)."""
    session.flush()
    waiting = {seat.id: seat for seat in queries.seats_of(meeting, SeatState.WAITING)}
    while chosen := _next_in_line(meeting, waiting.values()):
        seat = waiting.pop(chosen.seat_id)
        seat.state = SeatState.OFFERED
        seat.offered_until = offer_ends(clock.now(), meeting.starts_at)
        meeting.seats_taken += 1
        record(actor, seat, SeatOffered(meeting_id=meeting.id, until=seat.offered_until))
        session.flush()


def _next_in_line(meeting: Meeting, waiting: Iterable[Seat]) -> Waiting | None:
    now = queries.attendance(meeting)
    return next_in_line(
        [
            Waiting(seat.id, seat.role, seat.waiting_since or seat.created_at, seat.passed_at is not None)
            for seat in waiting
        ],
        seats=now.seats,
        taken=now.taken,
        mix=now.mix,
        held=now.holding,
    )


def settle(actor: Actor, meeting: Meeting, *, had_mix: bool = False) -> None:
    """Rule meeting-mix: a proposed meeting confirms itself when its mix is met; a confirmed one that had it is flagged.

    The meeting is locked.
    """
    session.flush()
    has_mix = queries.has_mix(meeting)
    if meeting.state is MeetingState.PROPOSED and has_mix:
        meeting.state = MeetingState.CONFIRMED
        meeting.confirmed_at = clock.now()
        meeting.reschedule()
        record(actor, meeting, MeetingConfirmed())
    elif meeting.state is MeetingState.CONFIRMED and had_mix and not has_mix:
        record(actor, meeting, MeetingMixLost())
