"""Signing in, sessions, addresses, single sign-on, paper passes."""

from tests.checks.permissions.rows import Row

TABLE: tuple[Row, ...] = ()
