"""`kierto serve` and `kierto worker` as they run: processes, signals, a port."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.running import KIERTO, free_port, plain_environ

PATIENCE = 120.0
"""Seconds that a laden machine may need."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An instance of its own, without tables."""
    return {**plain_environ(), "KIERTO_INSTANCE": str(tmp_path / "instance"), "KIERTO_PORT": str(free_port())}


@pytest.fixture
def upgraded(environ: dict[str, str]) -> dict[str, str]:
    subprocess.run([*KIERTO, "upgrade"], env=environ, check=True, capture_output=True)
    return environ


def until(true: Callable[[], object]) -> None:
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "it never came true"
        sleep(0.1)


def answers(environ: dict[str, str]) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{environ['KIERTO_PORT']}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def workers(log: Path) -> list[int]:
    """The process ids of the workers that have started, in their order."""
    return [int(pid) for pid in re.findall(r'event="worker started" name=\S+:(\d+)', log.read_text())]


@contextmanager
def running(environ: dict[str, str], verb: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as out:
        process = subprocess.Popen([*KIERTO, verb], env=environ, stderr=out, stdout=out)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_serve_answers_and_keeps_one_worker_alive(upgraded: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(upgraded, "serve", log) as serving:
        until(lambda: answers(upgraded))
        until(lambda: workers(log))
        os.kill(workers(log)[0], signal.SIGKILL)
        until(lambda: len(workers(log)) == 2)
        assert "worker died" in log.read_text()
        second = subprocess.run([*KIERTO, "serve"], env=upgraded, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        port = int(upgraded["KIERTO_PORT"])
        expected = f"Error: Port {port} is already in use. Give another one, such as KIERTO_PORT={port + 1}.\n"
        assert second.stderr == expected
        last = workers(log)[-1]
        serving.terminate()
        assert serving.wait(60) == 0
        assert not alive(last)
    assert not answers(upgraded)
    assert "worker ended" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_nothing_outlives_a_serve_that_was_killed(upgraded: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(upgraded, "serve", log) as serving:
        until(lambda: answers(upgraded))
        until(lambda: workers(log))
        serving.kill()
        serving.wait()
        until(lambda: not answers(upgraded))
        until(lambda: not alive(workers(log)[0]))


def test_a_second_worker_waits_quietly_and_takes_over(upgraded: dict[str, str], tmp_path: Path) -> None:
    first_log, second_log = tmp_path / "first", tmp_path / "second"
    with running(upgraded, "worker", first_log) as first, running(upgraded, "worker", second_log) as second:
        until(lambda: workers(first_log) or workers(second_log))
        working, waiting, log = (first, second, second_log) if workers(first_log) else (second, first, first_log)
        assert workers(log) == []
        working.kill()
        until(lambda: workers(log))
        waiting.terminate()
        assert waiting.wait(60) == 0


def test_serve_says_what_to_do_when_the_database_is_not_up_to_date(environ: dict[str, str]) -> None:
    done = subprocess.run([*KIERTO, "serve"], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Error: The database is not up to date. Run `kierto upgrade` first.\n")


def test_serve_says_that_the_database_cannot_be_reached(environ: dict[str, str]) -> None:
    away = {**environ, "KIERTO_DATABASE_URL": "postgresql://kierto:secret@127.0.0.1:1/kierto"}
    done = subprocess.run([*KIERTO, "serve"], env=away, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Error: The database cannot be reached. `kierto check` says more.\n"


@pytest.mark.parametrize("verb", ["serve", "worker", "check"])
def test_a_wrong_setting_is_said_in_one_sentence(environ: dict[str, str], verb: str) -> None:
    done = subprocess.run(
        [*KIERTO, verb], env={**environ, "KIERTO_PORT": "many"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Error: KIERTO_PORT is 'many'; give a whole number from 1 to 65535.\n"
