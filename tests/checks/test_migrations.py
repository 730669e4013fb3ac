"""Migrations make what the models say, go down and up again, and keep what they can."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Inspector, inspect, text

from kierto.database import Base
from kierto.database.engine import engine
from kierto.database.upgrade import applied, downgrade, newest, upgrade
from kierto.settings import resources
from tests.cast import Cast
from tests.tables import import_models

import_models()

REVISIONS = list(ScriptDirectory(str(resources("migrations"))).walk_revisions())

# SQLite shows an index over an expression by its name alone, Alembic leaves it out and says so.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index:sqlalchemy.exc.SAWarning",
    "ignore:autogenerate skipping metadata-specified expression-based index:UserWarning",
)


def differences() -> list[object]:
    """What the database lacks or has too much, compared with the models."""
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, Base.metadata)
        inspector = inspect(connection)
        return found + _checks(inspector) + _indexes(inspector)


def _checks(inspector: Inspector) -> list[object]:
    """Alembic does not compare CHECKs."""
    found: list[object] = []
    for name, table in Base.metadata.tables.items():
        declared = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint) and one.name}
        there = {str(one["name"]) for one in inspector.get_check_constraints(name)}
        found += [(name, check) for check in declared ^ there]
    return found


def _indexes(inspector: Inspector) -> list[object]:
    """Nor the expressions of indexes: their names at least."""
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname FROM pg_indexes",
    }
    with engine().connect() as connection:
        there = set(connection.scalars(text(names[inspector.dialect.name])))
    return [index.name for table in Base.metadata.tables.values() for index in table.indexes if index.name not in there]


def rows() -> dict[str, int]:
    """Table → how many rows it has."""
    with engine().connect() as connection:
        tables = inspect(connection).get_table_names()
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}


def test_migrations_match_the_models(app: Flask) -> None:
    assert applied() == newest()
    assert differences() == []


def test_a_difference_would_be_seen(app: Flask) -> None:
    with engine().begin() as connection:
        connection.execute(text("ALTER TABLE units ADD COLUMN surplus INTEGER"))
        connection.execute(text("DROP INDEX ix_seats_person_id_state"))
        connection.execute(text("DROP INDEX uq_members"))
    assert len(differences()) >= 3


def test_down_and_up_again_with_data_in_the_tables(cast: Cast) -> None:
    before = rows()
    assert all(before[name] for name in ("adoptions", "events", "event_queue", "members", "seats", "stops", "units"))
    for revision in REVISIONS:
        downgrade(str(revision.down_revision or "base"))
    assert set(rows()) <= {"alembic_version"}
    upgrade()
    assert differences() == []
    after = rows()
    assert set(after) == set(before)
    assert after["services"] == before["services"]


def test_the_newest_step_can_be_taken_back_and_redone(cast: Cast) -> None:
    """What a careful administrator does when an upgrade disappoints: one step down, one up; people and units stay."""
    before = rows()
    downgrade("-1")
    upgrade()
    assert differences() == []
    assert {name: rows()[name] for name in ("persons", "units", "seats")} == {
        name: before[name] for name in ("persons", "units", "seats")
    }


def test_revisions_are_numbered_and_in_one_line() -> None:
    numbers = [revision.revision for revision in reversed(REVISIONS)]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert all(Path(revision.path).name.startswith(f"{revision.revision}_") for revision in REVISIONS)
