"""What becomes of mail and jobs when workers are killed at random under load, more often than a test has time for.

`python -m tests.bench.kill [kills]` prints one line of figures for each database that this machine has: bookings
committed and rolled back, people told, mails sent again by a worker that did not know of the first (repeated: with the
same Message-ID), and what must stay 0.
"""

import sys
from random import randrange
from time import perf_counter

from tests import postgres
from tests.cast import Cast, make_cast
from tests.databases import DATABASES, open_database
from tests.killing import Figures, Plan, kill_at_random

KILLS = 60
HEADING = f"{'':12}" + " ".join(f"{name.replace('_', ' '):>21}" for name in Figures._fields)


def main() -> None:
    """Kill on SQLite and, where there is one, on PostgreSQL."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    plan = Plan(kills=kills, writers=3, bookings=kills * 10, jobs=4, rows=1000, seed=randrange(1_000_000))
    print(f"{kills} kills; {plan.writers} writers, {plan.jobs} imports of {plan.rows} units, seed {plan.seed}")
    print(HEADING)
    with postgres.cluster():
        for kind in DATABASES:
            show(kind, plan)


def show(kind: str, plan: Plan) -> None:
    """Print the line of one database."""
    database = open_database(kind)
    if database is None:
        print(postgres.MISSING)
        return
    cast = Cast(database.app)
    database.fill(lambda: make_cast(cast))
    database.fresh()
    started = perf_counter()
    with database.app.app_context():
        figures = kill_at_random(database.settings, cast, plan)
    row = " ".join(f"{figure:>21,}" for figure in figures)
    print(f"{kind:12}{row}   {perf_counter() - started:.0f} s", flush=True)
    database.close()


if __name__ == "__main__":
    main()
