"""`kierto worker`: mail and jobs."""

import os
import sys

import click

from kierto.app import create_app
from kierto.settings import Settings
from kierto.worker.lock import alone
from kierto.worker.loop import Worker
from kierto.worker.signals import Ending


@click.command()
@click.option(
    "--embedded", is_flag=True, help="Beside `kierto serve`: one to an instance folder, ends with its parent."
)
def worker(*, embedded: bool) -> None:
    """Send mail and do long work until stopped.

    With SQLite one worker works and any other waits to take over; with PostgreSQL as many work as are started.
    """
    ending = Ending()
    settings = Settings.from_environ()
    parent = os.getppid()
    app = create_app(settings)
    working = Worker(settings, app.app_context, job_command, ending)

    def still_wanted() -> bool:
        return not embedded or os.getppid() == parent

    if embedded or settings.database_url.startswith("sqlite"):
        with alone(settings.instance, ending, still_wanted) as ours:
            if ours:
                working.run(still_wanted)
    else:
        working.run()


def job_command(job_id: int, attempt: int) -> list[str]:
    """The program that does one job."""
    return [sys.executable, "-m", "kierto.cli", "job", str(job_id), str(attempt)]
