"""`kierto serve`: the web processes and one worker beside them, kept alive together."""

import ctypes
import errno
import importlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic

import click
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from kierto import database
from kierto.cli import logs
from kierto.database import upgrade
from kierto.settings import Settings
from kierto.worker.signals import Ending

log = structlog.get_logger()

THREADS = 8
LOOK = 0.5
"""Seconds between two looks at the processes."""

GRACE = 35.0
"""Seconds that the processes have to end: gunicorn gives requests in hand 30."""

LONGEST_WAIT = 30.0
"""Seconds before a worker that keeps dying is started again."""

_PR_SET_PDEATHSIG = 1
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own unnamed file there


@click.command()
def serve() -> None:
    """Serve Kierto at KIERTO_HOST and KIERTO_PORT, with one worker for mail and jobs."""
    settings = Settings.from_environ()
    _check_database(settings)
    ending = Ending()
    with _listening(settings) as listener:
        sys.exit(_supervise(settings, listener, ending))


def web() -> Flask:
    """The application of one web process."""
    logs.configure()
    create_app = importlib.import_module("kierto.app").create_app
    app: Flask = create_app()
    return app


def _check_database(settings: Settings) -> None:
    app = Flask("kierto.cli.serve")
    database.configure(app, settings)
    with app.app_context():
        try:
            current = upgrade.applied() == upgrade.newest()
        except SQLAlchemyError as fault:
            raise click.ClickException("The database cannot be reached. `kierto check` says more.") from fault
    if not current:
        raise click.ClickException("The database is not up to date. Run `kierto upgrade` first.")


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"Port {settings.port} is already in use. Give another one, such as KIERTO_PORT={settings.port + 1}."
            ) from fault
        if fault.errno == errno.EACCES:
            raise click.ClickException(f"Port {settings.port} needs more rights. Give a port above 1023.") from fault
        raise click.ClickException(f"KIERTO_HOST is {settings.host!r}, where Kierto cannot listen.") from fault


def _supervise(settings: Settings, listener: socket.socket, ending: Ending) -> int:
    """Run gunicorn until it ends, a worker all the while; returns gunicorn's exit code."""
    gunicorn = subprocess.Popen(
        _gunicorn(settings, listener.fileno()),
        pass_fds=[listener.fileno()],
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - unsafe beside threads, and this process has none
    )
    log.info("serving", url=f"http://{settings.host}:{settings.port}", base_url=settings.base_url)
    worker: subprocess.Popen[bytes] | None = None
    started, wait = monotonic(), 0.0
    while gunicorn.poll() is None and not ending.asked:
        if worker and worker.poll() is not None:
            # One that lived a while is started again at once, one that keeps dying later and later.
            wait = 1.0 if monotonic() - started > LONGEST_WAIT else min(max(1.0, wait * 2), LONGEST_WAIT)
            log.error("worker died", code=worker.returncode, again_in=wait)
            worker = None
            started = monotonic()
        if worker is None and monotonic() - started >= wait:
            worker = subprocess.Popen([sys.executable, "-m", "kierto.cli", "worker", "--embedded"])
            started = monotonic()
        ending.wait(LOOK)
    return _end(gunicorn, worker)


def _end_with_parent() -> None:
    """Where Linux can: gunicorn does not outlive a supervisor that was killed, and so keeps no port. See prctl(2)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(gunicorn: subprocess.Popen[bytes], worker: subprocess.Popen[bytes] | None) -> int:
    processes = [process for process in (gunicorn, worker) if process]
    for process in processes:
        process.terminate()
    until = monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.0, until - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return gunicorn.returncode


def _gunicorn(settings: Settings, listener: int) -> list[str]:
    options = {
        "bind": f"fd://{listener}",
        "worker-class": "gthread",
        "workers": settings.web_processes,
        "threads": THREADS,
        "graceful-timeout": 30,
        "log-level": "warning",  # and no access log: paths may hold tokens
        "forwarded-allow-ips": "*" if settings.trusted_proxies else "",
    }
    if os.access(_MEMORY, os.W_OK):
        options["worker-tmp-dir"] = str(_MEMORY)
    given = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *given, "kierto.cli.serve:web()"]
