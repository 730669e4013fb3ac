"""`kierto job`: one job in its own process, started by a worker."""

import click

from kierto.app import create_app
from kierto.worker.jobs import run


@click.command(hidden=True)
@click.argument("job_id", type=int)
@click.argument("attempt", type=int)
def job(job_id: int, attempt: int) -> None:
    """Do the job that a worker has claimed."""
    with create_app().app_context():
        run(job_id, attempt)
