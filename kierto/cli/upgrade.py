"""`kierto upgrade`: the database to what this version of Kierto needs."""

import click

from kierto.cli.application import application
from kierto.database import upgrade as versions
from kierto.settings import Settings


@click.command()
def upgrade() -> None:
    """Bring the database up to date; an empty one gets its tables."""
    with application(Settings.from_environ()):
        before = versions.applied()
        versions.upgrade()
        after = versions.applied()
    if before == after:
        click.echo(f"The database is up to date ({after}).")
    else:
        click.echo(f"The database was upgraded from {before or 'empty'} to {after}.")
