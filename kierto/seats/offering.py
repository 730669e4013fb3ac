"""The waiting list: to whom a freed seat is offered, and what becomes of an offer that nobody answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from kierto import clock, settings
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatCalled, SeatOffered, SeatOfferPassed
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Person
from kierto.seats import queries
from kierto.seats.elsewhere import elsewhere, is_elsewhere
from kierto.seats.hats import units_worked
from kierto.seats.models import Seat
from kierto.seats.queries import Attendance
from kierto.seats.rules import (
    OFFER_ENDS_BEFORE,
    SeatRole,
    SeatState,
    Waiting,
    last_answer,
    next_in_line,
    offer_ends,
    uncalled_offer_ends,
)
from kierto.seats.standing import stand
from kierto.sign_in.queries import is_silent
from kierto.sign_in.rules import NUMBER_SILENT_AFTER


def only_by_phone(person: Person) -> bool:
    """Whether no letter and no text message reaches the person: a coordinator calls, or tells them."""
    if person.email is not None:
        return False
    return person.phone is None or is_silent(person) or not settings.current().sends_texts


def cannot_be_reached() -> ColumnElement[bool]:
    """`only_by_phone` as the database says it, of the table of persons."""
    if not settings.current().sends_texts:
        return Person.email.is_(None)
    silent = func.coalesce(Person.phone_proved_at, Person.created_at) < clock.now() - NUMBER_SILENT_AFTER
    return and_(Person.email.is_(None), or_(Person.phone.is_(None), silent))


def offer(actor: Actor, seat: Seat, meeting: Meeting) -> None:
    """Offer the seat. The clock of who can only be phoned starts when the call is recorded (seat-waiting-order)."""
    stand(seat, meeting, SeatState.OFFERED)
    called = only_by_phone(session.get_one(Person, seat.person_id))
    seat.offered_until = (uncalled_offer_ends if called else offer_ends)(clock.now(), meeting.starts_at)
    session.flush()
    record(actor, seat, SeatOffered(meeting_id=meeting.id, until=seat.offered_until))


def shorten_offer(seat: Seat, meeting: Meeting) -> None:
    """Let an offer end no later than the meeting's new time lets (seat-waiting-order)."""
    now = clock.now()
    if seat.offered_until is None or (only_by_phone(seat.person) and not _called(seat)):
        seat.offered_until = uncalled_offer_ends(now, meeting.starts_at)
    else:
        seat.offered_until = min(seat.offered_until, last_answer(now, meeting.starts_at))


def _called(seat: Seat) -> bool:
    """Whether the offer's call has been recorded: its clock has started."""
    latest = session.scalar(
        select(Event.kind)
        .where(
            Event.organisation_id == seat.organisation_id,
            Event.subject == Seat.__tablename__,
            Event.subject_id == seat.id,
            Event.kind.in_((SeatOffered.kind, SeatCalled.kind)),
        )
        .order_by(Event.id.desc())
        .limit(1)
    )
    return latest == SeatCalled.kind


def offer_freed(actor: Actor, meeting: Meeting) -> None:
    """Offer what is free to those who wait, until nobody who waits has room (seat-waiting-order).

    Who comes to another meeting then could not say yes (person-one-place): they keep their place, the next is asked.
    """
    session.flush()
    waiting = {seat.id: seat for seat in queries.seats_of(meeting, SeatState.WAITING)}
    people = [seat.person_id for seat in waiting.values()]
    away, units = elsewhere(meeting, people), units_worked(people, [meeting])
    waiting = {id_: seat for id_, seat in waiting.items() if seat.person_id not in away}
    while waiting and (chosen := _next_in_line(queries.attendance(meeting), waiting.values(), units)):
        offer(actor, waiting.pop(chosen.seat_id), meeting)


def offer_again(actor: Actor, meeting: Meeting) -> None:
    """A seat that was taken is free: who let an earlier offer pass has kept their place, and is asked in their turn."""
    for seat in queries.seats_of(meeting, SeatState.WAITING):
        seat.passed_at = None
    offer_freed(actor, meeting)


def pass_on_offer(meeting_id: int, seat_id: int) -> None:
    """An offer has run out: the person keeps their place, and the next in line is asked (seat-waiting-order).

    Who was asked first (seat-interest-first) and has not waited may still say that they are interested, while others
    may. Nothing happens when it was answered in the meantime.
    """
    meeting = lock_one(Meeting, meeting_id)
    seat = session.get(Seat, seat_id, populate_existing=True)
    if seat is None or not offer_is_over(seat, meeting):
        return
    pass_on(SYSTEM, seat, meeting)


def pass_on(actor: Actor, seat: Seat, meeting: Meeting) -> None:
    """Take an unanswered offer back and offer the seat to the next in line; the meeting is locked."""
    waited = seat.waiting_since is not None
    if seat.asked_first and not waited and seat.role is SeatRole.EXPERT and meeting.taking_interest:
        stand(seat, meeting, SeatState.INVITED)
    else:
        stand(seat, meeting, SeatState.WAITING)
        seat.waiting_since, seat.passed_at = seat.waiting_since or seat.created_at, clock.now()
        seat.asked_first = False
    session.flush()
    record(actor, seat, SeatOfferPassed(meeting_id=meeting.id))
    if meeting.open:
        offer_freed(actor, meeting)


def offer_is_over(seat: Seat, meeting: Meeting) -> bool:
    """Whether the seat is offered and the time to answer has passed; one without a clock ends a day before."""
    if seat.state is not SeatState.OFFERED:
        return False
    return (seat.offered_until or meeting.starts_at - OFFER_ENDS_BEFORE) <= clock.now()


def offers_run_out() -> Sequence[tuple[int, int]]:
    """(meeting id, seat id) of offers whose time is over, oldest first."""
    now = clock.now()
    rows = session.execute(
        select(Seat.meeting_id, Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.state == SeatState.OFFERED,
            or_(
                Seat.offered_until <= now,
                # Nobody has called: such an offer ends a day before the meeting.
                and_(
                    Seat.offered_until.is_(None),
                    Meeting.starts_at <= now + OFFER_ENDS_BEFORE,
                    Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
                    Meeting.starts_at > now,
                ),
            ),
        )
        .order_by(Seat.offered_until, Seat.id)
        .limit(100)
    )
    return [(meeting_id, seat_id) for meeting_id, seat_id in rows]


def waited_for() -> Sequence[int]:
    """Ids of meetings to come in which a seat is free for somebody who waits and was not asked, the soonest first.

    They were in another meeting at that time, or the meeting was at another time, when the seat became free.
    """
    seats = session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.state == SeatState.WAITING,
            Seat.passed_at.is_(None),
            Meeting.seats_taken < Meeting.seats,
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.CONFIRMED)),
            Meeting.starts_at > clock.now(),
            ~is_elsewhere(),
        )
        .options(contains_eager(Seat.meeting))
        .order_by(Meeting.starts_at, Meeting.id, Seat.id)
    ).all()
    meetings = list(dict.fromkeys(seat.meeting for seat in seats))
    now = queries.attendances(meetings)
    units = units_worked([seat.person_id for seat in seats], meetings)
    return [
        one.id
        for one in meetings
        if _next_in_line(now[one.id], [seat for seat in seats if seat.meeting_id == one.id], units) is not None
    ]


def _next_in_line(now: Attendance, waiting: Iterable[Seat], units: Mapping[int, Collection[int]]) -> Waiting | None:
    """`units`: person id → where they work, of two units that meet together."""
    return next_in_line(
        [
            Waiting(
                seat.id,
                seat.role,
                seat.waiting_since or seat.created_at,
                seat.passed_at is not None,
                now.apart(seat.role, units[seat.person_id]),
            )
            for seat in waiting
        ],
        seats=now.seats,
        taken=now.taken,
        mix=now.mix,
        held=now.holding,
        released=now.released,
    )
