"""Many sign up for one meeting while the processes that serve them are killed (SIGKILL) and started again.

Who was told that they have a seat, or a place in the line, must have it; the seats must be full and not overfull; the
line must be in the order of coming. tests/bench measures it with 8 processes × 200 people.
"""

import os
import random
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import NamedTuple

from sqlalchemy import func, select

from kierto import clock
from kierto.actor import Actor
from kierto.app import create_app
from kierto.database import reading, session, writing
from kierto.meetings.models import Meeting
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from tests.cast import NOW, Cast
from tests.killing import crew
from tests.sign_ups import Rush, found, people

PATIENCE = 300.0
"""Seconds within which everybody must have signed up; a laden machine is slow."""


class Killed(NamedTuple):
    """`rush` is what the database says at the end. `lost` were told they have a seat and have none: must be 0."""

    rush: Rush
    kills: int
    amid: int
    told: int
    lost: int


def rush_and_kill(
    cast: Cast, settings: Settings, *, processes: int, each: int, kills: int, seats: int = 10, seed: int = 1
) -> Killed:
    """So many processes sign so many people up each; so many times one of them is killed, and another goes on."""
    chance = random.Random(seed)
    signing_up = people(cast, processes * each)
    with writing():
        cast.confirmed.load().seats = seats
        before = cast.confirmed.load().seats_taken
    shift = NOW + timedelta(hours=1) - datetime.now(UTC)
    began = perf_counter()
    with crew(settings) as start:
        starts = [
            partial(start, sign_up, settings, shift, cast.confirmed.id, number, signing_up[number::processes])
            for number in range(processes)
        ]
        at_work = [one() for one in starts]
        amid = 0
        for kill in range(kills):
            _wait_for(settings.instance, (kill + 1) * len(signing_up) // (kills + 2))
            sleep(chance.uniform(0, 0.01))
            number = chance.choice([at for at, one in enumerate(at_work) if one.is_alive()] or [0])
            amid += _killed(at_work[number])
            at_work[number] = starts[number]()
        _wait_for(settings.instance, len(signing_up))
        for one in at_work:
            one.join(60)
            assert one.exitcode == 0, "who is left in peace ends well"
    seconds = perf_counter() - began
    told = _told(settings.instance)
    session.remove()
    with reading():
        has = select(func.count()).where(
            Seat.meeting_id == cast.confirmed.id,
            Seat.person_id.in_(told),
            Seat.state.in_((SeatState.ACCEPTED, SeatState.WAITING)),
        )
        lost = len(told) - (session.scalar(has) or 0)
    return Killed(found(cast, before, errors=[], taking=[], seconds=seconds), kills, amid, len(told), lost)


def _killed(process: ForkServerProcess) -> bool:
    """Whether it was still at work."""
    working = process.is_alive()
    if working:
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return working and process.exitcode == -signal.SIGKILL


def _wait_for(instance: Path, count: int) -> None:
    """Wait until so many were told that they have signed up."""
    until = monotonic() + PATIENCE
    while len(_told(instance)) < count:
        assert monotonic() < until, f"{len(_told(instance))} of {count} have signed up"
        sleep(0.005)


def _told(instance: Path) -> set[int]:
    lines = [line for path in instance.glob("*.told") for line in path.read_text().splitlines(keepends=True)]
    return {int(line) for line in lines if line.endswith("\n")}  # one may be half written


def sign_up(settings: Settings, shift: timedelta, meeting_id: int, number: int, share: Sequence[int]) -> None:
    """One process: it goes on where the one before it was killed, and tells each person once it is sure."""
    clock._offset.set(shift)
    path = settings.instance / f"{number}.told"
    done = set(path.read_text().split()) if path.exists() else set()
    with create_app(settings).app_context(), path.open("a", buffering=1) as told:
        for person_id in share:
            if str(person_id) in done:
                continue
            with writing():
                take_seat(Actor(person_id=person_id), session.get_one(Meeting, meeting_id), person_id, SeatRole.EXPERT)
            told.write(f"{person_id}\n")
