"""More than the cast has by itself: further experts and their seats, meetings by the dozen, people with a browser."""

from datetime import date, time, timedelta

from sqlalchemy import select

from kierto.actor import Actor, Identified
from kierto.database import session, writing
from kierto.meetings.models import Meeting
from kierto.practices.actions import Wording, agree_practice, draft_practice
from kierto.practices.models import Practice
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Stop, StopSwap
from kierto.rounds.swapping import ask_swap
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.words import Language
from tests.cast import Cast, Thing, plan
from tests.client import Client, Page

FIRST_OF_MANY = date(2027, 2, 23)
"""A Tuesday after everything the cast has booked."""


def client_of(cast: Cast, person_id: int, language: Language = "en") -> Client:
    """A browser in which somebody outside the cast is signed in."""
    with writing():
        token = start_session(person_id, SessionBy.LINK, "tests", Identified.WEAKLY)
    return Client(cast.app, token, language)


def experts_take(cast: Cast, meeting: Thing[Meeting], count: int, first: int = 100) -> list[Thing[Seat]]:
    """So many new experts each take a seat or join the waiting list, one after the other."""
    seats = []
    for number in range(first, first + count):
        with writing():
            person = cast.new_expert(number)
        with writing():
            seats.append(Thing(take_seat(Actor(person_id=person.id), meeting.load(), person.id, SeatRole.EXPERT)))
    return seats


def seat_taken(cast: Cast, name: str, meeting: Thing[Meeting], role: SeatRole = SeatRole.EXPERT) -> Thing[Seat]:
    """One of the cast takes a seat."""
    with writing():
        return Thing(take_seat(cast.actor(name), meeting.load(), cast.id(name), role))


def seat_in(cast: Cast, name: str, meeting: Thing[Meeting]) -> Seat | None:
    """The seat that one of the cast has in the meeting, as it is now."""
    return session.scalar(
        select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == cast.id(name)),
        execution_options={"populate_existing": True},
    )


def meetings_booked(cast: Cast, count: int, *, first: int = 0, seats: int = 4) -> list[Thing[Meeting]]:
    """So many more confirmed and public meetings of the third unit, each of a round of its own.

    Two in a week: the number `first` begins with says in which.
    """
    coordinator = cast.actor("coordinator")
    made = []
    for number in range(first, first + count):
        with writing():
            plan_ = plan(f"Kierros {number}", date(2027, 1, 11), date(2028, 6, 11), seats=seats)
            round_ = create_round(coordinator, cast.organisation.id, plan_)
            choose_units(coordinator, round_, [cast.third_unit.id, cast.other_unit.id])
            open_round(coordinator, round_)
        with writing():
            stop = session.scalars(select(Stop).where(Stop.round_id == round_.id, Stop.position == 1)).one()
            on = FIRST_OF_MANY + timedelta(weeks=number // 2)
            meeting = Thing(book_stop(coordinator, stop, on, time(9 if number % 2 else 13)))
        seat_taken(cast, "worker", meeting, SeatRole.HOST_STAFF)
        seat_taken(cast, "expert", meeting)
        made.append(meeting)
    return made


def swap_asked(cast: Cast, words: str = "") -> Thing[StopSwap]:
    """The second unit (2 February) asks the third one (26 January) for its time, in the spring's round."""
    with writing():
        return Thing(ask_swap(cast.actor("other_host"), cast.proposed_stop.load(), cast.confirmed_stop.load(), words))


def practices_agreed(cast: Cast, count: int, language: Language = "fi") -> list[Thing[Practice]]:
    """So many more practices agreed in the meeting that was held; each arrives at the other two units."""
    made = []
    for number in range(count):
        with writing():
            words = Wording(language, f"Käytäntö {number}", f"Teemme asian {number}.", "Kysymme asiakkailta.")
            practice = Thing(draft_practice(cast.actor("host"), cast.held.load(), words))
        with writing():
            agree_practice(cast.actor("host"), practice.load(), experts=1, workers=1)
        made.append(practice)
    return made


def tasks_on(desk: Page) -> dict[str, str]:
    """What waits on the desk: address → kind and detail."""
    rows = desk.document.select("main .k-row")
    return {str(row.select("h2 a")[0].attr("href")): row.select("p")[0].text.strip() for row in rows}
