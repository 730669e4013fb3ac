"""Reading jobs, and whether a worker lives."""

from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.jobs.models import Job, JobState, WorkerState
from kierto.jobs.work import JobInput


def visible(actor: Actor) -> Select[Job]:
    """The jobs the actor may see: those of the organisations they coordinate."""
    return select(Job).where(Job.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)))


def job(actor: Actor, ref: str) -> Job:
    """One visible job.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(visible(actor).where(Job.ref == ref))
    if found is None:
        raise NotFound
    return found


def job_input(job_id: int, attempt: int) -> tuple[str, JobInput] | None:
    """The kind and input of a job for the process that owns it, None when it does not any more."""
    row = session.execute(
        select(Job.kind, Job.organisation_id, Job.created_by, Job.input, Job.file, Job.file_name).where(
            Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING
        )
    ).one_or_none()
    if row is None:
        return None
    return row.kind, JobInput(
        id=job_id,
        organisation_id=row.organisation_id,
        actor=Actor(person_id=row.created_by),
        input=row.input,
        file=row.file,
        file_name=row.file_name,
    )


def any_to_claim() -> bool:
    """Whether a job waits for a worker or has lost its own."""
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < clock.now())
    return bool(session.scalar(select(exists().where(or_(Job.state == JobState.QUEUED, lost)))))


def worker_seen() -> datetime | None:
    """When a worker last gave a sign of life; None when none is known. It gives one every 10 seconds."""
    return session.scalar(select(func.max(WorkerState.beat_at)))
