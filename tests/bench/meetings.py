"""How quick the pages of meetings are with 1,000 and 100,000 of them: `python -m tests.bench.meetings`.

In-process requests on each database that this machine has, over invented data (`kierto demo --meetings`): the median
and the slowest of so many requests, the rendering of the page included, how much of it this process computed (what is
left on a laden machine is waiting), and how many statements each ran.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from kierto import clock
from kierto.actor import Identified, Role
from kierto.app import create_app
from kierto.database import reading, session, writing
from kierto.database.engine import engine
from kierto.database.upgrade import upgrade
from kierto.demo.bulk.fill import Size, fill_in_bulk, tidy
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, ExpertState, Member
from kierto.seats.models import Seat
from kierto.settings import Settings
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.models import Unit
from tests import postgres
from tests.client import Client

SIZES = (1_000, 100_000)
MEETINGS_A_UNIT = 40
ASKED = 15


class Case(NamedTuple):
    """A request: who asks (a name of `People`), and for what."""

    words: str
    who: str
    path: str


class People(NamedTuple):
    """A browser for each of those who ask, and addresses of what they look at."""

    visitor: Client
    expert: Client
    host: Client
    coordinator: Client
    meeting: str
    unit: str
    place: str


def cases(people: People) -> list[Case]:
    """What is asked for: lists from their beginning and from far within, narrowed to much, little and nothing."""
    today = clock.today()
    later = (today + timedelta(days=60)).isoformat()
    return [
        Case("/meetings/, a visitor", "visitor", "/meetings/"),
        Case("/meetings/, an expert", "expert", "/meetings/"),
        Case("/meetings/ from far within", "visitor", f"/meetings/?after={people.meeting}"),
        Case("/meetings/ of a municipality", "visitor", f"/meetings/?municipality={people.place}"),
        Case("/meetings/ of a theme", "visitor", "/meetings/?theme=encounter"),
        Case("/meetings/ of both", "visitor", f"/meetings/?municipality={people.place}&theme=encounter"),
        Case("/meetings/ of one day", "visitor", f"/meetings/?on={later}"),
        Case("a month, a visitor", "visitor", "/meetings/month"),
        Case("a month, a coordinator", "coordinator", "/meetings/month"),
        Case("a month of a municipality", "visitor", f"/meetings/month?municipality={people.place}"),
        Case("a meeting, an expert", "expert", f"/meetings/{people.meeting}"),
        Case("/me, an expert", "expert", "/me"),
        Case("/me, a contact person", "host", "/me"),
        Case("a unit, its contact person", "host", f"/units/{people.unit}"),
        Case("/desk, a coordinator", "coordinator", "/desk"),
    ]


def people(app: Flask) -> People:
    """Those who ask: the expert with the most seats, a contact person and a coordinator of their organisation."""
    with reading():
        most = func.count().desc()
        person_id = session.scalars(
            select(Seat.person_id)
            .join(Expert, Expert.person_id == Seat.person_id)
            .where(Expert.state == ExpertState.APPROVED)
            .group_by(Seat.person_id)
            .order_by(most)
            .limit(1)
        ).one()
        organisation_id = session.scalars(select(Expert.organisation_id).where(Expert.person_id == person_id)).one()
        members = select(Member).where(Member.organisation_id == organisation_id).limit(1)
        host = session.scalars(members.where(Member.role == Role.HOST_CONTACT)).one()
        coordinator = session.scalars(members.where(Member.role == Role.COORDINATOR)).one()
        unit = session.get_one(Unit, host.unit_id)
        ids = {"expert": person_id, "host": host.person_id, "coordinator": coordinator.person_id}
        later = Meeting.starts_at > clock.now() + timedelta(days=90)
        within = select(Meeting.ref).where(later, Meeting.public, Meeting.state == MeetingState.CONFIRMED)
        meeting = session.scalars(within.order_by(Meeting.starts_at).limit(1)).one()
        found = (meeting, unit.ref, unit.municipality)
    with writing():
        browsers = {
            name: Client(app, start_session(id_, SessionBy.SINGLE_SIGN_ON, "bench", Identified.STRONGLY))
            for name, id_ in ids.items()
        }
    return People(Client(app), browsers["expert"], browsers["host"], browsers["coordinator"], *found)


@contextmanager
def filled(database_url: str | None, count: int) -> Iterator[Flask]:
    """An application over a database with so many meetings of invented organisations."""
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        given = {"KIERTO_INSTANCE": folder} | ({"KIERTO_DATABASE_URL": database_url} if database_url else {})
        app = create_app(Settings.from_environ(given))
        with app.app_context():
            upgrade()
            units = count // MEETINGS_A_UNIT
            fill_in_bulk(Size(units=units, experts=units * 3 // 2, meetings=count, seed=1), lambda _made: None)
            tidy()
            yield app
            engine().dispose()


def show(title: str, database_url: str | None, count: int) -> None:
    """Print a line for each case: milliseconds of a request in this process, its statements, what was sent."""
    print(
        f"\n{title}, {count:,} meetings{'':<8}{'median ms':>10}{'worst':>9}{'computed':>9}{'queries':>9}{'bytes':>11}",
        flush=True,
    )
    with filled(database_url, count) as app:
        asking = people(app)
        for case in cases(asking):
            client: Client = getattr(asking, case.who)
            client.get(case.path)
            took, computed, size = [], [], 0
            for _ in range(ASKED):
                started, before = perf_counter(), process_time()
                answer = client.browser.get(case.path, headers={"Accept-Language": "fi"})
                took.append((perf_counter() - started) * 1000)
                computed.append((process_time() - before) * 1000)
                assert answer.status_code == 200, case.path
                size = len(answer.data)
            print(
                f"{case.words:<34}{median(took):10.1f}{max(took):9.1f}{median(computed):9.1f}"
                f"{client.queries:9}{size:11,}",
                flush=True,
            )


def main() -> None:
    """Measure on SQLite and, where there is one, on PostgreSQL; sizes may be given as arguments."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for count in sizes:
        show("SQLite", None, count)
    with postgres.cluster() as cluster:
        if cluster is None:
            print(postgres.MISSING)
            return
        for count in sizes:
            cluster.drop("kierto_bench_meetings")
            cluster.create("kierto_bench_meetings")
            try:
                show("PostgreSQL", cluster.url("kierto_bench_meetings"), count)
            finally:
                cluster.drop("kierto_bench_meetings")


if __name__ == "__main__":
    main()
