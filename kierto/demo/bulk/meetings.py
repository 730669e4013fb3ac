"""Meetings in bulk with their seats: proposed, confirmed or cancelled, as the actions would have left them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from kierto.database import Base
from kierto.demo.bulk import names
from kierto.demo.bulk.ground import Ground
from kierto.demo.bulk.rows import Rows
from kierto.demo.bulk.times import Times
from kierto.events.catalogue import EventData
from kierto.events.catalogue.meetings import MeetingBooked, MeetingConfirmed
from kierto.events.models import Event
from kierto.meetings.models import Meeting, MeetingKind, MeetingState
from kierto.seats.models import Seat
from kierto.seats.rules import Mix, SeatRole, SeatState, mix_met

CANCELLED, FILLED, LACKING, SPARE = 0.03, 0.08, 0.3, 0.7
"""How often a meeting is cancelled; up to which chance it is full, lacks an expert yet, has one to spare."""

MOST_WAITING = 2


@dataclass(frozen=True)
class Frame:
    """What a round gives to each of its meetings."""

    organisation_id: int
    theme_id: int
    public: bool
    minutes: int
    mix: Mix
    seats: int


@dataclass(frozen=True)
class Made:
    """A meeting that was made, as far as stops and practices need it."""

    id: int
    unit_id: int
    theme_id: int
    public: bool
    starts_at: datetime
    held: bool


@dataclass(frozen=True)
class Guests:
    """Who holds a seat, and who waits for one."""

    staff: list[int]
    experts: list[int]
    waiting: list[int]


class Course(NamedTuple):
    """When a meeting was booked, and when it was confirmed and cancelled, if it was."""

    booked: datetime
    confirmed: datetime | None
    ended: datetime | None

    @property
    def state(self) -> MeetingState:
        if self.ended:
            return MeetingState.CANCELLED
        return MeetingState.CONFIRMED if self.confirmed else MeetingState.PROPOSED


class Meetings:
    """Makes the meetings of one organisation."""

    def __init__(self, rows: Rows, times: Times, ground: Ground) -> None:
        self.rows, self.times, self.ground = rows, times, ground
        self.random = rows.random

    def make(self, frame: Frame, unit_id: int, index: int, slot: int) -> Made:
        """One meeting on a day and start that are free for the unit."""
        self.times.take(-unit_id, index, slot)
        start, past = self.times.start(index, slot), self.times.past(index)
        guests = self._guests(frame, unit_id, index, slot)
        mixed = mix_met(frame.mix, Mix(len(guests.experts), len(guests.staff)))
        cancelled = self.random.random() < CANCELLED or (past and not mixed)
        booked = min(start, self.times.midnight) - timedelta(
            days=self.random.randint(3, 45), minutes=self.random.randint(0, 600)
        )
        confirmed = booked + timedelta(hours=self.random.randint(1, 48)) if mixed else None
        ended = booked + timedelta(hours=60) if cancelled else None
        id_ = self._store(
            frame, unit_id, start, len(guests.staff) + len(guests.experts), Course(booked, confirmed, ended)
        )
        self._seat(frame, id_, guests, booked)
        contact = guests.staff[0]
        self.record(Meeting, id_, booked, contact, MeetingBooked(unit_id=unit_id, starts_at=start, booked_by=contact))
        if confirmed is not None:
            self.record(Meeting, id_, confirmed, contact, MeetingConfirmed())
        return Made(id_, unit_id, frame.theme_id, frame.public, start, held=past and mixed and not cancelled)

    def _store(self, frame: Frame, unit_id: int, start: datetime, taken: int, course: Course) -> int:
        changes = (course.confirmed is not None) + (course.ended is not None)
        return self.rows.add(
            Meeting,
            organisation_id=frame.organisation_id,
            ref=self.rows.ref(),
            uid=self.rows.uid(),
            sequence=changes,
            version=1 + changes,
            kind=MeetingKind.ROTATING,
            state=course.state,
            public=frame.public,
            unit_id=unit_id,
            room=None,
            theme_id=frame.theme_id,
            description=None,
            starts_at=start,
            ends_at=start + timedelta(minutes=frame.minutes),
            mix_experts=frame.mix.experts,
            mix_staff=frame.mix.staff,
            seats=frame.seats,
            seats_taken=taken,
            created_at=course.booked,
            changed_at=course.ended or course.confirmed or course.booked,
            confirmed_at=course.confirmed,
            cancelled_at=course.ended,
            cancel_reason=self._reason(mixed=course.confirmed is not None) if course.ended else None,
        )

    def record(self, model: type[Base], id_: int, at: datetime, actor_id: int, data: EventData) -> None:
        """An event about a row, not queued: nobody is told of what is invented in bulk."""
        self.rows.add(
            Event,
            organisation_id=self.ground.organisation_id,
            at=at,
            act=self.rows.ref(),
            actor_id=actor_id,
            kind=data.kind,
            subject=model.__tablename__,
            subject_id=id_,
            data=data.as_json(),
        )

    def _reason(self, *, mixed: bool) -> str:
        return self.random.choice(names.CANCELLED_BECAUSE) if mixed else names.TOO_FEW

    def _guests(self, frame: Frame, unit_id: int, index: int, slot: int) -> Guests:
        """Rules person-one-place, seat-capacity, seat-mix-kept: workers never take what the mix keeps for experts."""
        workers = self.ground.workers[unit_id]
        staff = workers[: self.random.randint(1, min(2, len(workers)))]
        room = frame.seats - len(staff)
        past = self.times.past(index)
        wanted = self._wanted(frame.mix.experts, room, past=past)
        asked = self.random.sample(self.ground.experts, min(len(self.ground.experts), wanted + 2))
        coming = [who for who in asked if self.times.free(who, index, slot)][:wanted]
        experts, waiting = coming[:room], [] if past else coming[room:]
        for who in experts:
            self.times.take(who, index, slot)
        return Guests(staff, experts, waiting)

    def _wanted(self, needed: int, room: int, *, past: bool) -> int:
        chance = self.random.random()
        if chance < FILLED:
            return room + MOST_WAITING
        if chance < LACKING and not past:
            return needed - 1
        return min(room, needed + (chance < SPARE))

    def _seat(self, frame: Frame, meeting_id: int, guests: Guests, booked: datetime) -> None:
        told = [(who, SeatRole.HOST_STAFF, SeatState.ACCEPTED) for who in guests.staff]
        told += [(who, SeatRole.EXPERT, SeatState.ACCEPTED) for who in guests.experts]
        told += [(who, SeatRole.EXPERT, SeatState.WAITING) for who in guests.waiting]
        for number, (person_id, role, state) in enumerate(told):
            at = booked + timedelta(minutes=3 * number)
            self.rows.add(
                Seat,
                organisation_id=frame.organisation_id,
                ref=self.rows.ref(),
                meeting_id=meeting_id,
                person_id=person_id,
                role=role,
                state=state,
                created_at=at,
                waiting_since=at if state is SeatState.WAITING else None,
                offered_until=None,
                passed_at=None,
            )
