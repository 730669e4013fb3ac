"""What a kind of job is: a function that prepares its work outside any transaction and hands back how to store it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from kierto.actor import Actor

Result = dict[str, Any]
"""What the person is shown at the end: plain values; texts are English source strings with their `values`."""


@dataclass(frozen=True)
class JobInput:
    """What a job has to do: a copy of its row, so that nothing holds a transaction open meanwhile."""

    id: int
    organisation_id: int
    actor: Actor
    input: dict[str, Any]
    file: bytes | None = None
    file_name: str | None = None


class Stopped(Exception):
    """The person asked the job to stop; nothing of it is saved."""


class Progress(Protocol):
    """How a job tells how far it is."""

    def __call__(self, done: int, total: int) -> None:
        """Report `done` of `total` steps; calling it often is cheap, and keeps the job stoppable.

        Raises:
            Stopped: the person asked the job to stop.
        """


Store = Callable[[], Result]
"""Saves what was prepared, inside the job's one `writing()`, and tells the result. It happens exactly once."""

Work = Callable[[JobInput, Progress], Store]
"""A kind of job. It may read in `reading()`, report progress, and take its time; it saves nothing itself."""
