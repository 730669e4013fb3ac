"""Two units change the times of their meetings: asked, answered, taken back, out of date."""

from datetime import date, time
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import session, writing
from kierto.errors import NotFound, Refused
from kierto.events.queries import history
from kierto.meetings.models import MeetingState
from kierto.rounds.booking import book_stop, give_up_stop, move_stop
from kierto.rounds.models import RoundState, Stop, StopSwap, SwapState
from kierto.rounds.swapping import answer_swap, ask_swap, asked_by, asked_swaps, may_swap, swap_in, withdraw_swap
from kierto.seats.rules import SeatState
from kierto.units.actions import block_dates, free_dates, set_hours
from kierto.units.hosting import read
from tests.cast import CONFIRMED_ON, FREE_ON, PROPOSED_ON, Cast, Thing
from tests.refusals import refused
from tests.scenes import seat_in, seat_taken, swap_asked
from tests.together import at_once

AT = time(13)


def answer(cast: Cast, swap: Thing[StopSwap], *, yes: bool = True, override: bool = False) -> None:
    with writing():
        answer_swap(cast.actor("coordinator"), swap.load(), yes=yes, override=override)


def days(cast: Cast) -> tuple[date, date]:
    """When the second and the third unit meet now."""
    with writing():
        found = [clock.local(one.load().starts_at).date() for one in (cast.proposed, cast.confirmed)]
        return found[0], found[1]


def kinds(swap: Thing[StopSwap]) -> list[str]:
    with writing():
        return [event.kind for event in reversed(history(swap.load()))]


AS_BOOKED, CHANGED = (PROPOSED_ON, CONFIRMED_ON), (CONFIRMED_ON, PROPOSED_ON)


def test_two_units_change_times_in_one_step(cast: Cast) -> None:
    """Rules stop-swap and seat-reconfirm: both meetings move, and the people of both are asked again."""
    swap = swap_asked(cast)
    assert days(cast) == AS_BOOKED
    answer(cast, swap)
    assert days(cast) == CHANGED
    with writing():
        assert swap.load().state is SwapState.DONE
        assert swap.load().answered_by == cast.id("coordinator")
        for name, meeting in (("expert", cast.confirmed), ("worker", cast.confirmed), ("other_host", cast.proposed)):
            seat = seat_in(cast, name, meeting)
            assert seat is not None
            assert seat.state is SeatState.RECONFIRM
        assert {event.kind for event in history(cast.proposed.load())} >= {"meeting.moved"}
        assert {event.kind for event in history(cast.confirmed.load())} >= {"meeting.moved"}
        assert cast.confirmed.load().state is MeetingState.CONFIRMED
    assert kinds(swap) == ["swap.asked", "swap.done"]


def test_each_meeting_keeps_its_length(cast: Cast) -> None:
    with writing():
        meeting = cast.proposed.load()
        meeting.ends_at = clock.instant(PROPOSED_ON, time(14, 30))
    answer(cast, swap_asked(cast))
    with writing():
        assert cast.proposed.load().ends_at == clock.instant(CONFIRMED_ON, time(14, 30))
        assert cast.confirmed.load().ends_at == clock.instant(PROPOSED_ON, time(15))


def test_whoever_comes_to_both_keeps_both_seats_until_they_answer(cast: Cast) -> None:
    """Rule seat-reconfirm; the persons of both meetings are locked in one order."""
    seat_taken(cast, "expert", cast.proposed)
    seat_taken(cast, "other_expert", cast.confirmed)
    answer(cast, swap_asked(cast))
    with writing():
        for meeting in (cast.proposed, cast.confirmed):
            seat = seat_in(cast, "expert", meeting)
            assert seat is not None
            assert seat.state is SeatState.RECONFIRM


def test_no_keeps_the_times(cast: Cast) -> None:
    swap = swap_asked(cast)
    answer(cast, swap, yes=False)
    answer(cast, swap, yes=False)
    assert days(cast) == AS_BOOKED
    assert kinds(swap) == ["swap.asked", "swap.declined"]


def test_a_question_is_taken_back(cast: Cast) -> None:
    swap = swap_asked(cast)
    with writing():
        withdraw_swap(cast.actor("other_host"), swap.load())
        withdraw_swap(cast.actor("other_host"), swap.load())
    assert kinds(swap) == ["swap.asked", "swap.withdrawn"]
    with refused("stop-swap"):
        answer_swap(cast.actor("coordinator"), swap.load(), yes=True)


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_stands(cast: Cast, yes: bool) -> None:
    """Rule stop-swap: the same answer twice changes nothing, another one is refused, taking back does nothing."""
    swap = swap_asked(cast)
    answer(cast, swap, yes=yes)
    after = days(cast)
    answer(cast, swap, yes=yes)
    with refused("stop-swap"):
        answer_swap(cast.actor("coordinator"), swap.load(), yes=not yes)
    with writing():
        assert withdraw_swap(cast.actor("other_host"), swap.load()).state is not SwapState.WITHDRAWN
    assert days(cast) == after


def test_asking_twice_asks_once(cast: Cast) -> None:
    assert swap_asked(cast).id == swap_asked(cast).id


def test_a_unit_asks_one_other_at_a_time(cast: Cast) -> None:
    """Rule stop-swap."""
    swap_asked(cast)
    with writing():
        book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, AT)
    with refused("stop-swap"):
        ask_swap(cast.actor("other_host"), cast.proposed_stop.load(), cast.stop.load())


@pytest.mark.parametrize("stop", ["proposed_stop", "confirmed_stop"])
@pytest.mark.parametrize("how", ["moved", "given up"])
def test_a_question_whose_meetings_changed_is_out_of_date(cast: Cast, stop: str, how: str) -> None:
    """Rule stop-swap: then the unit may ask anew."""
    swap = swap_asked(cast)
    coordinator = cast.actor("coordinator")
    with writing():
        turn = cast.things()[stop].load()
        if how == "moved":
            move_stop(coordinator, turn, FREE_ON, AT)
        else:
            give_up_stop(coordinator, turn, "Putkiremontti")
    with refused("stop-swap"):
        answer_swap(coordinator, swap.load(), yes=True)
    with writing():
        assert not swap.load().current
        assert asked_swaps(coordinator) == []
        if how == "given up":
            book_stop(coordinator, cast.things()[stop].load(), FREE_ON, AT)
    again = swap_asked(cast)
    assert again.id != swap.id
    with writing():
        assert swap.load().state is SwapState.WITHDRAWN
        assert [one.id for one in asked_swaps(coordinator)] == [again.id]


def test_the_rules_of_booking_hold_for_both(cast: Cast) -> None:
    """Rules round-within, booked-ahead, meeting-unit-free, judged when asked and again when answered."""
    swap = swap_asked(cast)
    with writing():
        autumn = session.scalars(select(Stop).where(Stop.round_id == cast.autumn.id)).all()[2]
        book_stop(cast.actor("coordinator"), autumn, PROPOSED_ON, time(14))
    with refused("meeting-unit-free"):
        answer_swap(cast.actor("coordinator"), swap.load(), yes=True, override=True)
    with refused("meeting-unit-free", field="time"):
        ask_swap(cast.actor("other_host"), cast.proposed_stop.load(), cast.confirmed_stop.load(), override=True)
    assert days(cast) == AS_BOOKED
    with writing():
        cast.spring.load().until_on = date(2027, 1, 29)
    with refused("round-within"):
        answer_swap(cast.actor("coordinator"), swap.load(), yes=True)
    with clock.at(clock.instant(CONFIRMED_ON, time(13, 1))), refused("stop-swap"):
        answer_swap(cast.actor("coordinator"), swap.load(), yes=True)


def test_each_unit_says_for_itself_that_it_hosts_then(cast: Cast) -> None:
    """Rule meeting-unit-free: the asking unit when it asks, the asked one when it says yes."""
    coordinator = cast.actor("coordinator")
    with writing():
        block_dates(coordinator, cast.other_unit.load(), CONFIRMED_ON, CONFIRMED_ON)
        set_hours(coordinator, cast.third_unit.load(), read(2, "8–12"), version=1)
    with refused("meeting-unit-free", field="override"):
        ask_swap(coordinator, cast.proposed_stop.load(), cast.confirmed_stop.load())
    with writing():
        turns = (cast.proposed_stop.load(), cast.confirmed_stop.load())
        swap = Thing(ask_swap(coordinator, *turns, "", override=True))
    with refused("meeting-unit-free", field="override"):
        answer_swap(coordinator, swap.load(), yes=True)
    answer(cast, swap, override=True)
    assert days(cast) == CHANGED


def said(cast: Cast, swap: Thing[StopSwap]) -> str:
    """What a yes of the asked unit, which says that it hosts then, is refused with."""
    with pytest.raises(Refused) as fault, writing():
        answer_swap(cast.actor("coordinator"), swap.load(), yes=True, override=True)
    assert (fault.value.rule.id, fault.value.field) == ("meeting-unit-free", None)
    return fault.value.message % fault.value.values


def test_what_the_asking_unit_does_after_asking_is_judged_at_the_yes(cast: Cast) -> None:
    """Rule meeting-unit-free: who answers is told that the other unit can mend it; then the yes goes through."""
    swap, coordinator = swap_asked(cast), cast.actor("coordinator")
    with writing():
        blocked = Thing(block_dates(coordinator, cast.other_unit.load(), CONFIRMED_ON, CONFIRMED_ON))
    assert "has blocked the day" in said(cast, swap)
    assert days(cast) == AS_BOOKED
    with writing():
        free_dates(coordinator, cast.other_unit.load(), blocked.ref)
    with writing():
        autumn = Thing(book_stop(coordinator, cast.autumn_stop.load(), CONFIRMED_ON, time(14)))
    assert "asked for your time" in said(cast, swap)
    with writing():
        give_up_stop(coordinator, cast.autumn_stop.load(), "Putkiremontti")
        assert autumn.load().state is MeetingState.CANCELLED
    answer(cast, swap)
    assert days(cast) == CHANGED


def test_a_new_meeting_of_the_asked_unit_is_for_it_to_move(cast: Cast) -> None:
    """Rule meeting-unit-free."""
    swap = swap_asked(cast)
    with writing():
        autumn = session.scalars(select(Stop).where(Stop.round_id == cast.autumn.id)).all()[2]
        book_stop(cast.actor("coordinator"), autumn, PROPOSED_ON, time(14))
    assert said(cast, swap).startswith("Your unit has another meeting")


def test_that_the_asking_unit_hosts_then_is_kept_only_where_it_had_to_be_said(cast: Cast) -> None:
    """Rule meeting-unit-free: a day that it blocks afterwards was not meant."""
    with writing():
        turns = (cast.proposed_stop.load(), cast.confirmed_stop.load())
        swap = Thing(ask_swap(cast.actor("other_host"), *turns, "", override=True))
    with writing():
        block_dates(cast.actor("coordinator"), cast.other_unit.load(), CONFIRMED_ON, CONFIRMED_ON)
    assert "has blocked the day" in said(cast, swap)


def test_only_two_meetings_of_an_open_round_that_are_to_come(cast: Cast) -> None:
    """Rules round-open, booked-ahead, stop-swap."""
    host, confirmed = cast.actor("coordinator"), cast.confirmed_stop
    with refused("booked-ahead"):
        ask_swap(host, cast.stop.load(), confirmed.load())
    with refused("booked-ahead"):
        ask_swap(host, confirmed.load(), cast.stop.load())
    with refused("stop-swap"):
        ask_swap(host, confirmed.load(), confirmed.load())
    with refused("stop-swap"):
        ask_swap(host, confirmed.load(), cast.autumn_stop.load())
    swap = swap_asked(cast)
    with writing():
        cast.spring.load().state = RoundState.CLOSED
    with refused("round-open"):
        answer_swap(host, swap.load(), yes=True)
    with refused("round-open"):
        ask_swap(host, cast.proposed_stop.load(), confirmed.load())


def test_who_sees_a_question(cast: Cast) -> None:
    """The contact persons of the two units, and coordinators; a unit sees only what it may answer or has asked."""
    swap = swap_asked(cast)
    with writing():
        for name in ("coordinator", "other_host"):
            assert [one.id for one in asked_swaps(cast.actor(name))] == [swap.id]
            assert swap_in(cast.actor(name), cast.spring.ref, swap.ref).id == swap.id
        for name in ("host", "staff", "worker", "expert", "neighbour", "visitor"):
            assert asked_swaps(cast.actor(name)) == []
            with pytest.raises(NotFound):
                swap_in(cast.actor(name), cast.spring.ref, swap.ref)
        with pytest.raises(NotFound):
            swap_in(cast.actor("coordinator"), cast.autumn.ref, swap.ref)
        asked = asked_by(cast.proposed_stop.load())
        assert asked is not None
        assert asked.id == swap.id
        assert asked_by(cast.confirmed_stop.load()) is None
        assert [one.id for one in may_swap(cast.proposed_stop.load())] == [cast.confirmed_stop.id]


def test_two_answers_at_one_moment(app: Flask, cast: Cast) -> None:
    """Rule stop-swap: one of them counts."""
    swap = swap_asked(cast)
    acts = [partial(_answer, cast, swap, yes=yes) for yes in (True, False)]
    results = at_once(app, acts)
    assert sum(isinstance(one, Refused) for one in results) == 1
    with writing():
        done = swap.load().state is SwapState.DONE
    assert days(cast) == (CHANGED if done else AS_BOOKED)


def test_a_yes_and_a_move_at_one_moment(app: Flask, cast: Cast) -> None:
    """The two days are never the same, and never too near: either both changed times, or one was moved before."""
    swap = swap_asked(cast)
    at_once(app, [partial(_answer, cast, swap, yes=True), partial(_move, cast)])
    one, other = days(cast)
    assert abs((one - other).days) >= 7


def _answer(cast: Cast, swap: Thing[StopSwap], *, yes: bool) -> None:
    answer_swap(cast.actor("coordinator"), swap.load(), yes=yes)


def _move(cast: Cast) -> None:
    move_stop(cast.actor("coordinator"), cast.proposed_stop.load(), FREE_ON, AT)
