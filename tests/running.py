"""Kierto itself, running: a scratch instance with the demonstration in it, served as `make demo` serves it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.request import urlopen

KIERTO = [sys.executable, "-m", "kierto.cli"]
STARTS_WITHIN = 60.0
"""Seconds until `/health` must answer; a laden machine is slow."""

LOG = "serve.log"


class Site(NamedTuple):
    """A running Kierto: where it answers, and the folder that it keeps everything in."""

    url: str
    folder: Path


def settle(folder: Path) -> Path:
    """Fill an instance with the demonstration."""
    for verb in ("upgrade", "demo"):
        done = subprocess.run(
            [*KIERTO, verb], cwd=folder, env=_environ(folder), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"kierto {verb}: {done.stdout}{done.stderr}"
    return folder


@contextmanager
def serving(instance: Path, folder: Path) -> Iterator[Site]:
    """Serve a copy of the instance, kept in `folder`, until the block ends.

    A copy, so that one filling serves every test that changes something.
    """
    shutil.copytree(instance, folder, dirs_exist_ok=True)
    with served([*KIERTO, "serve"], folder, _environ(folder)) as site:
        yield site


@contextmanager
def served(command: list[str], folder: Path, environ: dict[str, str]) -> Iterator[Site]:
    """Run the command, which serves Kierto in the folder, until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**environ, "KIERTO_PORT": str(port)}, stdout=log, stderr=log
        )
        try:
            _wait_for(url, process, folder / LOG)
            yield Site(url, folder)
        finally:
            process.terminate()
            process.wait(60)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until `/health` answers."""
    until = monotonic() + STARTS_WITHIN
    while monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=20):  # noqa: S310 - an address of our own
                return
        except OSError:  # nobody listens yet, or whoever listens is still starting
            sleep(0.1)
    raise AssertionError(f"kierto serve does not answer: {log.read_text()}")


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plain_environ() -> dict[str, str]:
    """The environment without anybody's settings of Kierto."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KIERTO_") and name != "PORT"}


def _environ(folder: Path) -> dict[str, str]:
    return {
        **plain_environ(),
        "KIERTO_INSTANCE": str(folder),
        "KIERTO_DEMO": "1",
        "KIERTO_HELP_PHONE": "09 310 10000",
        "KIERTO_HELP_EMAIL": "apua@kierto.test",
    }
