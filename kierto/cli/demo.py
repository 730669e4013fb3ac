"""`kierto demo`: invented data, a small region to walk through or any size to measure with."""

from time import monotonic

import click

from kierto.app import create_app
from kierto.database import reading
from kierto.demo.region import fill
from kierto.settings import Settings
from kierto.units.queries import any_organisation


@click.command()
def demo() -> None:
    """Fill an empty database with a small invented region."""
    settings = Settings.from_environ()
    with create_app(settings).app_context():
        with reading():
            filled = any_organisation()
        if filled:
            click.echo("The database already holds organisations; nothing was changed.")
            return
        started = monotonic()
        fill(settings)
        click.echo(
            f"The demo region is ready ({monotonic() - started:.1f} s). Step into a role at {settings.base_url}/demo"
        )
