"""Imports of 5,000 rows of each kind, from workbooks: `python -m tests.bench.imports [rows]`.

For each database of this machine one line a kind: seconds to look the file through, seconds to find it out again when
it has been agreed to, seconds of the one transaction that stores it (so long others wait for the lock), and the peak of
memory of the job's process in MB.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from kierto.app import create_app
from kierto.database import reading, session, writing
from kierto.experts import importing as experts
from kierto.jobs import actions
from kierto.jobs.models import Job, JobState
from kierto.jobs.queries import job_input
from kierto.jobs.work import Question
from kierto.settings import Settings
from kierto.units import importing, importing_hours, workbook
from kierto.worker.jobs import KINDS
from tests import postgres
from tests.cast import Cast, make_cast
from tests.databases import DATABASES, open_database

ROWS = 5_000
LEASE = timedelta(minutes=10)
HOURS_EACH = 5


@dataclass(frozen=True)
class Spent:
    """Seconds of preparing and of the transaction, and the process's peak of memory in MB."""

    preparing: float
    storing: float
    megabytes: float


def units(rows: int) -> Iterator[list[str]]:
    yield ["nimi", "namn", "palvelu", "katuosoite", "kunta", "hissi"]
    for row in range(rows):
        yield [f"Yksikkö {row}", f"Enhet {row}", "terveysasema", f"Katu {row}", "Helsinki", "kyllä"]


def hours(rows: int) -> Iterator[list[str]]:
    yield ["yksikkö", "viikonpäivä", "alkaa", "päättyy"]
    for row in range(rows):
        yield [f"Yksikkö {row // HOURS_EACH}", str(1 + row % HOURS_EACH), "9.00", "15.30"]


def people(rows: int) -> Iterator[list[str]]:
    yield ["nimi", "sähköposti", "puhelin", "kunta", "kielet", "taustayhteisö", "perehdytys", "suostumus"]
    for row in range(rows):
        reached = [f"ihminen-{row}@example.fi", f"040{1000000 + row}"]
        yield [f"Ihminen {row}", *reached, "Porvoo", "suomi, ruotsi", "Yhdistys ry", "2.9.2024", "2.9.2024"]


FILES = ((importing.KIND, units), (importing_hours.KIND, hours), (experts.KIND, people))


def run(settings: Settings, job_id: int) -> Spent:
    """Do the job as its own process does, with a watch in hand."""
    with create_app(settings).app_context():
        with writing():
            claimed = actions.claim(LEASE)
        assert claimed is not None
        with reading():
            found = job_input(job_id, claimed.attempts)
        assert found is not None
        kind, job = found
        began = perf_counter()
        store = KINDS[kind](job, _silent)
        prepared = perf_counter()
        with writing():
            actions.hold(job_id, claimed.attempts)
            outcome = store()
            if isinstance(outcome, Question):
                actions.ask(job_id, claimed.attempts, outcome.result)
            else:
                actions.finish(job_id, claimed.attempts, outcome)
        return Spent(prepared - began, perf_counter() - prepared, _peak())


def _silent(done: int, total: int) -> None:
    """Nobody looks on."""


def _peak() -> float:
    status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
    return int(status.split()[0]) / 1024


def measured(settings: Settings, cast: Cast, kind: str, content: bytes) -> tuple[Spent, Spent]:
    """Looking the file through, and saving it, each in a fresh process."""
    with writing():
        asked = actions.enqueue(cast.actor("coordinator"), cast.organisation.id, kind, {}, content, "tiedosto.xlsx")
    with get_context("spawn").Pool(1, maxtasksperchild=1) as processes:
        seen = processes.apply(run, (settings, asked.id))
        with writing():
            job = session.get_one(Job, asked.id, populate_existing=True)
            assert job.state is JobState.ASKING, job.result
            actions.agree(cast.actor("coordinator"), job)
        saved = processes.apply(run, (settings, asked.id))
    session.remove()
    with reading():
        job = session.get_one(Job, asked.id)
        assert job.result is not None
        assert job.result["saved"], job.result
    return seen, saved


def show(kind: str, rows: int) -> None:
    """Print the lines of one database."""
    database = open_database(kind)
    if database is None:
        print(postgres.MISSING)
        return
    cast = Cast(database.app)
    database.fill(lambda: make_cast(cast))
    database.fresh()
    with database.app.app_context():
        for name, lines in FILES:
            content = workbook.written(lines(rows), "x")
            seen, saved = measured(database.settings, cast, name, content)
            figures = (seen.preparing, seen.megabytes, saved.preparing, saved.storing, saved.megabytes)
            print(f"{kind:12}{name:24}" + "".join(f"{figure:>12.2f}" for figure in figures), flush=True)
    database.close()


def main() -> None:
    """Measure on SQLite and, where there is one, on PostgreSQL."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"{rows:,} rows; seconds, and MB of the job's process at its peak")
    headings = ("look through", "MB", "again", "store", "MB")
    print(f"{'':36}" + "".join(f"{heading:>12}" for heading in headings))
    with postgres.cluster():
        for kind in DATABASES:
            show(kind, rows)


if __name__ == "__main__":
    main()
