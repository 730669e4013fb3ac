"""Taking, answering and giving up seats. Every verb locks the meeting first, then the persons."""

from collections.abc import Iterable

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.seats import (
    SeatDeclined,
    SeatInterested,
    SeatOfferDeclined,
    SeatQueued,
    SeatReconfirmed,
    SeatTaken,
    SeatWithdrawn,
)
from kierto.meetings.models import Meeting
from kierto.seats import queries
from kierto.seats.elsewhere import check_in_one_place
from kierto.seats.hats import check_named, check_role, units_worked
from kierto.seats.interest import hold_people, settle
from kierto.seats.inviting import invited_seat
from kierto.seats.models import Seat
from kierto.seats.offering import offer_again, offer_freed, offer_is_over
from kierto.seats.rules import (
    SEAT_BEFORE_START,
    SEAT_RECONFIRM,
    SEAT_WAITING_ORDER,
    Answered,
    SeatRole,
    SeatState,
)
from kierto.seats.standing import answered, keep_fee, settle_mix, stand
from kierto.words import N_

_INVITED = (SeatState.INVITED, SeatState.INTERESTED)
_GIVEN_UP = (SeatState.DECLINED, SeatState.WITHDRAWN)


def take_seat(
    actor: Actor,
    meeting: Meeting,
    person_id: int,
    role: SeatRole,
    *,
    how: Answered = Answered.SIGNED_IN,
    fee_declined: bool = False,
    fee_seen: int | None = None,
) -> Seat:
    """“I come”: take a seat, say yes to an offered one or after a move, or join those who wait for one.

    While experts say that they are interested, an expert is one of them (seat-interest-first). Without room for the
    role they go on the waiting list. Pressing twice changes nothing: the seat that is there already is returned.
    `fee_seen` is the fee in cents that the page showed.

    Raises:
        Refused: seat-before-start, expert-approved, seat-no-double-hat, person-one-place, answer-for-another,
            fee-before-yes; seat-waiting-order when the offer has ended.
    """
    meeting = _held(meeting.id, person_id)
    check_role(meeting, person_id, role)
    seat = session.scalar(
        select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    check_named(seat, role)
    if seat is not None and seat.state in (SeatState.OFFERED, SeatState.RECONFIRM):
        return _say_yes(actor, seat, meeting, how, fee_declined=fee_declined, fee_seen=fee_seen)
    interested = role is SeatRole.EXPERT and meeting.taking_interest
    room = queries.attendance(meeting).room_for(role, units_worked([person_id], [meeting])[person_id])
    if seat is not None and _stands(seat, room=room, interested=interested):
        return seat
    check_in_one_place(actor, person_id, meeting)
    seat = _with_role(seat or invited_seat(meeting, person_id, role), role)
    keep_fee(seat, meeting, declined=fee_declined, seen=fee_seen)
    answered(actor, seat, how)
    if interested:
        return _be_interested(actor, seat, meeting)
    return _accept(actor, seat, meeting) if room else _queue(actor, seat, meeting)


def answer_offer(
    actor: Actor,
    seat: Seat,
    *,
    yes: bool,
    how: Answered = Answered.SIGNED_IN,
    fee_declined: bool = False,
    fee_seen: int | None = None,
) -> Seat:
    """Say yes or no to an offered seat; no passes the offer on and leaves the waiting list.

    Raises:
        Refused: seat-before-start; seat-waiting-order when the offer has ended; person-one-place; answer-for-another;
            fee-before-yes.
    """
    meeting = _held(seat.meeting_id, seat.person_id)
    session.refresh(seat)
    if seat.state is SeatState.ACCEPTED and yes:
        return seat
    if seat.state is not SeatState.OFFERED or offer_is_over(seat, meeting):
        raise Refused(SEAT_WAITING_ORDER)
    if yes:
        return _say_yes(actor, seat, meeting, how, fee_declined=fee_declined, fee_seen=fee_seen)
    answered(actor, seat, how)
    return give_up(actor, seat, meeting)


def answer_move(
    actor: Actor,
    seat: Seat,
    *,
    yes: bool,
    how: Answered = Answered.SIGNED_IN,
    fee_declined: bool | None = None,
    fee_seen: int | None = None,
) -> Seat:
    """Say whether one can still come after the meeting was moved (seat-reconfirm); no gives the seat up.

    What was agreed of the fee stays unless `fee_declined` says otherwise.

    Raises:
        Refused: seat-before-start; person-one-place; answer-for-another; fee-before-yes; seat-reconfirm when one is not
            asked.
    """
    meeting = _held(seat.meeting_id, seat.person_id)
    session.refresh(seat)
    if seat.state is SeatState.ACCEPTED and yes:
        return seat
    if seat.state is not SeatState.RECONFIRM:
        raise Refused(SEAT_RECONFIRM, N_("You are not asked about this meeting now. See below how things stand."))
    if yes:
        declined = seat.fee_declined if fee_declined is None else fee_declined
        return _say_yes(actor, seat, meeting, how, fee_declined=declined, fee_seen=fee_seen)
    answered(actor, seat, how)
    return give_up(actor, seat, meeting)


def withdraw(actor: Actor, seat: Seat, *, how: Answered = Answered.SIGNED_IN) -> Seat:
    """Give the seat, or the place in the waiting list, up: one press and no reason (seat-withdraw-freely).

    Of who was only invited or interested it is the same as `decline`.

    Raises:
        Refused: seat-before-start, answer-for-another.
    """
    return decline(actor, seat, how=how)


def decline(actor: Actor, seat: Seat, *, how: Answered = Answered.SIGNED_IN) -> Seat:
    """“I cannot come”, whatever the seat is: an invitation, interest, an offer, a seat. Twice changes nothing.

    Raises:
        Refused: seat-before-start, answer-for-another.
    """
    meeting = _held(seat.meeting_id, seat.person_id)
    session.refresh(seat)
    if seat.state in _GIVEN_UP:
        return seat
    answered(actor, seat, how)
    if seat.state in _INVITED:
        stand(seat, meeting, SeatState.DECLINED)
        record(actor, seat, SeatDeclined(meeting_id=meeting.id, role=seat.role.value))
        return seat
    return give_up(actor, seat, meeting)


def give_up(actor: Actor, seat: Seat, meeting: Meeting) -> Seat:
    """Take the person out of the meeting, whatever their seat is, and pass on what is freed.

    An invitation goes without a word: nobody has answered it. The meeting and the person are locked.
    """
    give_up_all(actor, [(seat, meeting)])
    return seat


def give_up_all(actor: Actor, seats: Iterable[tuple[Seat, Meeting]]) -> None:
    """Take people out of meetings, then pass on what is freed, so that nobody is offered what they have left.

    Where the days of interest are over, the interested get their seats first (seat-interest-first). The meetings are
    locked, and the persons: those whose turn it is then (`interest.due_people`), too.
    """
    freed = [(meeting, was) for seat, meeting in seats if (was := _left(actor, seat, meeting)) is not None]
    for meeting, was in freed:
        settle(meeting)
        if was is SeatState.OFFERED:
            offer_freed(actor, meeting)
        else:
            offer_again(actor, meeting)


def _left(actor: Actor, seat: Seat, meeting: Meeting) -> SeatState | None:
    """The person is out of the meeting; returns what the seat was if it is free for somebody else now."""
    before, freed, had_mix = seat.state, seat.holds, queries.has_mix(meeting)
    offered = before is SeatState.OFFERED
    stand(seat, meeting, SeatState.DECLINED if offered else SeatState.WITHDRAWN)
    if before is not SeatState.INVITED:
        told = SeatOfferDeclined if offered else SeatWithdrawn
        record(actor, seat, told(meeting_id=meeting.id, role=seat.role.value))
    if not freed:
        return None
    lost = before is SeatState.ACCEPTED and seat.role is SeatRole.EXPERT
    settle_mix(actor, meeting, had_mix=had_mix, lost_expert=lost)
    return before


def _held(meeting_id: int, person_id: int) -> Meeting:
    """The meeting and the person, locked; seats whose days of interest are over are given first."""
    meeting = lock_one(Meeting, meeting_id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    hold_people(meeting, [person_id])
    return meeting


def _stands(seat: Seat, *, room: bool, interested: bool) -> bool:
    """Whether another press changes nothing.

    Who waits and let an offer pass may still find a seat that nobody else in line wanted.
    """
    if seat.state is SeatState.INTERESTED:
        return interested
    return seat.state is SeatState.ACCEPTED or (seat.state is SeatState.WAITING and not room)


def _say_yes(
    actor: Actor, seat: Seat, meeting: Meeting, how: Answered, *, fee_declined: bool, fee_seen: int | None
) -> Seat:
    """Yes to an offer or after a move."""
    if seat.state is SeatState.OFFERED and offer_is_over(seat, meeting):
        raise Refused(SEAT_WAITING_ORDER)
    check_in_one_place(actor, seat.person_id, meeting)
    keep_fee(seat, meeting, declined=fee_declined, seen=fee_seen)
    answered(actor, seat, how)
    return _accept(actor, seat, meeting)


def _accept(actor: Actor, seat: Seat, meeting: Meeting) -> Seat:
    told = SeatReconfirmed if seat.state is SeatState.RECONFIRM else SeatTaken
    stand(seat, meeting, SeatState.ACCEPTED)
    record(actor, seat, told(meeting_id=meeting.id, role=seat.role.value))
    settle_mix(actor, meeting)
    return seat


def _with_role(seat: Seat, role: SeatRole) -> Seat:
    """The seat as one of the role, new ones too."""
    seat.role = role
    session.add(seat)
    session.flush()
    return seat


def _be_interested(actor: Actor, seat: Seat, meeting: Meeting) -> Seat:
    stand(seat, meeting, SeatState.INTERESTED)
    seat.interested_since = clock.now()
    record(actor, seat, SeatInterested(meeting_id=meeting.id))
    return seat


def _queue(actor: Actor, seat: Seat, meeting: Meeting) -> Seat:
    stand(seat, meeting, SeatState.WAITING)
    seat.waiting_since, seat.passed_at = clock.now(), None
    record(actor, seat, SeatQueued(meeting_id=meeting.id, role=seat.role.value))
    return seat
