"""What long work has left behind goes: after its time, and when somebody who stands in it is erased."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from kierto.database import session
from kierto.jobs.models import Job, JobState
from kierto.words import N_

FORGOTTEN = N_("What this showed was deleted, because it told of somebody whose data was erased.")

_LYING = (JobState.ASKING, JobState.DONE, JobState.FAILED, JobState.STOPPED)
"""Nothing works on these, and their results lie there to be read."""


def forget_words(words: Collection[str], person_id: int) -> None:
    """Empty every result in which one of the words stands, and the names of the files that the person sent.

    Results lie for a month, so there are few. One that asks, asks no more: its file tells of them too.
    """
    session.execute(update(Job).where(Job.created_by == person_id).values(file_name=None))
    lying = select(Job).where(Job.state.in_(_LYING), Job.result.is_not(None))
    for job in session.scalars(lying, execution_options={"populate_existing": True}):
        said = f"{job.file_name or ''} {json.dumps(job.result, ensure_ascii=False)}".casefold()
        if any(word.casefold() in said for word in words):
            job.result, job.file, job.file_name = {"message": FORGOTTEN}, None, None
            job.state = JobState.STOPPED if job.state is JobState.ASKING else job.state


def forget_ended(before: datetime, limit: int) -> int:
    """Delete some of the jobs that ended before the instant; how many they were."""
    ended = select(Job.id).where(Job.finished_at < before).order_by(Job.id).limit(limit)
    ids = session.scalars(ended).all()
    session.execute(delete(Job).where(Job.id.in_(ids)))
    return len(ids)
