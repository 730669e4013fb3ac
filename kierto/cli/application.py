"""The application for as long as one command lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from kierto import database
from kierto.app import create_app
from kierto.settings import Settings


@contextmanager
def application(settings: Settings) -> Iterator[None]:
    """Within the block, actions and queries can be called; afterwards every connection is closed."""
    with create_app(settings).app_context():
        try:
            yield
        finally:
            database.close()
