"""Many people sign up for one meeting at once: what tests/bench measures, and tests/feature proves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter

from sqlalchemy import insert, select

from kierto.actor import Actor
from kierto.database import new_ref, session, writing
from kierto.meetings.models import Meeting
from kierto.people.models import Expert, ExpertState, Person
from kierto.seats import queries
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from tests.cast import NOW, Cast
from tests.processes import in_processes


@dataclass(frozen=True)
class Rush:
    """How it went: `taking` are the seconds each sign-up took."""

    seats: int
    before: int
    holding: int
    counter: int
    waiting: int
    queue: Sequence[tuple[int, object]]
    last_holder: int
    errors: Sequence[str]
    taking: Sequence[float]
    seconds: float


def rush(cast: Cast, settings: Settings, *, processes: int, each: int, seats: int = 10) -> Rush:
    """So many processes sign so many people up each, for the cast's confirmed meeting, made so large."""
    signing_up = people(cast, processes * each)
    with writing():
        cast.confirmed.load().seats = seats
        before = cast.confirmed.load().seats_taken
    shares = [signing_up[number::processes] for number in range(processes)]
    began = perf_counter()
    done = in_processes(processes, partial(_sign_up, cast.confirmed.id, shares), settings, NOW + timedelta(hours=1))
    seconds = perf_counter() - began
    return found(
        cast,
        before,
        errors=[fault for faults, _taking in done for fault in faults],
        taking=[one for _faults, taking in done for one in taking],
        seconds=seconds,
    )


def found(cast: Cast, before: int, *, errors: Sequence[str], taking: Sequence[float], seconds: float) -> Rush:
    """What the database says once everybody has signed up; `before` seats were taken already."""
    with writing():
        meeting = cast.confirmed.load()
        holding = queries.seats_of(meeting, *SeatState.holding())
        waiting = queries.seats_of(meeting, SeatState.WAITING)
        return Rush(
            seats=meeting.seats,
            before=before,
            holding=len(holding),
            counter=meeting.seats_taken,
            waiting=len(waiting),
            queue=[(seat.id, seat.waiting_since) for seat in waiting],
            last_holder=max(seat.id for seat in holding),
            errors=errors,
            taking=taking,
            seconds=seconds,
        )


def check(found: Rush, count: int) -> None:
    """Rule seat-capacity: every seat is taken and no more, all others wait in the order they came, nobody failed."""
    assert not found.errors, f"{len(found.errors)} failed: {found.errors[:3]}"
    assert found.holding == found.counter == found.seats
    assert found.waiting == count - (found.seats - found.before)
    assert list(found.queue) == sorted(found.queue), "the line is not in the order of coming"
    assert sorted(found.queue, key=lambda one: str(one[1])) == list(found.queue)
    assert all(seat > found.last_holder for seat, _since in found.queue), "somebody went past the line"


def people(cast: Cast, count: int) -> list[int]:
    """So many approved experts, written in bulk: they are no part of what is tried."""
    with writing():
        made = session.execute(
            insert(Person).returning(Person.id),
            [
                {
                    "ref": new_ref(),
                    "name": f"Asiantuntija {n}",
                    "language": "fi",
                    "administrator": False,
                    "created_at": NOW,
                }
                for n in range(count)
            ],
        ).scalars()
        ids = list(made)
        session.execute(
            insert(Expert),
            [
                {
                    "ref": new_ref(),
                    "organisation_id": cast.organisation.id,
                    "person_id": id_,
                    "state": ExpertState.APPROVED,
                    "created_at": NOW,
                }
                for id_ in ids
            ],
        )
    return ids


def _sign_up(meeting_id: int, shares: Sequence[Sequence[int]], number: int) -> tuple[list[str], list[float]]:
    faults, taking = [], []
    for person_id in shares[number]:
        began = perf_counter()
        try:
            with writing():
                meeting = session.scalars(select(Meeting).where(Meeting.id == meeting_id)).one()
                seat = take_seat(Actor(person_id=person_id), meeting, person_id, SeatRole.EXPERT)
                assert isinstance(seat, Seat)
        except Exception as fault:  # whatever it is, it is counted
            faults.append(f"{type(fault).__name__}: {fault} after {perf_counter() - began:.1f} s")
        taking.append(perf_counter() - began)
    return faults, taking
