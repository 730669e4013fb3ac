"""Seats as tests ask about them and bring them about."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from kierto.actor import Actor
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.people.models import Expert
from kierto.rounds.booking import book_stop
from kierto.seats import queries
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import FREE_ON, NOW, Cast, Thing
from tests.scenes import seat_in

AT = time(13)
EXPERT, STAFF = SeatRole.EXPERT, SeatRole.HOST_STAFF


def book(cast: Cast, days: int = 7) -> Thing[Meeting]:
    """A meeting of the first unit, with so many days of interest."""
    with writing():
        cast.spring.load().interest_days = days
    with writing():
        return Thing(book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, AT))


def expert_of_id(person_id: int) -> Expert:
    """The person's place in the only register they are in."""
    return session.scalars(select(Expert).where(Expert.person_id == person_id)).one()


def invited(meeting: Thing[Meeting]) -> set[int]:
    """Who is invited and has said nothing yet."""
    with reading():
        return {seat.person_id for seat in queries.seats_of(meeting.load(), SeatState.INVITED)}


def kinds(since: datetime = NOW + timedelta(seconds=30)) -> list[str]:
    """The kinds of events since the cast, oldest first."""
    with reading():
        return list(session.scalars(select(Event.kind).where(Event.at >= since).order_by(Event.id)))


def own(seat: Thing[Seat]) -> Actor:
    """The seat's person, in the test's own transaction."""
    return Actor(person_id=seat.load().person_id)


def person_of(expert: Thing[Expert]) -> int:
    """Whose place in the register it is."""
    with reading():
        return expert.load().person_id


def says_yes(
    meeting: Thing[Meeting], person_id: int, role: SeatRole = EXPERT, *, fee_declined: bool = False
) -> Thing[Seat]:
    """The person says that they come."""
    with writing():
        actor = Actor(person_id=person_id)
        return Thing(take_seat(actor, meeting.load(), person_id, role, fee_declined=fee_declined))


def state_of(cast: Cast, name: str, meeting: Thing[Meeting]) -> SeatState | None:
    """How one of the cast stands with the meeting; none: they have no seat in it."""
    with reading():
        seat = seat_in(cast, name, meeting)
        return seat.state if seat else None


def states(*seats: Thing[Seat]) -> list[SeatState]:
    """How the seats stand now."""
    with reading():
        return [seat.load().state for seat in seats]


def taken(meeting: Thing[Meeting]) -> int:
    """The meeting's counter, which always equals the seats that are held."""
    with reading():
        found = meeting.load()
        held = [seat for seat in queries.seats_of(found, *SeatState.holding()) if seat.role is not SeatRole.FACILITATOR]
        assert found.seats_taken == len(held)
        return found.seats_taken


def place_in_line(seat: Seat) -> int:
    """A waiting person's place in the waiting list, from 1."""
    waiting = session.scalars(
        select(Seat.id)
        .where(Seat.meeting_id == seat.meeting_id, Seat.state == SeatState.WAITING)
        .order_by(Seat.waiting_since, Seat.id)
    ).all()
    return waiting.index(seat.id) + 1
