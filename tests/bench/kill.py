"""What becomes of mail and jobs when workers are killed at random under load, for a longer while than a test has.

`python -m tests.bench.kill [seconds]` prints one line of figures for each database that this machine has: bookings
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

SECONDS = 60.0
HEADING = f"{'':12}" + " ".join(f"{name.replace('_', ' '):>21}" for name in Figures._fields)


def main() -> None:
    """Kill on SQLite and, where there is one, on PostgreSQL."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    plan = Plan(seconds=seconds, writers=3, jobs=max(2, int(seconds / 10)), rows=300, seed=randrange(1_000_000))
    print(f"{seconds:.0f} s of killing, {plan.writers} writers, {plan.jobs} imports of {plan.rows} units, {plan.seed=}")
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
