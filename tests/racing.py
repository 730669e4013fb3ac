"""Two acts at one moment, each in a process, a connection and a transaction of its own; one pair after another."""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial
from time import sleep
from typing import NamedTuple

from kierto import clock
from kierto.actor import Actor
from kierto.database import session, writing
from kierto.errors import KiertoError
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting
from kierto.rounds.actions import RoundPlan
from kierto.rounds.booking import book_stop, move_stop
from kierto.rounds.editing import edit_round
from kierto.rounds.lifecycle import close_round
from kierto.rounds.models import Round, Stop, StopSwap
from kierto.rounds.swapping import answer_swap
from kierto.seats.actions import answer_offer, take_seat, withdraw
from kierto.seats.interest import settle_interest
from kierto.seats.models import Seat
from kierto.seats.offering import pass_on_offer
from kierto.seats.rules import SeatRole
from kierto.settings import Settings
from tests import processes

Act = Callable[[], object]
DONE = "done"


class Pair(NamedTuple):
    """Two acts; about `moment` by the clock, if there is one."""

    one: Act
    other: Act
    moment: datetime | None = None


def race(settings: Settings, now: datetime, pairs: Sequence[Pair], seed: int = 1) -> list[tuple[str, str]]:
    """What became of each act: done, or the id of the rule that refused it, or whatever else went wrong.

    The two of a pair begin within milliseconds of each other; which of them is first is left to chance.
    """
    one, other = processes.in_processes(2, partial(_run, pairs, seed), settings, now)
    return list(zip(one, other, strict=True))


def _run(pairs: Sequence[Pair], seed: int, number: int) -> list[str]:
    chance = random.Random(seed * 10 + number)
    return [_outcome((pair.one, pair.other)[number], pair.moment, chance.uniform(0, 0.006)) for pair in pairs]


def _outcome(act: Act, moment: datetime | None, late: float) -> str:
    processes.together()
    if moment is not None:
        sleep(max(0.0, (moment - clock.now()).total_seconds() - 0.003))
    sleep(late)
    try:
        with writing():
            act()
    except KiertoError as fault:
        return str(fault)
    except Exception as fault:  # whatever it is, the test says what
        return f"{type(fault).__name__}: {fault}"
    return DONE


# What is raced; arguments are ids, so that a process can be told.


def answering(seat_id: int, *, yes: bool) -> None:
    seat = session.get_one(Seat, seat_id)
    answer_offer(Actor(person_id=seat.person_id), seat, yes=yes)


def taking(meeting_id: int, person_id: int) -> None:
    take_seat(Actor(person_id=person_id), session.get_one(Meeting, meeting_id), person_id, SeatRole.EXPERT)


def withdrawing(seat_id: int) -> None:
    seat = session.get_one(Seat, seat_id)
    withdraw(Actor(person_id=seat.person_id), seat)


def cancelling(meeting_id: int) -> None:
    cancel_meeting(Actor(), session.get_one(Meeting, meeting_id), "Ei sovi.")


def booking(stop_id: int, on: date, hour: int) -> None:
    book_stop(Actor(), session.get_one(Stop, stop_id), on, time(hour), override=True)


def moving(stop_id: int, on: date, hour: int) -> None:
    move_stop(Actor(), session.get_one(Stop, stop_id), on, time(hour), override=True)


def swapping(swap_id: int) -> None:
    answer_swap(Actor(), session.get_one(StopSwap, swap_id), yes=True, override=True)


def closing(round_id: int) -> None:
    close_round(Actor(), session.get_one(Round, round_id))


def widening(round_id: int, gap_days: int) -> None:
    """Raise the days between the round's meetings."""
    round_ = session.get_one(Round, round_id)
    names = (name for name in RoundPlan.__dataclass_fields__ if name != "gap_days")
    edit_round(Actor(), round_, RoundPlan(gap_days=gap_days, **{name: getattr(round_, name) for name in names}))


def settling(meeting_id: int) -> None:
    settle_interest(meeting_id)


def passing_on(meeting_id: int, seat_id: int) -> None:
    pass_on_offer(meeting_id, seat_id)
