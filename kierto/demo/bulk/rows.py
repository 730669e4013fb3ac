"""Rows on their way into the tables: numbered here, written in chunks, parents before children."""

import sys
import uuid
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, text

from kierto.database import Base, session
from kierto.database.types import CROCKFORD

CHUNK = 5_000
"""Rows kept before they are written."""


class Rows:
    """Collects rows inside `writing()`. Every row of a table must name the same columns.

    `growing` says that the database was empty, or nearly, before.
    """

    def __init__(self, random: Random, *, growing: bool) -> None:
        self.random = random
        self.written = 0
        self._learn_at = CHUNK if growing else sys.maxsize
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._next: dict[str, int] = {}
        self._count = 0

    def add(self, model: type[Base], **values: Any) -> int:
        """One row; returns its id. A table with public references gets one by itself."""
        name = model.__tablename__
        if name not in self._next:
            self._next[name] = (session.scalar(select(func.max(model.id))) or 0) + 1
            self._waiting[name] = []
        values["id"] = self._next[name]
        self._next[name] += 1
        self._waiting[name].append(values)
        self._count += 1
        if self._count >= CHUNK:
            self.flush()
        return int(values["id"])

    def ref(self) -> str:
        """Like `database.new_ref`, by this run's chance."""
        bits = self.random.getrandbits(50)
        return "".join(CROCKFORD[bits >> shift & 31] for shift in range(45, -1, -5))

    def uid(self) -> str:
        """A UUID by this run's chance."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def flush(self) -> None:
        """Write everything that waits."""
        for table in Base.metadata.sorted_tables:
            waiting = self._waiting.get(table.name)
            if waiting:
                session.execute(insert(table), waiting)
                waiting.clear()
        self.written += self._count
        self._count = 0
        if self.written >= self._learn_at:
            # PostgreSQL checks foreign keys by plans made while the tables were empty, unless it learns better.
            session.execute(text("ANALYZE"))
            self._learn_at *= 4

    def settle(self) -> None:
        """Write the rest; on PostgreSQL let the tables' own numbering go on behind these rows."""
        self.flush()
        if session.get_bind().dialect.name == "postgresql":
            for name, following in self._next.items():
                session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                    {"name": name, "last": following - 1},
                )
