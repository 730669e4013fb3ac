"""The words planted in everything that one person can tell: which of them the database still holds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect, select, text

from kierto.database import Base
from kierto.database.engine import engine
from tests.cast import Cast
from tests.tables import import_models

import_models()


def personal() -> Iterator[tuple[str, Any]]:
    """The columns that tell something of a person, by table and name."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("personal", "none") != "none":
                yield f"{table.name}.{column.name}", column


def everything_stored() -> str:
    """Every value of every table as the database holds it; what is encrypted is decrypted, to be sure."""
    found = []
    with engine().connect() as connection:
        for table in inspect(engine()).get_table_names():
            found += [f"{table}: {tuple(row)!r}" for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
        for name, column in personal():
            rows = connection.execute(select(column))
            found += [f"{name}: {row[0]!r}" for row in rows]
    return "\n".join(found)


def planted(cast: Cast) -> set[str]:
    """Every planted word that stands in the database, as it is decrypted."""
    return {word.strip("'\",)}]b") for word in everything_stored().split() if "planted" in word}
