"""Jobs: which kinds there are, and what a job's own process does."""

import signal
from contextlib import suppress
from datetime import timedelta
from time import monotonic

import structlog
from sqlalchemy.exc import OperationalError

import kierto.experts.importing
import kierto.units.importing
import kierto.units.importing_hours
from kierto.database import reading, writing
from kierto.errors import Refused
from kierto.jobs import actions
from kierto.jobs.queries import job_input
from kierto.jobs.rules import FAILED
from kierto.jobs.work import JobInput, Question, Stopped, Work

log = structlog.get_logger()

KINDS: dict[str, Work] = {
    kierto.units.importing.KIND: kierto.units.importing.run,
    kierto.units.importing_hours.KIND: kierto.units.importing_hours.run,
    kierto.experts.importing.KIND: kierto.experts.importing.run,
}
"""Every kind of job."""

LEASE = timedelta(seconds=60)
BEAT = 1.0
"""Progress is written at most once in so many seconds."""


class Interrupted(BaseException):
    """The worker ends in good order: the job goes back to the queue. No work function catches it by mistake."""


class Reporting:
    """Progress written to the job's row, at most once a second; notices stop requests and the worker's end."""

    def __init__(self, job_id: int, attempt: int, lease: timedelta) -> None:
        self.job_id, self.attempt, self.lease = job_id, attempt, lease
        self.next = monotonic()
        self.interrupted = False
        signal.signal(signal.SIGTERM, self._interrupt)
        signal.signal(signal.SIGINT, self._interrupt)

    def __call__(self, done: int, total: int) -> None:
        """See `Progress`."""
        if self.interrupted:
            raise Interrupted
        if monotonic() < self.next:
            return
        with writing():
            stop = actions.beat(self.job_id, self.attempt, done, total, self.lease)
        self.next = monotonic() + BEAT
        if stop:
            raise Stopped

    def _interrupt(self, *_signal: object) -> None:
        self.interrupted = True


def run(job_id: int, attempt: int, lease: timedelta) -> None:
    """Do a job that a worker has claimed, in a process of its own.

    An exception that leaves this function makes the worker queue the job again.
    """
    progress = Reporting(job_id, attempt, lease)
    with reading():
        found = job_input(job_id, attempt)
    if found is None:
        return
    kind, job = found
    with suppress(actions.LeaseLost):
        _settle(job, attempt, KINDS.get(kind), progress)


def _settle(job: JobInput, attempt: int, work: Work | None, progress: Reporting) -> None:
    try:
        if work is None:
            raise LookupError
        store = work(job, progress)
        with writing():
            if actions.hold(job.id, attempt).stop_requested:
                raise Stopped
            outcome = store()
            if isinstance(outcome, Question):
                actions.ask(job.id, attempt, outcome.result)
            else:
                actions.finish(job.id, attempt, outcome)
    except Stopped:
        with writing():
            actions.stop(job.id, attempt)
    except Interrupted:
        with writing():
            actions.release(job.id, attempt)
    except Refused as refused:
        with writing():
            actions.fail(job.id, attempt, {"message": refused.message, "values": refused.values})
    except (actions.LeaseLost, OperationalError):
        raise
    except Exception:
        log.exception("job failed", job_id=job.id)
        with writing():
            actions.fail(job.id, attempt, {"message": FAILED})
