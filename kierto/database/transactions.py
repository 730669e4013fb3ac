"""Units of work: `reading()`, `writing()`, savepoints, and rows locked in one order."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session

from kierto.database.base import Base
from kierto.database.engine import WRITING, engine, session
from kierto.database.types import new_ref
from kierto.errors import NotFound

Row = TypeVar("Row", bound=Base)

_READING = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


class WriteWhileReading(RuntimeError):
    """Something tried to change the database inside `reading()`."""


class LockOrder(RuntimeError):
    """Rows were locked against the order round → unit → meeting → person, then id: two such could wait for ever."""


@contextmanager
def reading() -> Iterator[None]:
    """A transaction that sees one state of the database and changes nothing.

    Raises:
        WriteWhileReading: something was flushed inside.
    """
    with session.begin():
        postgresql = engine().dialect.name == "postgresql"
        session.connection(execution_options=_READING if postgresql else {})
        session.info["reading"] = True
        try:
            yield
        finally:
            session.info.pop("reading", None)
            session.rollback()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that commits when the block ends well and rolls back when it raises.

    The only place that commits. On SQLite it takes the write lock at once and waits for it up to 30 s.
    """
    with session.begin():
        session.connection(execution_options={WRITING: True})
        session.info["act"] = new_ref()
        try:
            yield
        finally:
            session.info.pop("act", None)
            session.info.pop("locked", None)


@contextmanager
def savepoint() -> Iterator[None]:
    """What fails inside is undone, and the transaction around it goes on; rows locked inside are free again."""
    held = set(session.info.get("locked", ()))
    try:
        with session.begin_nested():
            yield
    except BaseException:
        session.info["locked"] = held
        raise


def act() -> str:
    """The mark that the events of this unit of work share."""
    return str(session.info["act"])


def lock(model: type[Row], ids: Iterable[int]) -> list[Row]:
    """Lock rows until the transaction ends and read them anew, in the order of their ids.

    Raises:
        NotFound: one of them is gone.
        LockOrder: a row that must be locked earlier is locked later.
    """
    wanted = sorted(set(ids))
    if model.lock_rank is None:
        raise LockOrder(f"{model.__name__} has no place in the order of locks")
    held: set[tuple[int, int]] = session.info.setdefault("locked", set())
    fresh = [(model.lock_rank, id_) for id_ in wanted if (model.lock_rank, id_) not in held]
    if fresh and held and fresh[0] < max(held):
        raise LockOrder(f"{model.__name__} {fresh[0][1]} is locked after {max(held)}")
    # `key_share`: who only refers to a row (an invitation to a person who is locked elsewhere) need not wait for it.
    statement = select(model).where(model.id.in_(wanted)).order_by(model.id).with_for_update(key_share=True)
    rows = list(session.scalars(statement, execution_options={"populate_existing": True}))
    if len(rows) != len(wanted):
        raise NotFound
    held.update(fresh)
    return rows


def lock_one(model: type[Row], id_: int) -> Row:
    """Lock one row; see `lock`."""
    return lock(model, [id_])[0]


@event.listens_for(Session, "before_flush")
def _refuse_flush(session: Session, _context: object, _instances: object) -> None:
    if session.info.get("reading") and (session.new or session.dirty or session.deleted):
        raise WriteWhileReading


@event.listens_for(Session, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    if state.session.info.get("reading") and (state.is_insert or state.is_update or state.is_delete):
        raise WriteWhileReading
