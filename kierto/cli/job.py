"""`kierto job`: one job in its own process, started by a worker."""

from datetime import timedelta

import click

from kierto.app import create_app
from kierto.worker.jobs import LEASE, run


@click.command(hidden=True)
@click.argument("job_id", type=int)
@click.argument("attempt", type=int)
@click.option("--lease", type=float, default=LEASE.total_seconds(), help="The worker's lease on it, in seconds.")
def job(job_id: int, attempt: int, lease: float) -> None:
    """Do the job that a worker has claimed."""
    with create_app().app_context():
        run(job_id, attempt, timedelta(seconds=lease))
