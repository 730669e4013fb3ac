"""Reading jobs, and whether a worker lives."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.jobs.models import Job, JobState, WorkerState
from kierto.jobs.rules import ANSWER_WAITED_FOR
from kierto.jobs.work import AGREED_BY, JobInput


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
        select(Job.kind, Job.organisation_id, Job.created_by, Job.input, Job.file, Job.file_name, Job.result).where(
            Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING
        )
    ).one_or_none()
    if row is None:
        return None
    agreed_by = row.input.get(AGREED_BY)
    return row.kind, JobInput(
        id=job_id,
        organisation_id=row.organisation_id,
        actor=Actor(person_id=agreed_by or row.created_by),
        input=row.input,
        file=row.file,
        file_name=row.file_name,
        agreed=agreed_by is not None,
        seen=row.result,
    )


def unanswered() -> Sequence[int]:
    """The jobs that have asked for too long."""
    return session.scalars(
        select(Job.id).where(Job.state == JobState.ASKING, Job.heartbeat_at < clock.now() - ANSWER_WAITED_FOR)
    ).all()


def any_to_claim() -> bool:
    """Whether a job waits for a worker or has lost its own."""
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < clock.now())
    return bool(session.scalar(select(exists().where(or_(Job.state == JobState.QUEUED, lost)))))


def worker_seen() -> datetime | None:
    """When a worker last gave a sign of life; None when none is known. It gives one every 10 seconds."""
    return session.scalar(select(func.max(WorkerState.beat_at)))


def under_way(actor: Actor, limit: int) -> Sequence[Job]:
    """Visible jobs that have not ended, the oldest first: they run, or wait until somebody says yes."""
    states = (JobState.QUEUED, JobState.RUNNING, JobState.ASKING)
    return session.scalars(visible(actor).where(Job.state.in_(states)).order_by(Job.id).limit(limit)).all()


def workers() -> Sequence[WorkerState]:
    """The workers that are known, with their last signs of life."""
    return session.scalars(select(WorkerState).order_by(WorkerState.name)).all()


def not_done(limit: int) -> Sequence[Job]:
    """Long work of any organisation that waits, goes on, or has failed; newest first."""
    unfinished = (JobState.QUEUED, JobState.RUNNING, JobState.ASKING, JobState.FAILED)
    return session.scalars(select(Job).where(Job.state.in_(unfinished)).order_by(Job.id.desc()).limit(limit)).all()
