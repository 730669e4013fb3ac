"""How Kierto is: its database, the database's version, worker and mail. `/health` shows it, `kierto check` tells it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy.exc import SQLAlchemyError

from kierto import clock
from kierto.database import reading, upgrade
from kierto.database.engine import engine
from kierto.jobs.queries import worker_seen
from kierto.messages.queries import mail_backlog

WORKER_LATE = timedelta(minutes=1)
"""A worker gives a sign of life every ten seconds."""

MAIL_LATE = timedelta(minutes=15)
"""A mail that has waited so long meets a server that does not take it."""


@dataclass(frozen=True)
class Health:
    """What can be said from outside. Ages are None where nothing is known, or nothing waits."""

    database_kind: str
    database: bool = False
    applied: str | None = None
    needed: str | None = None
    worker_age: timedelta | None = None
    mail_due: int = 0
    mail_age: timedelta | None = None

    @property
    def serves(self) -> bool:
        """Whether people can use Kierto now: the database answers and is of this version."""
        return self.database and self.applied == self.needed

    @property
    def well(self) -> bool:
        """Whether everything is as it should be: mail and long work are done too."""
        works = self.worker_age is not None and self.worker_age <= WORKER_LATE
        return self.serves and works and (self.mail_age is None or self.mail_age <= MAIL_LATE)


@dataclass(frozen=True)
class Revisions:
    """The database and its version, beside the one that this version of Kierto needs."""

    database_kind: str
    applied: str | None
    needed: str | None


def revisions() -> Revisions:
    """Look now. Reads over a connection of its own, and so answers inside a request too."""
    return Revisions(_kind(), upgrade.applied(), _needed())


def health() -> Health:
    """Look at everything now. Opens its own transaction, and answers also when the database does not."""
    kind = _kind()
    needed = _needed()
    try:
        applied = upgrade.applied()
        if applied != needed:
            return Health(kind, database=True, applied=applied, needed=needed)
        with reading():
            seen, backlog = worker_seen(), mail_backlog()
    except SQLAlchemyError:
        return Health(kind, needed=needed)
    now = clock.now()
    return Health(
        kind,
        database=True,
        applied=applied,
        needed=needed,
        worker_age=now - seen if seen else None,
        mail_due=backlog.due,
        mail_age=now - backlog.oldest_at if backlog.oldest_at else None,
    )


def _kind() -> str:
    return "sqlite" if engine().dialect.name == "sqlite" else "postgresql"


@cache
def _needed() -> str | None:
    """Looked up once: it is a matter of this version's files."""
    return upgrade.newest()
