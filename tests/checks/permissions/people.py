"""Invitations, joining links, roles, administrators."""

from tests.checks.permissions.rows import Row

TABLE: tuple[Row, ...] = ()
