"""Asking for long work, and a worker's steps with it.

A worker's process owns a job while the row is `running` and its `attempts` is the number the process was started with;
every step of the process checks that, so that one that was thought dead changes nothing.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.errors import KiertoError
from kierto.jobs.models import Job, JobState, WorkerState
from kierto.jobs.rules import ANSWER_WAITED_FOR, FAILED, GIVEN_UP, MAX_LOST, STOPPED, UNANSWERED
from kierto.jobs.work import AGREED_BY, Result

_KEPT_SIGNS = timedelta(days=1)


class LeaseLost(KiertoError):
    """The job is not this process's any more: it was given to another, or has ended."""


def enqueue(
    actor: Actor,
    organisation_id: int,
    kind: str,
    input: dict[str, Any],  # noqa: A002 - the column's name
    file: bytes | None = None,
    file_name: str | None = None,
) -> Job:
    """Ask for long work; the worker starts it within about a second. `file` is deleted when the job ends."""
    job = Job(
        organisation_id=organisation_id,
        kind=kind,
        input=input,
        file=file,
        file_name=file_name[:200] if file_name else None,
        created_by=actor.person_id,
        created_at=clock.now(),
        state=JobState.QUEUED,
    )
    session.add(job)
    session.flush()
    return job


def request_stop(actor: Actor, job: Job) -> None:  # noqa: ARG001 - every action names its actor
    """Ask a job to stop: at once when it waits, at its next step when it runs. One that has ended stays as it is."""
    session.refresh(job, ["state", "stop_requested", "attempts"], with_for_update=True)
    if job.state in (JobState.QUEUED, JobState.ASKING):
        _end(job, JobState.STOPPED, {"message": STOPPED})
    elif job.state is JobState.RUNNING:
        job.stop_requested = True


def agree(actor: Actor, job: Job) -> None:
    """Say yes to what a job would do: it runs once more and stores it.

    A job that does not ask stays as it is: who presses a second time finds it on its way.
    """
    session.refresh(job, ["state", "input"], with_for_update=True)
    if job.state is JobState.ASKING:
        job.state = JobState.QUEUED
        job.input = {**job.input, AGREED_BY: actor.person_id}
        job.done = job.total = 0


def forget_unanswered(job_id: int) -> None:
    """End a job that has asked for too long: what was uploaded is not kept."""
    job = session.scalar(
        select(Job).where(Job.id == job_id, Job.state == JobState.ASKING).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if job is not None and job.heartbeat_at is not None and job.heartbeat_at < clock.now() - ANSWER_WAITED_FOR:
        _end(job, JobState.STOPPED, {"message": UNANSWERED})


def claim(lease: timedelta) -> Job | None:
    """Take the oldest job that waits, or whose process has not been heard of within its lease; None when none does.

    A job that has lost too many processes is failed here.
    """
    now = clock.now()
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    statement = (
        select(Job)
        .where(or_(Job.state == JobState.QUEUED, lost))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while job := session.scalar(statement):
        if job.state is JobState.RUNNING:
            _requeue_lost(job)
        if job.state is JobState.QUEUED:
            job.state = JobState.RUNNING
            job.attempts += 1
            job.lease_until = now + lease
            job.heartbeat_at = now
            return job
        session.flush()
    return None


def beat(job_id: int, attempt: int, done: int, total: int, lease: timedelta) -> bool:
    """Tell how far the job is and push its lease on; returns whether the person asked it to stop.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    return _keep(job_id, attempt, lease, done=done, total=total)


def extend(job_id: int, attempt: int, lease: timedelta) -> bool:
    """Push the lease on for a process that lives but is silent; returns whether the person asked it to stop.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    return _keep(job_id, attempt, lease)


def hold(job_id: int, attempt: int) -> Job:
    """Lock the job's row for the one transaction that stores its result.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    job = session.scalar(
        select(Job)
        .where(Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        raise LeaseLost
    return job


def finish(job_id: int, attempt: int, result: Result) -> None:
    """The job is done; in the same transaction as what it stored.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    job = hold(job_id, attempt)
    job.done = job.total
    _end(job, JobState.DONE, result)


def ask(job_id: int, attempt: int, result: Result) -> None:
    """The job has found out what it would do, and asks its person; what was uploaded stays for a day.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    job = hold(job_id, attempt)
    job.state = JobState.ASKING
    job.result = result
    job.input = {name: value for name, value in job.input.items() if name != AGREED_BY}
    job.done = job.total
    job.lease_until = None
    job.heartbeat_at = clock.now()


def fail(job_id: int, attempt: int, result: Result | None = None) -> None:
    """The job cannot be done; the result says why.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    _end(hold(job_id, attempt), JobState.FAILED, result or {"message": FAILED})


def stop(job_id: int, attempt: int) -> None:
    """The job has stopped because the person asked for it.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    _end(hold(job_id, attempt), JobState.STOPPED, {"message": STOPPED})


def release(job_id: int, attempt: int) -> None:
    """Queue the job again, because its worker ends in good order.

    Raises:
        LeaseLost: the job is not this process's any more.
    """
    job = hold(job_id, attempt)
    job.state = JobState.QUEUED
    job.lease_until = None


def lose(job_id: int, attempt: int) -> None:
    """The job's process died: queue it again, or fail it when that has happened too often.

    Raises:
        LeaseLost: the job is not this process's any more, or was settled before the process died.
    """
    _requeue_lost(hold(job_id, attempt))


def sign_of_life(name: str, version: str) -> None:
    """A worker lives; what dead ones left behind is cleared away after a day."""
    now = clock.now()
    worker = session.scalar(select(WorkerState).where(WorkerState.name == name))
    if worker is None:
        session.add(WorkerState(name=name, version=version, started_at=now, beat_at=now))
        session.execute(delete(WorkerState).where(WorkerState.beat_at < now - _KEPT_SIGNS))
    else:
        worker.beat_at = now


def sign_off(name: str) -> None:
    """A worker ends in good order."""
    session.execute(delete(WorkerState).where(WorkerState.name == name))


def _keep(job_id: int, attempt: int, lease: timedelta, **progress: int) -> bool:
    now = clock.now()
    stop_requested = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING)
        .values(lease_until=now + lease, heartbeat_at=now, **progress)
        .returning(Job.stop_requested)
        .execution_options(synchronize_session=False)
    ).scalar()
    if stop_requested is None:
        raise LeaseLost
    return stop_requested


def _requeue_lost(job: Job) -> None:
    job.lost += 1
    job.lease_until = None
    job.state = JobState.QUEUED
    if job.stop_requested:
        _end(job, JobState.STOPPED, {"message": STOPPED})
    elif job.lost > MAX_LOST:
        _end(job, JobState.FAILED, {"message": GIVEN_UP})


def _end(job: Job, state: JobState, result: Result) -> None:
    job.state = state
    job.result = result
    job.file = None
    job.lease_until = None
    job.finished_at = clock.now()
