"""Constraints that carry a business rule: what the database refuses becomes that rule's `Refused`."""

import re

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from kierto.database.base import Base
from kierto.errors import Refused, Rule


def refusal(fault: IntegrityError) -> Refused | None:
    """The `Refused` of the constraint's rule, or None when the constraint carries none (then it is a fault of ours)."""
    rule = _named(fault) or _sqlite_unique(str(fault.orig))
    return Refused(rule) if rule else None


def ruled() -> dict[str, Rule]:
    """Constraint name → rule, for every constraint that carries one."""
    return {str(name): rule for name, _columns, rule in _constraints()}


def _constraints() -> list[tuple[str | None, tuple[str, ...], Rule]]:
    found: list[tuple[str | None, tuple[str, ...], Rule]] = []
    for table in Base.metadata.tables.values():
        for constraint in (*table.constraints, *table.indexes):
            if isinstance(constraint, CheckConstraint | UniqueConstraint | Index) and "rule" in constraint.info:
                columns = tuple(sorted(f"{table.name}.{column.name}" for column in constraint.columns))
                found.append((str(constraint.name), columns, constraint.info["rule"]))
    return found


def _named(fault: IntegrityError) -> Rule | None:
    """PostgreSQL names every constraint; SQLite only CHECKs."""
    diagnosis = getattr(fault.orig, "diag", None)
    if diagnosis is not None:
        return ruled().get(diagnosis.constraint_name)
    match = re.fullmatch(r"CHECK constraint failed: (\w+)", str(fault.orig))
    return ruled().get(match[1]) if match else None


def _sqlite_unique(message: str) -> Rule | None:
    """SQLite names a UNIQUE by its columns: "UNIQUE constraint failed: seats.meeting_id, seats.person_id"."""
    match = re.fullmatch(r"UNIQUE constraint failed: (.+)", message)
    if match is None:
        return None
    columns = tuple(sorted(match[1].split(", ")))
    return next((rule for _name, own, rule in _constraints() if own == columns), None)
