"""Own data, statements, feedback, the log, the queue, the settings."""

from tests.checks.permissions.rows import Row

TABLE: tuple[Row, ...] = ()
