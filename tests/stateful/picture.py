"""The tables as they are, read with plain SELECTs: what the checker looks at. No room's own code is asked anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kierto.database import Base, session

Row = Any
"""A row of a table, its columns as attributes; states and roles are compared with the words that are stored."""

HELSINKI = ZoneInfo("Europe/Helsinki")
HOLDING = ("accepted", "offered", "reconfirm")
COMING = (*HOLDING, "waiting", "interested", "invited")

_BY_ID = ("rounds", "stops", "meetings", "seats", "persons", "units", "stop_swaps")
_LISTS = (
    "members",
    "experts",
    "fee_rates",
    "expert_municipalities",
    "expert_themes",
    "available_hours",
    "away_dates",
    "busy_spans",
)


@dataclass(frozen=True)
class Picture:
    """The tables at one moment. `events` are those recorded since the picture before."""

    now: datetime
    tables: Mapping[str, Mapping[int, Row]]
    events: Sequence[Row]
    last_event: int
    rates_since: Mapping[int, datetime] = field(default_factory=dict)
    """Organisation → since when it has decided what it pays."""

    @property
    def meetings(self) -> Mapping[int, Row]:
        return self.tables["meetings"]

    @property
    def seats(self) -> Mapping[int, Row]:
        return self.tables["seats"]

    @property
    def stops(self) -> Mapping[int, Row]:
        return self.tables["stops"]

    @property
    def rounds(self) -> Mapping[int, Row]:
        return self.tables["rounds"]

    def rows(self, table: str) -> Iterator[Row]:
        return iter(self.tables[table].values())

    def seats_in(self, meeting_id: int) -> list[Row]:
        return [seat for seat in self.seats.values() if seat.meeting_id == meeting_id]

    def is_open(self, meeting: Row) -> bool:
        """Neither cancelled nor begun."""
        return meeting.state in ("proposed", "confirmed") and meeting.starts_at > self.now

    def open_meetings(self) -> list[Row]:
        return [meeting for meeting in self.meetings.values() if self.is_open(meeting)]

    def stop_state(self, stop: Row) -> str:
        """waiting, booked, visited or skipped."""
        if stop.skipped_because is not None or stop.round_ended:
            return "skipped"
        return self.turn(stop)

    def turn(self, stop: Row) -> str:
        """What the stop's meeting makes of it, whether it was skipped or not."""
        meeting = self.meetings.get(stop.meeting_id)
        if meeting is None or meeting.state == "cancelled":
            return "waiting"
        if meeting.starts_at > self.now:
            return "booked"
        return "waiting" if meeting.state == "proposed" else "visited"

    def works_in(self, person_id: int, unit_ids: Sequence[int]) -> bool:
        return any(one.person_id == person_id and one.unit_id in unit_ids for one in self.rows("members"))

    def rate(self, organisation_id: int, year: int) -> Row | None:
        """What the organisation pays in the year: what was decided last for it or a year before."""
        theirs = [one for one in self.rows("fee_rates") if one.organisation_id == organisation_id and one.year <= year]
        return max(theirs, key=lambda one: one.year, default=None)


def take(before: Picture | None, now: datetime) -> Picture:
    """A picture of the tables; inside a transaction."""
    tables = Base.metadata.tables
    found = {
        name: {row.id: row for row in session.execute(select(tables[name]).order_by(tables[name].c.id))}
        for name in (*_BY_ID, *_LISTS)
    }
    log = tables["events"]
    since = before.last_event if before else 0
    events = session.execute(select(log).where(log.c.id > since).order_by(log.c.id)).all()
    rates = dict(before.rates_since) if before else {}
    for event in events:
        if event.kind == "fee_rate.set":
            rates.setdefault(event.subject_id, event.at)
    last = events[-1].id if events else since
    return Picture(now, found, events, last, rates)


def hosts(meeting: Row) -> tuple[int, ...]:
    return (meeting.unit_id,) if meeting.co_unit_id is None else (meeting.unit_id, meeting.co_unit_id)


def day(moment: datetime) -> date:
    """The day on Helsinki's calendar."""
    return moment.astimezone(HELSINKI).date()


def overlap(one: Row, other: Row) -> bool:
    return bool(one.starts_at < other.ends_at and other.starts_at < one.ends_at)


def elsewhere(picture: Picture, seat: Row) -> bool:
    """Whether the seat's person comes to another meeting at that time."""
    meeting = picture.meetings[seat.meeting_id]
    return any(
        other.person_id == seat.person_id
        and other.state in ("accepted", "reconfirm")
        and other.meeting_id != meeting.id
        and picture.meetings[other.meeting_id].state != "cancelled"
        and overlap(meeting, picture.meetings[other.meeting_id])
        for other in picture.seats.values()
    )


def waited_for(picture: Picture) -> dict[int, Row]:
    """Id → the seats of those who wait and were not asked though a seat for their role is free, and they are, too."""
    found: dict[int, Row] = {}
    for meeting in picture.open_meetings():
        seats = picture.seats_in(meeting.id)
        free, lack = meeting.seats - sum(holds(seat) for seat in seats), lacking(picture, meeting)
        for seat in seats:
            kept = 0 if meeting.mix_released else sum(lack.values()) - needed(picture, meeting, seat)
            waits = seat.state == "waiting" and seat.passed_at is None
            if waits and free > kept and not elsewhere(picture, seat):
                found[seat.id] = seat
    return found


def holds(seat: Row) -> bool:
    """Whether it takes one of the seats: a facilitator needs none."""
    return seat.state in HOLDING and seat.role != "facilitator"


def staff_wanted(meeting: Row) -> int:
    """How many workers the mix needs: of two units that meet together one each at least."""
    return int(max(meeting.mix_staff, len(hosts(meeting))))


def units_without(picture: Picture, meeting: Row, workers: Sequence[Row]) -> list[int]:
    """Of two units that meet together those that none of these host seats is of."""
    if meeting.co_unit_id is None:
        return []
    return [unit for unit in hosts(meeting) if not any(picture.works_in(one.person_id, [unit]) for one in workers)]


def lacking(picture: Picture, meeting: Row, without: Sequence[int] = ()) -> dict[str, int]:
    """Role → how many seats the mix still keeps for it; those that are held or offered need not be kept."""
    held = [seat for seat in picture.seats_in(meeting.id) if holds(seat) and seat.id not in without]
    workers = [seat for seat in held if seat.role == "host_staff"]
    return {
        "expert": max(0, meeting.mix_experts - sum(seat.role == "expert" for seat in held)),
        "host_staff": max(staff_wanted(meeting) - len(workers), len(units_without(picture, meeting, workers))),
    }


def needed(picture: Picture, meeting: Row, seat: Row, without: Sequence[int] = ()) -> int:
    """How many like the seat's person the mix lacks: what only the other of two units can fill is not for them."""
    lack = lacking(picture, meeting, without).get(seat.role, 0)
    if seat.role != "host_staff":
        return lack
    workers = [
        one for one in picture.seats_in(meeting.id) if holds(one) and one.role == "host_staff" and one.id not in without
    ]
    others = units_without(picture, meeting, workers)
    return max(0, lack - sum(not picture.works_in(seat.person_id, [unit]) for unit in others))


def mix_met(picture: Picture, meeting: Row, also: Sequence[int] = ()) -> bool:
    """Whether so many of each role have accepted as the mix wants, and a worker of each unit that hosts.

    `also` are ids of seats that count, whatever their state is.
    """
    came = [seat for seat in picture.seats_in(meeting.id) if seat.state == "accepted" or seat.id in also]
    workers = [seat for seat in came if seat.role == "host_staff"]
    return (
        sum(seat.role == "expert" for seat in came) >= meeting.mix_experts
        and len(workers) >= staff_wanted(meeting)
        and not units_without(picture, meeting, workers)
    )


def two_weekdays_later(moment: datetime) -> datetime:
    """The same time on Helsinki's clocks two weekdays later."""
    local = moment.astimezone(HELSINKI)
    left = 2
    while left:
        local += timedelta(days=1)  # the wall clock's day, since the zone is Helsinki
        left -= local.weekday() < 5
    return local
