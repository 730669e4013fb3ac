"""The tables of jobs and of the workers that do them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kierto.database import FREE, NOT_PERSONAL, Base, Encrypted, Global, Referable, TenantNumber


class JobState(StrEnum):
    """queued → running → done, failed or stopped; a job that lost its worker is queued again.

    A job that shows first what it would do goes running → asking, and when its person says yes → queued once more.
    """

    QUEUED = "queued"
    RUNNING = "running"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Job(Base, TenantNumber, Referable):
    """Long work that a person asked for.

    `input` names what to do; `file` is what they uploaded, deleted when the job ends. `attempts` counts its starts and
    so tells one process from another; `lost` counts the processes that died with it. `lease_until` is pushed on while
    the job's process lives; `done` of `total` steps is its progress; `result` is what the person is shown at the end,
    or before they say yes: their number is then `agreed_by` of the input.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "lease_until"),)

    kind: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    input: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)
    file: Mapped[bytes | None] = mapped_column(Encrypted, deferred=True, info=FREE)
    file_name: Mapped[str | None] = mapped_column(String(200), info=FREE)
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=FREE)

    @property
    def ended(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.STOPPED)


class WorkerState(Base, Global):
    """A sign of life of one worker, for `/health`; deleted when the worker ends, or a day after its last sign."""

    __tablename__ = "worker_state"

    name: Mapped[str] = mapped_column(String(100), unique=True, info=NOT_PERSONAL)
    version: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
