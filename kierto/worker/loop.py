"""The worker: once a second it looks what is to be done, until it is asked to end."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import structlog

from kierto import __version__
from kierto.database import writing
from kierto.jobs import actions
from kierto.settings import Settings
from kierto.worker.children import Children
from kierto.worker.clearing import Clearing
from kierto.worker.clocks import run_out
from kierto.worker.delivery import Delivery, FanOut
from kierto.worker.jobs import LEASE as JOB_LEASE
from kierto.worker.signals import Ending

log = structlog.get_logger()

TICK = 1.0
LIFE = 10.0
"""Seconds between two signs of life."""

LONGEST_TURN = 2.0
"""Seconds that mail may take before jobs and signs of life get their turn again."""

LONGEST_WAIT = 30.0
"""Seconds between two tries while the database is away."""


@dataclass(frozen=True)
class Leases:
    """How long what a worker holds stays its own when it is not heard of."""

    mail: timedelta = timedelta(minutes=5)
    job: timedelta = JOB_LEASE


class Worker:
    """One worker process. `context` opens a context with a fresh database session; `job_command` starts a job."""

    def __init__(
        self,
        settings: Settings,
        context: Callable[[], AbstractContextManager[object]],
        job_command: Callable[[int, int], Sequence[str]],
        ending: Ending,
        leases: Leases | None = None,
    ) -> None:
        leases = leases or Leases()
        self.context = context
        self.ending = ending
        self.name = f"{socket.gethostname()[:80]}:{os.getpid()}"
        self.next_life = 0.0
        self.clearing = Clearing()
        self.fan_out = FanOut()
        self.delivery = Delivery(settings, leases.mail)
        self.children = Children(job_command, leases.job)

    def run(self, still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Work until asked to end, or not wanted any more; then end in good order, the step in hand finished."""
        log.info("worker started", name=self.name, version=__version__)
        wait = TICK
        while still_wanted() and not self.ending.asked:
            began = monotonic()
            try:
                self.tick()
                wait = TICK
            except Exception:
                # The database may be away, or not upgraded yet: the worker outlives that, and loses nothing.
                log.exception("worker could not do its turn", next_try_in=wait)
                wait = min(wait * 2, LONGEST_WAIT)
            self.ending.wait(began + wait - monotonic())
        self._leave()
        log.info("worker ended", name=self.name)

    def tick(self) -> None:
        """One look at everything."""
        with self.context():
            self._sign_of_life()
            until = monotonic() + LONGEST_TURN

            def go_on() -> bool:
                return not self.ending.asked and monotonic() < until

            run_out()
            self.children.step()
            while go_on() and self.fan_out.step():
                pass
            self.delivery.run(go_on)
            self.clearing.run(go_on)

    def _sign_of_life(self) -> None:
        if monotonic() >= self.next_life:
            with writing():
                actions.sign_of_life(self.name, __version__)
            self.next_life = monotonic() + LIFE

    def _leave(self) -> None:
        try:
            with self.context():
                self.children.end()
                with writing():
                    actions.sign_off(self.name)
        except Exception:
            log.exception("worker could not sign off")
