"""How Alembic runs Kierto's migrations: on the application's own engine, each revision in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Engine, text
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
            # Rebuilding a table would cascade; the pragma does nothing inside a transaction, so it comes before.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
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
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run(context.config.attributes["engine"])
