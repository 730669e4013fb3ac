"""The processes of jobs, one each, so that a crash or a memory blow-up of a job never takes the worker."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import structlog

from kierto.database import reading, writing
from kierto.jobs import actions
from kierto.jobs.queries import any_to_claim

log = structlog.get_logger()

AT_ONCE = 2
"""So many jobs of one worker run at a time: a long one does not keep a short one waiting."""

PATIENCE = 30.0
"""Seconds that a job has to stop by itself when its person asked for it."""

GRACE = 10.0
"""Seconds that jobs have to end by themselves when the worker ends."""


@dataclass
class Child:
    """A job's process; `kill_at` is set once it was asked to stop."""

    job_id: int
    attempt: int
    process: subprocess.Popen[bytes]
    extend_at: float
    kill_at: float | None = None


class Children:
    """Starts, watches and ends the processes of jobs. `command` gives the program for a job's id and attempt."""

    def __init__(self, command: Callable[[int, int], Sequence[str]], lease: timedelta) -> None:
        self.command = command
        self.lease = lease
        self.running: list[Child] = []

    def step(self) -> None:
        """Notice who has ended, keep the others' leases, start what waits."""
        self._reap()
        for child in self.running:
            self._watch(child)
        while len(self.running) < AT_ONCE and self._start():
            pass

    def end(self) -> None:
        """Ask all to end, then end them; their jobs go back to the queue."""
        for child in self.running:
            child.process.terminate()
        until = monotonic() + GRACE
        for child in self.running:
            try:
                child.process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            self._settle(child, actions.release)
        self.running = []

    def _start(self) -> bool:
        with reading():
            waiting = any_to_claim()
        if not waiting:
            return False
        with writing():
            job = actions.claim(self.lease)
        if job is None:
            return False
        process = subprocess.Popen(self.command(job.id, job.attempts), stdin=subprocess.DEVNULL)
        self.running.append(Child(job.id, job.attempts, process, monotonic() + self._rhythm()))
        log.info("job started", job_id=job.id, kind=job.kind, attempt=job.attempts, pid=process.pid)
        return True

    def _reap(self) -> None:
        for child in [child for child in self.running if child.process.poll() is not None]:
            self.running.remove(child)
            log.info("job process ended", job_id=child.job_id, code=child.process.returncode)
            self._settle(child, actions.stop if child.kill_at else actions.lose)

    def _settle(self, child: Child, settle: Callable[[int, int], None]) -> None:
        """Settle what an ended process has not settled itself."""
        try:
            with writing():
                settle(child.job_id, child.attempt)
        except actions.LeaseLost:
            pass  # it has

    def _watch(self, child: Child) -> None:
        now = monotonic()
        if child.kill_at and now > child.kill_at:
            child.process.kill()
        if now < child.extend_at:
            return
        child.extend_at = now + self._rhythm()
        try:
            with writing():
                stop = actions.extend(child.job_id, child.attempt, self.lease)
        except actions.LeaseLost:
            # It has just settled the job and is about to end; or another worker has the job, and this one is in vain.
            child.kill_at = child.kill_at or now + PATIENCE
        else:
            if stop:
                child.kill_at = child.kill_at or now + PATIENCE

    def _rhythm(self) -> float:
        return self.lease.total_seconds() / 4
