"""Once a day, what is kept no longer is deleted, and who is to be told is told: a little at each turn of the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import structlog

from kierto import clock
from kierto.database import reading, writing
from kierto.privacy.clearing import Step, steps

log = structlog.get_logger()


@dataclass
class Clearing:
    """The day's steps that are left. What a worker that ended had left, the next one does: each step finds its own.

    Several workers may do it at once: what one has deleted another does not find.
    """

    done_on: date | None = None
    left: list[Step] = field(default_factory=list)

    def run(self, go_on: Callable[[], bool]) -> None:
        """Do one step after another, each in a transaction of its own, while any is left and `go_on()`."""
        if self.done_on != clock.today():
            with reading():
                self.left = steps()
            self.done_on = clock.today()
        while self.left and go_on():
            if not self._one():
                self.left.pop(0)

    def _one(self) -> bool:
        try:
            with writing():
                return self.left[0]()
        except Exception:
            # One step that fails stops no other; it is tried again tomorrow, or when the worker starts anew.
            log.exception("what is kept no longer was not deleted")
            return False
