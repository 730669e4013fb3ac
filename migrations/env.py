"""How Alembic runs Kierto's migrations: on the application's own engine, each revision in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Engine, text
from sqlalchemy.types import TypeDecorator

from kierto.database import Base


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a migration with the database's types, not ours: it must run when ours have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}".replace("sa.sa.", "sa.")
    return False


def run(engine: Engine) -> None:
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table drops the old one, which foreign keys forbid.
            _check_foreign_keys(connection, False)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=plain_types,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration left broken foreign keys: {broken[:5]}")
            connection.commit()
            _check_foreign_keys(connection, True)


def _check_foreign_keys(connection: Connection, on: bool) -> None:
    """By the driver itself: inside a transaction the pragma does nothing, and SQLAlchemy begins one first."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


run(context.config.attributes["engine"])
