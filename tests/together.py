"""Several people at one moment: each act in a thread, a connection and a transaction of its own."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from kierto.database import writing
from kierto.errors import KiertoError

Result = TypeVar("Result")


def at_once(app: Flask, acts: Sequence[Callable[[], Result]]) -> list[Result | KiertoError]:
    """What each act returned, or how it was refused, in the order given; all of them begin together."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result | KiertoError:
        with app.app_context():
            start.wait(30)
            try:
                with writing():
                    return act()
            except KiertoError as fault:
                return fault

    with ThreadPoolExecutor(len(acts)) as threads:
        # Each thread takes the test's clock along.
        running = [threads.submit(contextvars.copy_context().run, run, act) for act in acts]
        return [one.result() for one in running]
