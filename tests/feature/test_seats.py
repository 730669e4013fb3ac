"""Taking, answering and giving up seats, as actions do it."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session, writing
from kierto.events.models import Event, QueuedEvent
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.actions import give_role
from kierto.people.models import Expert, ExpertState
from kierto.rounds.booking import book_stop
from kierto.seats import queries
from kierto.seats.actions import answer_offer, take_seat, withdraw
from kierto.seats.models import Seat
from kierto.seats.offering import offers_run_out, pass_on_offer
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.refusals import refused
from tests.scenes_seats import EXPERT, STAFF, place_in_line

MEETING_AT = clock.instant(CONFIRMED_ON, time(13))


def take(cast: Cast, name: str, meeting: Thing[Meeting], role: SeatRole = EXPERT) -> Thing[Seat]:
    """One of the cast takes a seat, in a transaction of its own."""
    with writing():
        return Thing(take_seat(cast.actor(name), meeting.load(), cast.id(name), role))


def newcomers(cast: Cast, meeting: Thing[Meeting], count: int) -> list[Thing[Seat]]:
    """So many new experts take a seat or join the waiting list, a minute apart."""
    seats = []
    for number in range(count):
        with clock.at(clock.now() + timedelta(minutes=number)), writing():
            person = cast.new_expert(number)
            seats.append(Thing(take_seat(Actor(person_id=person.id), meeting.load(), person.id, EXPERT)))
    return seats


def give_up(cast: Cast, seat: Thing[Seat]) -> None:
    with writing():
        withdraw(Actor(person_id=seat.load().person_id), seat.load())


def answer(cast: Cast, seat: Thing[Seat], *, yes: bool) -> None:
    with writing():
        answer_offer(Actor(person_id=seat.load().person_id), seat.load(), yes=yes)


def states(*seats: Thing[Seat]) -> list[SeatState]:
    with writing():
        return [seat.load().state for seat in seats]


def taken(meeting: Thing[Meeting]) -> int:
    """The meeting's counter, which always equals the seats that are held."""
    with writing():
        found = meeting.load()
        assert found.seats_taken == len(queries.seats_of(found, *SeatState.holding()))
        return found.seats_taken


def kinds(*, told: bool = False) -> list[str]:
    """The kinds of events since the cast, oldest first; only those that people will be told of."""
    with writing():
        statement = select(Event.kind).where(Event.at >= NOW + timedelta(seconds=30)).order_by(Event.id)
        if told:
            statement = statement.join(QueuedEvent, QueuedEvent.event_id == Event.id)
        return list(session.scalars(statement))


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """A minute after the cast came to be, so that what a test does can be told from it."""
    with clock.at(NOW + timedelta(minutes=1)):
        yield


def test_the_expert_that_was_lacking_confirms_the_meeting(cast: Cast) -> None:
    """meeting-mix: a host has booked, an expert comes, the meeting confirms itself."""
    with writing():
        before = cast.proposed.load().sequence
    seat = take(cast, "expert", cast.proposed)
    with writing():
        meeting = cast.proposed.load()
        assert (meeting.state, meeting.sequence) == (MeetingState.CONFIRMED, before + 1)
        assert meeting.confirmed_at is not None
    assert states(seat) == [SeatState.ACCEPTED]
    assert taken(cast.proposed) == 2
    assert kinds() == ["seat.taken", "meeting.confirmed"]


def test_pressing_twice_takes_one_seat(cast: Cast) -> None:
    first, second = take(cast, "expert", cast.proposed), take(cast, "expert", cast.proposed)
    assert first.id == second.id
    assert taken(cast.proposed) == 2
    assert kinds().count("seat.taken") == 1


def test_a_full_meeting_has_a_waiting_list(cast: Cast) -> None:
    """seat-capacity: four seats, two are taken."""
    seats = newcomers(cast, cast.confirmed, 4)
    assert states(*seats) == [SeatState.ACCEPTED] * 2 + [SeatState.WAITING] * 2
    assert taken(cast.confirmed) == 4
    with writing():
        assert [place_in_line(seat.load()) for seat in seats[2:]] == [1, 2]
    assert kinds().count("seat.queued") == 2


def test_the_last_seat_is_kept_for_the_role_that_is_lacking(cast: Cast) -> None:
    """seat-mix-kept: the worker gives the seat up; experts do not get it, a worker does."""
    with writing():
        worker = Thing(session.scalars(select(Seat).where(Seat.person_id == cast.id("worker"))).one())
    give_up(cast, worker)
    seats = newcomers(cast, cast.confirmed, 3)
    assert states(*seats) == [SeatState.ACCEPTED] * 2 + [SeatState.WAITING]
    assert taken(cast.confirmed) == 3
    assert states(take(cast, "worker", cast.confirmed, STAFF)) == [SeatState.ACCEPTED]
    assert taken(cast.confirmed) == 4


def test_nobody_is_an_expert_where_they_work(cast: Cast) -> None:
    """Rule seat-no-double-hat."""
    with writing():
        expert = cast.people["other_expert"].load()
        give_role(cast.actor("coordinator"), expert, cast.organisation.id, Role.STAFF, cast.other_unit.id)
    with refused("seat-no-double-hat"):
        take_seat(cast.actor("other_expert"), cast.proposed.load(), cast.id("other_expert"), EXPERT)
    assert states(take(cast, "other_expert", cast.proposed, STAFF)) == [SeatState.ACCEPTED]


def test_nobody_is_a_worker_where_they_do_not_work(cast: Cast) -> None:
    with refused("seat-no-double-hat"):
        take_seat(cast.actor("staff"), cast.proposed.load(), cast.id("staff"), STAFF)


def test_one_seat_one_role(cast: Cast) -> None:
    """The seat that is there keeps its role, whatever is asked for next."""
    with writing():
        give_role(
            cast.actor("coordinator"), cast.people["host"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id
        )
    first = take(cast, "host", cast.proposed, STAFF)
    with refused("seat-no-double-hat"):
        take_seat(cast.actor("host"), cast.proposed.load(), cast.id("host"), EXPERT)
    with writing():
        assert first.load().role is STAFF


@pytest.mark.parametrize("name", ["applicant", "outsider", "neighbour", "staff"])
def test_only_an_approved_expert_is_given_a_seat(cast: Cast, name: str) -> None:
    """Rule expert-approved."""
    with refused("expert-approved"):
        take_seat(cast.actor(name), cast.proposed.load(), cast.id(name), EXPERT)
    assert taken(cast.proposed) == 1


def test_an_expert_on_a_break_gets_no_seat(cast: Cast) -> None:
    with writing():
        statement = select(Expert).where(Expert.person_id == cast.id("expert"))
        session.scalars(statement).one().state = ExpertState.PAUSED
    with refused("expert-approved"):
        take_seat(cast.actor("coordinator"), cast.proposed.load(), cast.id("expert"), EXPERT)


def test_another_organisations_expert_needs_approval_there(cast: Cast) -> None:
    with refused("expert-approved"):
        take_seat(cast.actor("expert"), cast.foreign_meeting.load(), cast.id("expert"), EXPERT)


def overlapping(cast: Cast, at: time) -> Thing[Meeting]:
    """A meeting in another unit on the day of `confirmed`, which lasts from 13 to 15."""
    with writing():
        return Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, at))


@pytest.mark.parametrize("at", [time(12), time(13), time(14, 59)])
def test_a_person_is_in_one_place_at_a_time(cast: Cast, at: time) -> None:
    """Rule person-one-place."""
    meeting = overlapping(cast, at)
    with refused("person-one-place"):
        take_seat(cast.actor("expert"), meeting.load(), cast.id("expert"), EXPERT)
    assert states(take(cast, "other_expert", meeting)) == [SeatState.ACCEPTED]


@pytest.mark.parametrize("at", [time(11), time(15)])
def test_meetings_that_touch_are_two_places(cast: Cast, at: time) -> None:
    assert states(take(cast, "expert", overlapping(cast, at))) == [SeatState.ACCEPTED]


def test_a_seat_given_up_is_no_place(cast: Cast) -> None:
    meeting = overlapping(cast, time(13))
    give_up(cast, cast.seat)
    assert states(take(cast, "expert", meeting)) == [SeatState.ACCEPTED]


def test_waiting_in_two_places_is_no_overlap_until_yes(cast: Cast) -> None:
    """An offer is refused when its person has gone elsewhere meanwhile."""
    full = newcomers(cast, cast.confirmed, 2)
    waiting = take(cast, "other_expert", cast.confirmed)
    give_up(cast, full[0])
    elsewhere = take(cast, "other_expert", overlapping(cast, time(13)))
    assert states(waiting, elsewhere) == [SeatState.OFFERED, SeatState.ACCEPTED]
    with refused("person-one-place"):
        answer_offer(cast.actor("other_expert"), waiting.load(), yes=True)


def test_withdrawing_is_one_press(cast: Cast) -> None:
    """seat-withdraw-freely: no reason, and pressing twice changes nothing."""
    give_up(cast, cast.seat)
    give_up(cast, cast.seat)
    assert states(cast.seat) == [SeatState.WITHDRAWN]
    assert taken(cast.confirmed) == 1
    assert kinds().count("seat.withdrawn") == 1


def test_who_withdrew_may_come_back(cast: Cast) -> None:
    give_up(cast, cast.seat)
    assert take(cast, "expert", cast.confirmed).id == cast.seat.id
    assert states(cast.seat) == [SeatState.ACCEPTED]
    assert taken(cast.confirmed) == 2


def test_a_lost_mix_is_flagged_at_once_and_once(cast: Cast) -> None:
    """meeting-mix: the meeting stays confirmed, and the log says what it lost."""
    more = newcomers(cast, cast.confirmed, 1)
    give_up(cast, cast.seat)
    assert "meeting.mix_lost" not in kinds()
    give_up(cast, more[0])
    assert kinds().count("meeting.mix_lost") == 1
    with writing():
        worker = session.scalars(select(Seat).where(Seat.person_id == cast.id("worker"))).one()
        withdraw(cast.actor("worker"), worker)
    assert kinds().count("meeting.mix_lost") == 1
    with writing():
        assert cast.confirmed.load().state is MeetingState.CONFIRMED
        assert not queries.has_mix(cast.confirmed.load())


def test_a_freed_seat_is_offered_to_the_first_in_line(cast: Cast) -> None:
    """Rule seat-waiting-order."""
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[0])
    assert states(*seats[2:]) == [SeatState.OFFERED, SeatState.WAITING]
    assert taken(cast.confirmed) == 4
    assert kinds(told=True) == ["seat.withdrawn", "seat.offered"]
    with writing():
        until = seats[2].load().offered_until
        assert until is not None
        assert clock.local(until).date() == date(2027, 1, 14)
    answer(cast, seats[2], yes=True)
    answer(cast, seats[2], yes=True)
    assert states(seats[2]) == [SeatState.ACCEPTED]
    assert taken(cast.confirmed) == 4


def test_the_role_that_is_lacking_goes_before_who_came_first(cast: Cast) -> None:
    full = newcomers(cast, cast.confirmed, 3)
    with writing():
        give_role(
            cast.actor("coordinator"), cast.people["staff"].load(), cast.organisation.id, Role.STAFF, cast.third_unit.id
        )
    colleague = take(cast, "staff", cast.confirmed, STAFF)
    assert states(full[2], colleague) == [SeatState.WAITING] * 2
    with writing():
        withdraw(cast.actor("worker"), session.scalars(select(Seat).where(Seat.person_id == cast.id("worker"))).one())
    assert states(full[2], colleague) == [SeatState.WAITING, SeatState.OFFERED]


def test_a_no_passes_the_offer_on(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[0])
    answer(cast, seats[2], yes=False)
    assert states(*seats[2:]) == [SeatState.DECLINED, SeatState.OFFERED]
    assert "seat.offer_declined" in kinds()
    assert taken(cast.confirmed) == 4


def test_an_offer_that_is_over_is_no_yes_even_before_the_worker_has_looked(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[0])
    with clock.at(MEETING_AT - timedelta(hours=1)), refused("seat-waiting-order"):
        answer_offer(Actor(person_id=seats[2].load().person_id), seats[2].load(), yes=True)


def run_out(seat: Thing[Seat]) -> None:
    """Time passes until the offer is over, and the worker looks."""
    with writing():
        until = seat.load().offered_until
    assert until is not None
    with clock.at(until), writing():
        assert (seat.load().meeting_id, seat.id) in offers_run_out()
        pass_on_offer(seat.load().meeting_id, seat.id)


def test_an_unanswered_offer_passes_on_and_its_person_keeps_their_place(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[0])
    run_out(seats[2])
    assert states(*seats[2:]) == [SeatState.WAITING, SeatState.OFFERED]
    with writing():
        assert place_in_line(seats[2].load()) == 1
    with refused("seat-waiting-order"):
        answer_offer(Actor(person_id=seats[2].load().person_id), seats[2].load(), yes=True)


def test_in_the_next_turn_they_are_asked_again(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[0])
    run_out(seats[2])
    give_up(cast, seats[1])
    assert states(*seats[2:]) == [SeatState.OFFERED] * 2
    assert taken(cast.confirmed) == 4


def test_a_seat_that_everyone_let_pass_is_for_whoever_comes(cast: Cast) -> None:
    """Also for who waits: they press once more."""
    seats = newcomers(cast, cast.confirmed, 3)
    give_up(cast, seats[0])
    run_out(seats[2])
    assert taken(cast.confirmed) == 3
    with writing():
        waiting = seats[2].load()
        take_seat(Actor(person_id=waiting.person_id), cast.confirmed.load(), waiting.person_id, EXPERT)
    assert states(seats[2]) == [SeatState.ACCEPTED]
    assert taken(cast.confirmed) == 4


def test_an_offer_is_not_passed_on_before_its_time(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 3)
    give_up(cast, seats[0])
    with writing():
        assert offers_run_out() == []
        pass_on_offer(cast.confirmed.id, seats[2].id)
    assert states(seats[2]) == [SeatState.OFFERED]


def test_an_answer_given_in_time_stays(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 3)
    give_up(cast, seats[0])
    answer(cast, seats[2], yes=True)
    with clock.at(NOW + timedelta(days=5)), writing():
        assert offers_run_out() == []
        pass_on_offer(cast.confirmed.id, seats[2].id)
    assert states(seats[2]) == [SeatState.ACCEPTED]


def test_on_the_last_day_an_offer_lasts_until_the_meeting_and_then_asks_nobody(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    with clock.at(MEETING_AT - timedelta(hours=3)):
        give_up(cast, seats[0])
    with writing():
        assert seats[2].load().offered_until == MEETING_AT
    run_out(seats[2])
    assert states(*seats[2:]) == [SeatState.WAITING] * 2
    assert kinds().count("seat.offered") == 1


def test_leaving_the_waiting_list_frees_no_seat(cast: Cast) -> None:
    seats = newcomers(cast, cast.confirmed, 4)
    give_up(cast, seats[2])
    assert states(*seats[2:]) == [SeatState.WITHDRAWN, SeatState.WAITING]
    assert taken(cast.confirmed) == 4
    with writing():
        assert place_in_line(seats[3].load()) == 1


def test_seats_do_not_change_once_the_meeting_has_begun(cast: Cast) -> None:
    """Rule seat-before-start."""
    with clock.at(MEETING_AT + timedelta(minutes=1)):
        with refused("seat-before-start"):
            take_seat(cast.actor("other_expert"), cast.confirmed.load(), cast.id("other_expert"), EXPERT)
        with refused("seat-before-start"):
            withdraw(cast.actor("expert"), cast.seat.load())
        with refused("seat-before-start"):
            answer_offer(cast.actor("expert"), cast.seat.load(), yes=True)


def test_a_cancelled_meeting_has_no_seats(cast: Cast) -> None:
    with writing():
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Sairastapaus")
    with refused("seat-before-start"):
        take_seat(cast.actor("other_expert"), cast.confirmed.load(), cast.id("other_expert"), EXPERT)


def test_a_refusal_leaves_nothing_behind(cast: Cast) -> None:
    with refused("expert-approved"):
        take_seat(cast.actor("applicant"), cast.proposed.load(), cast.id("applicant"), EXPERT)
    with writing():
        assert session.scalars(select(Seat).where(Seat.person_id == cast.id("applicant"))).first() is None
    assert kinds() == []
