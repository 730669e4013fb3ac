"""Filling a database with any amount of invented data, one organisation in each transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select, text

from kierto import clock
from kierto.database import Base, reading, session, writing
from kierto.demo.bulk.ground import Ground, Settlers, Share
from kierto.demo.bulk.practices import Practices
from kierto.demo.bulk.rounds import Rounds
from kierto.demo.bulk.rows import Rows
from kierto.demo.bulk.times import BACK, Times
from kierto.people.models import Person
from kierto.units.queries import services, themes

UNITS_EACH = 40
"""How many units an organisation has, about."""

USED = 0.5
"""How much of all the times a unit could host meetings may be asked for."""


class TooMany(Exception):
    """What was asked for does not fit; the sentence says how much would."""


class AlreadyThere(Exception):
    """The database holds the data of this seed already."""


@dataclass(frozen=True)
class Size:
    """How much of each there will be, at the end and exactly."""

    units: int
    experts: int
    meetings: int
    seed: int

    @property
    def mark(self) -> str:
        """How the data of this seed is known."""
        return f"s{self.seed}"

    def shares(self) -> list[Share]:
        """Everything spread evenly over as many organisations as the units need."""
        count = -(-self.units // UNITS_EACH)
        units, experts, meetings = (_split(whole, count) for whole in (self.units, self.experts, self.meetings))
        return [
            Share(number, *parts) for number, parts in enumerate(zip(units, experts, meetings, strict=True), start=1)
        ]


def check(size: Size) -> None:
    """Whether the data would fit.

    Raises:
        TooMany: the units cannot host so many meetings.
        AlreadyThere: the seed was used before.
    """
    most = int(Times(clock.today()).starts * USED) * size.units
    if size.meetings > most:
        raise TooMany(f"{size.units} units cannot host so many meetings: give at most {most}, or more units.")
    used = select(Person.id).where(Person.email.like(f"%@{size.mark}.kierto.example")).limit(1)
    with reading():
        if session.scalar(used) is not None:
            raise AlreadyThere(f"The data of seed {size.seed} is there already: give another --seed.")


def fill_in_bulk(size: Size, told: Callable[[int], None]) -> int:
    """Add the data; `told` hears how many meetings were made after each organisation. Returns the number of rows.

    `check` comes first.
    """
    random = Random(size.seed)  # noqa: S311 - invented data guards nothing
    times = Times(clock.today())
    with reading():
        service_ids = {service.code: service.id for service in services()}
        theme_ids = [(theme.id, theme.name.fi) for theme in themes()]
    written = 0
    for share in size.shares():
        with writing():
            _keep_others_out()
            rows = Rows(random, growing=share.number == 1)
            ground = Settlers(rows, size.mark, times.midnight - BACK - timedelta(days=120)).settle(share, service_ids)
            _meet(rows, times, ground, theme_ids, share.meetings)
            rows.settle()
        times.clear()
        written += rows.written
        told(share.meetings)
    return written


def _meet(rows: Rows, times: Times, ground: Ground, theme_ids: list[tuple[int, str]], count: int) -> None:
    rounds = Rounds(rows, times, ground, theme_ids)
    practices = Practices(rows, ground, rounds.meetings, times.midnight)
    while count > 0:
        made, units = rounds.make(count)
        for meeting in made:
            practices.make(meeting, units)
        count -= len(made)


def _keep_others_out() -> None:
    """PostgreSQL numbers rows beside this transaction; SQLite lets nobody else write anyway."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def tidy() -> float:
    """Let the database learn what it holds now; returns its size in megabytes."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    with writing():
        session.execute(text("ANALYZE"))
    with reading():
        if postgresql:
            size = session.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            size = session.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    return float(size or 0) / 1_000_000


def _split(whole: int, count: int) -> list[int]:
    part, rest = divmod(whole, count)
    return [part + (number < rest) for number in range(count)]
