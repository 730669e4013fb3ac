"""`kierto demo`: invented data, a small region to walk through or any size to measure with."""

from time import monotonic

import click

from kierto.cli.application import application
from kierto.database import reading
from kierto.demo.bulk.fill import AlreadyThere, Size, TooMany, check, fill_in_bulk, tidy
from kierto.demo.region import fill
from kierto.settings import Settings
from kierto.units.queries import any_organisation


@click.command()
@click.option("--units", type=click.IntRange(min=2), help="How many units, about 40 in an organisation.")
@click.option("--experts", type=click.IntRange(min=0), help="How many experts; as many as 1.5 times the units.")
@click.option("--meetings", type=click.IntRange(min=0), help="How many meetings; 10 a unit.")
@click.option("--seed", type=click.IntRange(min=0), help="The same seed on the same day gives the same data; 1.")
def demo(units: int | None, experts: int | None, meetings: int | None, seed: int | None) -> None:
    """Fill an empty database with a small invented region to walk through.

    With a size it adds that much invented data to any database instead, for measuring.
    """
    settings = Settings.from_environ()
    if not settings.demo:
        raise click.ClickException(
            "This fills the database with invented people. Set KIERTO_DEMO=1 to say that it holds no real ones."
        )
    with application(settings):
        if units is experts is meetings is seed is None:
            _region(settings)
        else:
            units = 40 if units is None else units
            _bulk(
                Size(
                    units,
                    units * 3 // 2 if experts is None else experts,
                    units * 10 if meetings is None else meetings,
                    1 if seed is None else seed,
                )
            )


def _region(settings: Settings) -> None:
    with reading():
        filled = any_organisation()
    if filled:
        click.echo("The database already holds organisations; nothing was changed.")
        return
    started = monotonic()
    fill(settings)
    click.echo(f"The demo region was filled in {monotonic() - started:.1f} s: see {settings.base_url}/demo")


def _bulk(size: Size) -> None:
    started = monotonic()
    try:
        check(size)
    except (TooMany, AlreadyThere) as fault:
        raise click.ClickException(str(fault)) from fault
    with click.progressbar(length=size.meetings, label="Inventing meetings") as bar:
        rows = fill_in_bulk(size, bar.update)
    megabytes = tidy()
    click.echo(
        f"{size.units} units, {size.experts} experts, {size.meetings} meetings: {rows} rows in "
        f"{monotonic() - started:.1f} s; the database has {megabytes:.1f} MB."
    )
