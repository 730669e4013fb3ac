"""The days of interest: when they are over, seats go to the interested by fair turn (seat-interest-first)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import func, select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import lock, lock_one, session
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatGiven, SeatNotGiven
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Person
from kierto.seats import queries
from kierto.seats.models import Seat
from kierto.seats.offering import offer_freed
from kierto.seats.rules import Interested, SeatRole, SeatState, fair_turn, year_before
from kierto.seats.standing import settle_mix, stand
from kierto.seats.suiting import who_suits

_COUNTED = (SeatState.ACCEPTED, SeatState.RECONFIRM, SeatState.ATTENDED)


def hold_people(meeting: Meeting, person_ids: Collection[int]) -> None:
    """Lock the persons, and with them those whose seats are to be given now, and give those seats.

    The meeting is locked; the persons go in one step, since they are locked in the order of their numbers.
    """
    interested = due_people([meeting])
    lock(Person, {*person_ids, *interested})
    if interested:
        settle(meeting)


def due_people(meetings: Iterable[Meeting]) -> set[int]:
    """Ids of the persons whose seats in these meetings are to be given now: `settle` needs them locked."""
    return {seat.person_id for meeting in meetings if _due(meeting) for seat in _interested(meeting)}


def settle_interest(meeting_id: int) -> None:
    """The days of interest are over: give the seats. Nothing happens when that was done, or the meeting has begun."""
    meeting = lock_one(Meeting, meeting_id)
    if meeting.open:
        hold_people(meeting, ())


def offer_waited_for(meeting_id: int) -> None:
    """Offer what is free in the meeting to those who wait, after those whose turn it is (seat-waiting-order)."""
    meeting = lock_one(Meeting, meeting_id)
    if meeting.open:
        hold_people(meeting, ())
        offer_freed(SYSTEM, meeting)


def settle(meeting: Meeting) -> None:
    """Give seats to the interested whom the meeting suits, by fair turn; everybody else goes on the waiting list.

    Nothing happens while people may still say that they are interested, or when nobody is. What is left is offered to
    those who wait. The meeting and the interested persons are locked.
    """
    session.flush()
    seats = {seat.id: seat for seat in _interested(meeting)} if _due(meeting) else {}
    if not seats:
        return
    suited = {person.id for person in who_suits(meeting)}
    been = meetings_of(meeting.organisation_id, [seat.person_id for seat in seats.values()])
    turns = fair_turn(
        Interested(seat.id, seat.interested_since or seat.created_at, been.get(seat.person_id, 0))
        for seat in seats.values()
        if seat.person_id in suited
    )
    for turn in turns:
        if not queries.attendance(meeting).room_for(SeatRole.EXPERT):
            break
        seat = seats.pop(turn.seat_id)
        stand(seat, meeting, SeatState.ACCEPTED)
        record(SYSTEM, seat, SeatGiven(meeting_id=meeting.id, role=seat.role.value))
    for seat in seats.values():
        since = seat.interested_since or seat.created_at
        stand(seat, meeting, SeatState.WAITING)
        seat.waiting_since = since
    offer_freed(SYSTEM, meeting)
    for seat in seats.values():
        if seat.state is SeatState.WAITING:
            record(SYSTEM, seat, SeatNotGiven(meeting_id=meeting.id, role=seat.role.value))
    settle_mix(SYSTEM, meeting)


def meetings_of(organisation_id: int, person_ids: Collection[int]) -> Mapping[int, int]:
    """Person id → how many of the organisation's meetings of the last 12 months, and to come, are theirs as an expert.

    Those that they have accepted or attended (seat-fair-turn).
    """
    rows = session.execute(
        select(Seat.person_id, func.count())
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id.in_(person_ids),
            Seat.role == SeatRole.EXPERT,
            Seat.state.in_(_COUNTED),
            Meeting.organisation_id == organisation_id,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at >= year_before(clock.now()),
        )
        .group_by(Seat.person_id)
    )
    return dict(rows.all())


def interest_ended() -> Sequence[int]:
    """Ids of meetings to come whose days of interest are over and whose seats were not given yet, oldest first."""
    now = clock.now()
    return session.scalars(
        select(Meeting.id)
        .where(
            Meeting.id.in_(select(Seat.meeting_id).where(Seat.state == SeatState.INTERESTED)),
            Meeting.interest_until <= now,
            Meeting.starts_at > now,
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
        )
        .order_by(Meeting.interest_until, Meeting.id)
        .limit(100)
    ).all()


def _due(meeting: Meeting) -> bool:
    return meeting.interest_until is not None and not meeting.taking_interest


def _interested(meeting: Meeting) -> Sequence[Seat]:
    return queries.seats_of(meeting, SeatState.INTERESTED)
