"""How fast the public feed of 1,000 meetings is: first, after a change, repeated, not modified, beside an empty view.

`python -m tests.bench.feed` serves a scratch instance by one gunicorn process (8 threads) on a free loopback port,
asks it from another process over 4 kept connections, and prints a table for each database that this machine has.
Milliseconds of the server's processor tell more than those of the clock on a machine that others use too.
"""

import os
import socket
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import NamedTuple

from flask import Flask
from sqlalchemy import insert, select, update

from kierto import clock
from kierto.actor import SYSTEM
from kierto.app import create_app
from kierto.cli.serve import THREADS
from kierto.database import new_ref, session, writing
from kierto.database.engine import engine
from kierto.database.upgrade import upgrade
from kierto.meetings.models import Meeting, MeetingKind, MeetingState
from kierto.settings import Settings
from kierto.units.actions import add_organisation, add_unit
from kierto.units.models import Service, Theme
from kierto.web.guard import public
from kierto.words import Localised
from tests import postgres
from tests.running import plain_environ, served

MEETINGS = 1_000
UNITS = 40
CONNECTIONS = 4
SECONDS = 4.0
CHANGES = 20
SERVE = "serve"
WORDS = "Puhumme siitä, miltä vastaanotolle tuleminen tuntuu, ja sovimme, mitä teemme toisin. Kahvia ja pullaa."


def web() -> Flask:
    """The application of the measured process, with an empty view as a yardstick, and the time its processor took."""
    app = create_app()
    app.add_url_rule("/empty", "empty", public(lambda: ""))
    app.add_url_rule("/cpu", "cpu", public(lambda: str(process_time())))
    return app


def fill() -> None:
    """Bulk rows: a thousand confirmed public meetings, from two months ago to ten months ahead."""
    with writing():
        organisation = add_organisation(Localised("Rannikon hyvinvointialue", "Kustens välfärdsområde"))
        service, theme = (session.scalars(select(table.id)).first() for table in (Service, Theme))
        assert service is not None
        units = [
            add_unit(
                SYSTEM,
                organisation.id,
                Localised(f"Kallion terveysasema {number}", f"Berghälls hälsostation {number}"),
                service_id=service,
                municipality="Helsinki",
                street_address=f"Eläintarhantie {number}",
            )
            for number in range(UNITS)
        ]
        first = clock.now() - timedelta(days=60)
        session.execute(
            insert(Meeting),
            [
                _meeting(organisation.id, units[number % UNITS].id, theme, first + timedelta(hours=8 * number))
                for number in range(MEETINGS)
            ],
        )


def _meeting(organisation_id: int, unit_id: int, theme_id: int | None, starts_at: datetime) -> dict[str, object]:
    now = clock.now()
    return {
        "organisation_id": organisation_id,
        "unit_id": unit_id,
        "theme_id": theme_id,
        "ref": new_ref(),
        "uid": str(uuid.uuid4()),
        "kind": MeetingKind.ROTATING,
        "state": MeetingState.CONFIRMED,
        "public": True,
        "description": WORDS,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "mix_experts": 1,
        "mix_staff": 1,
        "seats": 6,
        "created_at": now,
        "changed_at": now,
        "confirmed_at": now,
    }


def change_one() -> None:
    """One meeting's words change."""
    with writing():
        id_ = select(Meeting.id).order_by(Meeting.starts_at).limit(1).scalar_subquery()
        session.execute(
            update(Meeting).where(Meeting.id == id_).values(version=Meeting.version + 1, changed_at=clock.now())
        )


class Answer(NamedTuple):
    """What came back, and how long it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    ms: float


class Connection:
    """A kept connection that sends as little as HTTP/1.1 asks for, so that the asking costs little."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str, **headers: str) -> Answer:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        started = perf_counter()
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = self._socket.recv(1 << 20)
        while b"\r\n\r\n" not in received:
            received += self._socket.recv(1 << 20)
        head, _, body = received.partition(b"\r\n\r\n")
        status, *fields = head.decode().split("\r\n")
        named = {name.lower(): value for name, value in (line.split(": ", 1) for line in fields)}
        parts, missing = [body], int(named.get("content-length", "0")) - len(body)
        while missing > 0:
            parts.append(self._socket.recv(1 << 20))
            missing -= len(parts[-1])
        return Answer(int(status.split()[1]), named, b"".join(parts), (perf_counter() - started) * 1000)


class Row(NamedTuple):
    """One line of the table: how many were answered a second, the server's milliseconds for one, and each one's."""

    case: str
    per_second: float | None
    cpu_ms: float
    ms: list[float]
    size: int

    def __str__(self) -> str:
        cuts = quantiles(self.ms, n=100) if len(self.ms) > 1 else self.ms * 99
        rate = f"{self.per_second:9,.0f}" if self.per_second else f"{'–':>9}"
        figures = f"{median(self.ms):9.2f}{cuts[94]:9.2f}{cuts[98]:9.2f}{max(self.ms):9.2f}"
        return f"{self.case:<34}{rate}{self.cpu_ms:9.2f}{figures}{self.size:>10,}{len(self.ms):>8,}"


HEADING = f"{'':<34}{'req/s':>9}{'cpu':>9}{'median':>9}{'95 %':>9}{'99 %':>9}{'worst':>9}{'bytes':>10}{'asked':>8}"


def cpu_ms(port: int) -> float:
    """The server's processor time so far."""
    return float(Connection(port).ask("/cpu").body) * 1000


def under_load(case: str, port: int, path: str, status: int, **headers: str) -> Row:
    """Ask over every connection for a few seconds, the next as soon as one is answered."""

    def ask_on() -> list[Answer]:
        connection = Connection(port)
        connection.ask(path, **headers)
        until, answers = perf_counter() + SECONDS, []
        while perf_counter() < until:
            answers.append(connection.ask(path, **headers))
        return answers

    before = cpu_ms(port)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = [answer for asked in [pool.submit(ask_on) for _ in range(CONNECTIONS)] for answer in asked.result()]
    assert {answer.status for answer in answers} == {status}
    return _row(case, answers, before, cpu_ms(port), len(answers) / SECONDS)


def one_by_one(case: str, port: int, asks: list[str], before: Callable[[], None] = lambda: None) -> Row:
    """Ask each address once, alone, `before` being done first."""
    connection, answers, started = Connection(port), [], cpu_ms(port)
    for path in asks:
        before()
        answers.append(connection.ask(path))
    assert {answer.status for answer in answers} == {200}
    return _row(case, answers, started, cpu_ms(port))


def _row(case: str, answers: list[Answer], before: float, after: float, per_second: float | None = None) -> Row:
    size = max(len(answer.body) for answer in answers)
    return Row(case, per_second, (after - before) / len(answers), [answer.ms for answer in answers], size)


def measure(port: int) -> Iterator[Row]:
    """Each case, from a process that has just started on."""
    Connection(port).ask("/empty")
    yield one_by_one("first, in each language", port, [f"/calendar.ics?lang={lang}" for lang in ("fi", "sv", "en")])
    yield one_by_one("after one meeting has changed", port, ["/calendar.ics"] * CHANGES, change_one)
    etag = Connection(port).ask("/calendar.ics").headers["etag"]
    yield under_load("repeated", port, "/calendar.ics", 200)
    yield under_load("not modified (304)", port, "/calendar.ics", 304, If_None_Match=etag)
    yield under_load("an empty view", port, "/empty", 200)


@contextmanager
def instance(database_url: str | None) -> Iterator[tuple[Path, dict[str, str]]]:
    """A filled instance in a folder of its own, its application's context pushed."""
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as name:
        given = {"KIERTO_INSTANCE": name} | ({"KIERTO_DATABASE_URL": database_url} if database_url else {})
        with create_app(Settings.from_environ(given)).app_context():
            upgrade()
            fill()
            yield Path(name), {**plain_environ(), **given}
            engine().dispose()


def show(title: str, database_url: str | None) -> None:
    """Print the table of one database."""
    print(f"\n{title}: {MEETINGS:,} meetings, one gunicorn process of {THREADS} threads, {CONNECTIONS} connections; ms")
    print(HEADING)
    with instance(database_url) as (folder, environ):
        environ["PYTHONPATH"] = str(Path(__file__).parents[2])
        with served([sys.executable, "-m", "tests.bench.feed", SERVE], folder, environ) as site:
            for row in measure(int(site.url.rpartition(":")[2])):
                print(row, flush=True)


def main() -> None:
    """Measure on SQLite and, where there is one, on PostgreSQL."""
    show("SQLite", None)
    with postgres.cluster() as cluster:
        if cluster is None:
            print(postgres.MISSING)
            return
        cluster.drop("kierto_bench")
        cluster.create("kierto_bench")
        try:
            show("PostgreSQL", cluster.url("kierto_bench"))
        finally:
            cluster.drop("kierto_bench")


def serve() -> None:
    """Become the gunicorn that is measured."""
    port = Settings.from_environ().port
    options = ["--worker-class=gthread", "--workers=1", f"--threads={THREADS}", "--log-level=warning"]
    command = ["-m", "gunicorn", "--no-control-socket", *options, f"--bind=127.0.0.1:{port}", "tests.bench.feed:web()"]
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 - no shell is how programs are run


if __name__ == "__main__":
    serve() if sys.argv[1:] == [SERVE] else main()
