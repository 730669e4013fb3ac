"""What benchmarks of pages share: an application over a database of its own, on each database, and a request's time."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time

from flask import Flask

from kierto.app import create_app
from kierto.database.engine import engine
from kierto.database.upgrade import upgrade
from kierto.settings import Settings
from tests import postgres
from tests.client import Client

ASKED = 15
"""So often each page is asked for, after a first time that does not count."""


@contextmanager
def application(database_url: str | None) -> Iterator[Flask]:
    """An application over an empty database: the one of the address, else SQLite in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        given = {"KIERTO_INSTANCE": folder} | ({"KIERTO_DATABASE_URL": database_url} if database_url else {})
        app = create_app(Settings.from_environ(given))
        with app.app_context():
            upgrade()
            try:
                yield app
            finally:
                engine().dispose()


def on_each_database(sizes: Iterable[int], show: Callable[[str, str | None, int], None]) -> None:
    """Show each size on SQLite and, where there is one, on PostgreSQL."""
    for size in sizes:
        show("SQLite", None, size)
    with postgres.cluster() as cluster:
        if cluster is None:
            print(postgres.MISSING)
            return
        for size in sizes:
            cluster.drop("kierto_bench")
            cluster.create("kierto_bench")
            try:
                show("PostgreSQL", cluster.url("kierto_bench"), size)
            finally:
                cluster.drop("kierto_bench")


def heading(title: str) -> None:
    """The line over those of `measure`."""
    print(f"\n{title:<34}{'median ms':>10}{'worst':>9}{'computed':>9}{'queries':>9}{'bytes':>11}", flush=True)


def measure(words: str, client: Client, path: str) -> None:
    """Print a line: milliseconds of a request, how much of it this process computed, its statements, what was sent.

    What was not computed is waiting, for the database or on a laden machine.
    """
    client.get(path)
    took, computed, size = [], [], 0
    for _ in range(ASKED):
        started, before = perf_counter(), process_time()
        # The browser itself, not the checking client: looking a page's HTML through takes longer than making it.
        answer = client.browser.get(path, headers={"Accept-Language": "fi"})
        took.append((perf_counter() - started) * 1000)
        computed.append((process_time() - before) * 1000)
        assert answer.status_code == 200, path
        size = len(answer.data)
    print(
        f"{words:<34}{median(took):10.1f}{max(took):9.1f}{median(computed):9.1f}{client.queries:9}{size:11,}",
        flush=True,
    )
