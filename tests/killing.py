"""Workers killed at random points under load. What was committed must arrive, what was rolled back never.

Several processes write: each booking is committed or rolled back by chance, and tells one person of its own. Imports
of units run as jobs. Meanwhile workers are killed (SIGKILL: they cannot tidy up), alone or with the jobs' processes,
and started again; at the end one is left in peace until nothing waits any more.
"""

import contextlib
import multiprocessing
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from time import monotonic, sleep
from typing import NamedTuple

from flask import Flask
from sqlalchemy import delete, func, select

from kierto.actor import SYSTEM
from kierto.app import create_app
from kierto.cli import logs
from kierto.cli.worker import job_command
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingBooked
from kierto.events.models import Event, QueuedEvent
from kierto.jobs.actions import enqueue
from kierto.jobs.models import Job, JobState
from kierto.jobs.work import AGREED_BY
from kierto.meetings.models import Meeting
from kierto.messages.models import Message, MessageState
from kierto.messages.queries import mail_backlog
from kierto.people.actions import add_person
from kierto.settings import Settings
from kierto.units.importing import KIND
from kierto.units.models import Unit
from kierto.worker.lock import alone
from kierto.worker.loop import Leases, Worker
from kierto.worker.signals import Ending
from tests.cast import Cast
from tests.smtp import Sink, listening

LEASES = Leases(mail=timedelta(seconds=1), job=timedelta(seconds=8))
PATIENCE = 300.0
"""Seconds within which everything must have settled once the killing is over; a laden machine is slow."""

LONGEST_WAIT = 10.0
"""Seconds to wait for a mail: there may be none left."""

WORKERS = 2


@dataclass(frozen=True)
class Plan:
    """How hard: so many kills, while so many writers make so many bookings each."""

    kills: int
    writers: int
    bookings: int
    jobs: int
    rows: int
    seed: int


class Figures(NamedTuple):
    """What came of it. `lost` and `ghosts` must be 0, `unlike` (repeats under another Message-ID) too."""

    committed: int
    rolled_back: int
    delivered: int
    repeated: int
    lost: int
    ghosts: int
    unlike: int
    jobs_done: int
    jobs_given_up: int
    jobs_repeated_or_torn: int


def kill_at_random(settings: Settings, cast: Cast, plan: Plan) -> Figures:
    """Run the whole of it on an empty queue, in the application's context.

    What counts are the writers' own bookings: somebody waits for the letter, so that it leaves at any hour.
    """
    chance = random.Random(plan.seed)
    with writing():
        session.execute(delete(QueuedEvent))
    with listening(Sink(pause=lambda: chance.uniform(0, 0.02))) as sink:
        settings = replace(settings, mail_url=f"smtp://127.0.0.1:{sink.port}")
        ask_for_imports(cast, plan)
        with crew(settings) as start:
            writers = [
                start(write, settings, cast.confirmed.id, number, plan.seed, plan.bookings)
                for number in range(plan.writers)
            ]
            kill(partial(start, work, settings), sink, chance, plan.kills)
            for writer in writers:
                writer.join()
            settle(start(work, settings))
    return figures(settings, plan, sink)


def ask_for_imports(cast: Cast, plan: Plan) -> None:
    """Each import has units of its own, so that a second run of it would be seen."""
    with writing():
        for number in range(plan.jobs):
            lines = ["name_fi,service,street_address,municipality"]
            lines += [f"Tuonti {number} yksikkö {row},ward,Katu {row},Helsinki" for row in range(plan.rows)]
            agreed = {AGREED_BY: cast.id("coordinator")}
            enqueue(SYSTEM, cast.organisation.id, KIND, agreed, "\n".join(lines).encode(), "units.csv")


def kill(start_worker: "partial[ForkServerProcess]", sink: Sink, chance: random.Random, kills: int) -> None:
    """Keep workers running and kill one after another."""
    workers = [start_worker() for _ in range(WORKERS)]
    for _ in range(kills):
        wait_for_a_moment(sink, chance)
        victim = workers.pop(0)  # the one that has worked longest; with SQLite the other waits to take over
        with_its_jobs = chance.random() < 0.2
        with contextlib.suppress(ProcessLookupError):  # it has not made a group of its own yet
            (os.killpg if with_its_jobs else os.kill)(victim.pid or 0, signal.SIGKILL)
        victim.kill()
        victim.join()
        workers.append(start_worker())
    for worker in workers:
        worker.kill()
        worker.join()


def wait_for_a_moment(sink: Sink, chance: random.Random) -> None:
    """Mostly until the server has just taken one of the next mails, else for a while: the worker may be anywhere."""
    amid_mail = chance.random() < 0.7
    until = monotonic() + (LONGEST_WAIT if amid_mail else chance.uniform(0.1, 1))
    enough = len(sink.mails) + (chance.randrange(1, 15) if amid_mail else sys.maxsize)
    while monotonic() < until and len(sink.mails) < enough:
        sleep(0.001)
    sleep(chance.uniform(0, 0.01))


def settle(worker: ForkServerProcess) -> None:
    """Wait until nothing is left to do, then ask the worker to end."""
    until = monotonic() + PATIENCE
    while waiting() and monotonic() < until:
        sleep(0.1)
    assert worker.pid
    os.kill(worker.pid, signal.SIGTERM)
    worker.join(60)
    assert worker.exitcode == 0, "a worker that is asked to end ends well"
    assert not waiting(), "everything has settled"


def waiting() -> bool:
    """Whether any event, message or job still waits."""
    session.remove()
    with reading():
        events, _due, _oldest = mail_backlog()
        due = session.scalar(
            select(func.count()).select_from(Message).where(Message.state == MessageState.DUE, Message.urgent)
        )
        unended = session.scalar(
            select(func.count()).select_from(Job).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        )
    return bool(events or due or unended)


def figures(settings: Settings, plan: Plan, sink: Sink) -> Figures:
    """Compare what the writers know with what the server took and what the database holds."""
    committed, rolled_back = told(settings, "committed"), told(settings, "rolled-back")
    mails = [mail for mail in sink.mails if mail["To"] in committed | rolled_back]
    delivered = Counter(mail["To"] for mail in mails)
    ids = {(mail["To"], mail["Message-ID"]) for mail in mails}
    session.remove()
    with reading():
        unsent = session.scalar(
            select(func.count()).select_from(Message).where(Message.state != MessageState.SENT, Message.urgent)
        )
        events = session.scalars(select(Event.kind).where(Event.subject == "jobs")).all()
        states = Counter(session.scalars(select(Job.state)))
        units = Counter(
            name.fi.split(" yksikkö")[0] for name in session.scalars(select(Unit.name)) if name.fi.startswith("Tuonti")
        )
    torn = [number for number in units.values() if number != plan.rows]
    return Figures(
        committed=len(committed),
        rolled_back=len(rolled_back),
        delivered=len(delivered.keys() & committed),
        repeated=sum(delivered.values()) - len(delivered),
        lost=len(committed - delivered.keys()) + (unsent or 0),
        ghosts=len(rolled_back & delivered.keys()),
        unlike=len(ids) - len(delivered),
        jobs_done=states[JobState.DONE],
        jobs_given_up=states[JobState.FAILED],
        jobs_repeated_or_torn=len(torn) + abs(len(events) - states[JobState.DONE]) + abs(len(units) - len(events)),
    )


def told(settings: Settings, outcome: str) -> set[str]:
    """Whom the writers' bookings told, by what became of them."""
    return {line for path in settings.instance.glob(f"*.{outcome}") for line in path.read_text().splitlines()}


@contextlib.contextmanager
def crew(settings: Settings) -> "Iterator[partial[ForkServerProcess]]":
    """Starts processes, and ends whatever of them and their jobs is left."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killing"])
    started: list[ForkServerProcess] = []
    try:
        yield partial(_start, context, started)
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid or 0, signal.SIGKILL)
            process.join()
            process.close()


def _start(
    context: ForkServerContext, started: list[ForkServerProcess], target: object, *arguments: object
) -> ForkServerProcess:
    process = context.Process(target=target, args=arguments)  # type: ignore[arg-type]  # one of the two below
    process.start()
    started.append(process)
    return process


def write(settings: Settings, meeting_id: int, number: int, seed: int, bookings: int) -> None:
    """One writer: bookings one after another, of which some are rolled back."""
    os.setsid()
    chance = random.Random(seed * 1000 + number)
    with (
        _app(settings).app_context(),
        (settings.instance / f"{number}.committed").open("w", buffering=1) as committed,
        (settings.instance / f"{number}.rolled-back").open("w", buffering=1) as rolled_back,
    ):
        for booking in range(bookings):
            address = f"writer-{number}-booking-{booking}@kierto.test"
            with writing():
                person = add_person(f"Kirjoittaja {booking}", email=address).id
            wanted = chance.random() < 0.8
            with contextlib.suppress(_ChangedMind), writing():
                meeting = session.get_one(Meeting, meeting_id)
                record(SYSTEM, meeting, MeetingBooked(meeting.unit_id, meeting.starts_at, person))
                session.flush()
                sleep(chance.uniform(0, 0.01))
                if not wanted:
                    raise _ChangedMind
            (committed if wanted else rolled_back).write(f"{address}\n")
            sleep(chance.uniform(0, 0.05))


class _ChangedMind(Exception):
    pass


def work(settings: Settings) -> None:
    """One worker, as `kierto worker` runs it, with leases that do not keep a test waiting."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    logs.configure()
    os.environ |= _environ(settings)
    ending = Ending()
    app = _app(settings)
    worker = Worker(settings, app.app_context, _job_command, ending, LEASES)
    if settings.database_url.startswith("sqlite"):
        with alone(settings.instance, ending, lambda: True) as ours:
            if ours:
                worker.run()
    else:
        worker.run()


def _job_command(job_id: int, attempt: int) -> list[str]:
    return [*job_command(job_id, attempt), "--lease", str(LEASES.job.total_seconds())]


def _app(settings: Settings) -> Flask:
    return create_app(settings)


def _environ(settings: Settings) -> dict[str, str]:
    return {
        "KIERTO_INSTANCE": str(settings.instance),
        "KIERTO_DATABASE_URL": settings.database_url,
        "KIERTO_SECRET_KEY": settings.secret_key,
        "KIERTO_ENCRYPTION_KEYS": ",".join(settings.encryption_keys),
    }
