"""One worker at a time on an instance folder: whoever holds the lock on its file."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kierto.worker.signals import Ending


@contextmanager
def alone(instance: Path, ending: Ending, still_wanted: Callable[[], bool]) -> Iterator[bool]:
    """Wait quietly for the lock and hold it; yields False when nobody wants it first.

    The system frees the lock when its holder ends, however it ends.
    """
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "worker.lock").open("w") as file:
        while not ending.asked and still_wanted():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                ending.wait(1)
            else:
                break
        yield not ending.asked and still_wanted()
