"""What a kind of job is: a function that prepares its work outside any transaction and hands back how to store it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from kierto.actor import Actor

AGREED_BY = "agreed_by"
"""The place in a job's input for the number of who said yes."""

Result = dict[str, Any]
"""What the person is shown at the end: plain values; texts are English source strings with their `values`."""


@dataclass(frozen=True)
class JobInput:
    """What a job has to do: a copy of its row, so that nothing holds a transaction open meanwhile.

    `agreed`: the person has looked at what the job would do (`seen`: the Question's result) and said yes.
    """

    id: int
    organisation_id: int
    actor: Actor
    input: dict[str, Any]
    file: bytes | None = None
    file_name: str | None = None
    agreed: bool = False
    seen: Result | None = None


@dataclass(frozen=True)
class Question:
    """What a job would do, for its person to look at first. Says the person yes, the job runs again (`agreed`)."""

    result: Result


class Stopped(Exception):
    """The person asked the job to stop; nothing of it is saved."""


class Progress(Protocol):
    """How a job tells how far it is."""

    def __call__(self, done: int, total: int) -> None:
        """Report `done` of `total` steps; calling it often is cheap, and keeps the job stoppable.

        Raises:
            Stopped: the person asked the job to stop.
        """


Store = Callable[[], Result | Question]
"""Saves what was prepared, inside the job's one `writing()`, and tells the result. It happens exactly once.

One that asks saves nothing.
"""

Work = Callable[[JobInput, Progress], Store]
"""A kind of job. It may read in `reading()`, report progress, and take its time; it saves nothing itself."""
