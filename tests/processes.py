"""The same work in several processes at one moment, each with an application of its own on the tests' database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import TypeVar

from kierto import clock
from kierto.settings import Settings

Result = TypeVar("Result")

_start: Barrier | None = None


def in_processes(count: int, work: Callable[[int], Result], settings: Settings, now: datetime) -> list[Result]:
    """What `work` returned in each process, which it is told the number of; a fault in one is raised here.

    The processes begin together, at `now` by their clock. `work` is a function of a module, or a partial of one.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "kierto.app"])
    barrier = context.Barrier(count)
    with context.Pool(count, _take_barrier, (barrier,)) as pool:
        # One shift for all: their clocks must agree on who came first.
        shift = now - datetime.now(UTC)
        tasks = [(number, work, settings, shift) for number in range(count)]
        return pool.starmap(_run, tasks, chunksize=1)


def _take_barrier(barrier: Barrier) -> None:
    global _start  # noqa: PLW0603 - a barrier can be handed to a process only when it starts
    _start = barrier


def together() -> None:
    """Inside `work`: wait until all the processes have come this far."""
    assert _start is not None
    _start.wait(120)


def _run(number: int, work: Callable[[int], Result], settings: Settings, shift: timedelta) -> Result:
    from kierto.app import create_app

    # Not `clock.at`: that measures anew, and is off by as long as the process is kept waiting meanwhile.
    clock._offset.set(shift)
    with create_app(settings).app_context():
        together()
        return work(number)
