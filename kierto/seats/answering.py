"""The answers of a message's link and of a paper pass: I come, I cannot, call me. And what a link leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.clock import local
from kierto.database import session
from kierto.errors import NotFound, Refused
from kierto.meetings.models import Meeting
from kierto.people.models import Member, Person
from kierto.seats.actions import decline, take_seat
from kierto.seats.calling import ask_to_call, take_call_back
from kierto.seats.days import elsewhere_that_day
from kierto.seats.hats import units_worked
from kierto.seats.models import Seat
from kierto.seats.queries import attendances, places_in_line
from kierto.seats.rules import VISITING_NEXT_UNIT, Answered, SeatRole, SeatState
from kierto.sign_in.tokens import answer_link
from kierto.units.fees import rate_of
from kierto.units.models import FeeRate

LINK_LASTS = timedelta(days=30)
"""So long after its meeting a link still leads to its page."""

_GIVEN_UP = (SeatState.DECLINED, SeatState.WITHDRAWN)
_ASKED = (SeatState.INVITED, SeatState.OFFERED, SeatState.RECONFIRM)
_SAY_YES = (*_ASKED, *_GIVEN_UP)


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    CALL = "call"
    NO_CALL = "no_call"


@dataclass(frozen=True)
class Question:
    """What a person is asked about their seat, and what they are to know before they answer.

    `yes` and `no`: whether that answer changes anything now; `call` and `no_call`: whether they may ask for a call, or
    take that back. `rate` is what the organisation pays an expert that year, if it has decided (fee-before-yes).
    `place` is the one on the waiting list. `host` is who meets them. `that_day` are their other meetings on the same
    day in another municipality.
    """

    seat: Seat
    yes: bool
    no: bool
    call: bool
    no_call: bool
    rate: FeeRate | None
    place: int | None
    host: str | None
    that_day: Sequence[Meeting]

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for."""
        return self.seat.meeting.open and self.seat.state in _ASKED

    @property
    def with_fee(self) -> bool:
        """Whether the person chooses between the fee and coming without it."""
        return self.yes and self.rate is not None and bool(self.rate.fee_cents)


def question(seat: Seat) -> Question:
    """What the seat's person is asked now."""
    return questions([seat])[0]


def questions(seats: Sequence[Seat]) -> list[Question]:
    """What one person is asked of each of their seats; in a number of queries that does not grow with the seats."""
    if not seats:
        return []
    meetings = [seat.meeting for seat in seats]
    now, hosts = attendances(meetings), _hosts(meetings, seats[0].person_id)
    that_day = elsewhere_that_day(seats[0].person_id, meetings)
    places = places_in_line(Actor(person_id=seats[0].person_id))
    works = units_worked([seats[0].person_id], meetings)[seats[0].person_id]
    years = {(one.organisation_id, local(one.starts_at).year) for one in meetings}
    rates = {which: rate_of(*which) for which in years}
    return [
        _question(
            seat,
            room=now[seat.meeting_id].room_for(seat.role, works),
            rate=rates[seat.organisation_id, local(seat.meeting.starts_at).year],
            place=places.get(seat.id),
            host=hosts.get(seat.meeting.unit_id),
            that_day=that_day[seat.meeting_id],
        )
        for seat in seats
    ]


def _question(
    seat: Seat, *, room: bool, rate: FeeRate | None, place: int | None, host: str | None, that_day: Sequence[Meeting]
) -> Question:
    open_ = seat.meeting.open
    return Question(
        seat=seat,
        yes=open_ and _may_say_yes(seat, room=room),
        no=open_ and seat.state not in _GIVEN_UP,
        call=open_ and seat.call_wanted_at is None,
        no_call=open_ and seat.call_wanted_at is not None,
        rate=rate if seat.role is SeatRole.EXPERT else None,
        place=place,
        host=host,
        that_day=that_day,
    )


def _may_say_yes(seat: Seat, *, room: bool) -> bool:
    """Whether a yes changes anything. Who leads a meeting is named: who was taken out of it cannot come back."""
    if seat.role is SeatRole.FACILITATOR and seat.state not in SeatState.holding():
        return False
    if _let_off(seat):
        return False
    return seat.state in _SAY_YES or (seat.state is SeatState.WAITING and room)


def _let_off(seat: Seat) -> bool:
    """Whether somebody was invited to visit, and another unit carries the baton now (visiting-next-unit)."""
    return seat.role is SeatRole.VISITING_STAFF and seat.state is SeatState.WITHDRAWN and seat.answered_at is None


def _hosts(meetings: Sequence[Meeting], but: int) -> dict[int, str]:
    """Unit id → the name of a contact person of the unit."""
    rows = session.execute(
        select(Member.unit_id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.unit_id.in_([meeting.unit_id for meeting in meetings]),
            Member.role == Role.HOST_CONTACT,
            Person.id != but,
        )
        .order_by(Person.id.desc())
    )
    return {unit_id: name for unit_id, name in rows if unit_id is not None}


def answer(
    actor: Actor, seat: Seat, said: Answer, how: Answered, *, fee_declined: bool = False, fee_seen: int | None = None
) -> Seat:
    """Do what the person said, whatever their seat is; the same twice changes nothing, and each can be taken back.

    `fee_seen` is the fee in cents that the page showed.

    Raises:
        Refused: seat-before-start, expert-approved, seat-no-double-hat, person-one-place, fee-before-yes;
            seat-waiting-order when the offer has ended; visiting-next-unit when another unit visits now.
    """
    if said is Answer.CALL:
        return ask_to_call(actor, seat)
    if said is Answer.NO_CALL:
        return take_call_back(actor, seat)
    if said is Answer.NO:
        return decline(actor, seat, how=how)
    if _let_off(seat):
        raise Refused(VISITING_NEXT_UNIT)
    person_id, role = seat.person_id, seat.role
    return take_seat(actor, seat.meeting, person_id, role, how=how, fee_declined=fee_declined, fee_seen=fee_seen)


def seat_behind(token: str, secret_key: str) -> Seat | None:
    """The seat that an answer link leads to, with its meeting's place; None when the token is not ours or has ended."""
    link = answer_link(token, secret_key)
    if link is None:
        return None
    place = joinedload(Seat.meeting)
    seat = session.scalar(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.id == link.id, Meeting.ends_at > clock.now() - LINK_LASTS)
        .options(place.joinedload(Meeting.unit), place.joinedload(Meeting.organisation))
    )
    return seat if seat is not None and link.leads_to(seat) else None


def answered_seat(actor: Actor, token: str, secret_key: str) -> Seat:
    """The one seat that whoever holds an answer link reaches.

    Raises:
        NotFound: the link is no more, or it is another person's.
    """
    seat = seat_behind(token, secret_key)
    if seat is None or seat.person_id != actor.person_id:
        raise NotFound
    return seat
