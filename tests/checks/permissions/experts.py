"""Applying, experts' own pages, the register, the desk."""

from tests.checks.permissions.rows import Row

TABLE: tuple[Row, ...] = ()
