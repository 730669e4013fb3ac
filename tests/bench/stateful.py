"""Rounds, bookings and seats under chance, for longer than the suite and differently each time.

`python -m tests.bench.stateful [games]` prints what was done on each database, and fails at the first step that leaves
something wrong behind, with the steps that led there.
"""

import sys
from time import perf_counter

from hypothesis import Phase

from tests import postgres
from tests.cast import Cast, make_cast
from tests.databases import DATABASES, SQLITE, open_database
from tests.stateful.machine import play

GAMES, STEPS = 100, 40


def main() -> None:
    games = int(sys.argv[1]) if len(sys.argv) > 1 else GAMES
    with postgres.cluster():
        for kind in DATABASES:
            measure(kind, games if kind == SQLITE else games // 4)


def measure(kind: str, games: int) -> None:
    """Print the line of one database."""
    database = open_database(kind)
    if database is None:
        print(postgres.MISSING)
        return
    cast = Cast(database.app)
    database.fill(lambda: make_cast(cast))
    database.fresh()
    began = perf_counter()
    with database.app.app_context():
        done = play(database, cast, games=games, steps=STEPS, derandomize=False, phases=[Phase.generate])
    counted = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
    print(
        f"{kind}: {games} games of {STEPS} steps in {perf_counter() - began:.0f} s, nothing wrong; {counted}",
        flush=True,
    )
    database.close()


if __name__ == "__main__":
    main()
