"""8 processes × 200 people sign up for 10 seats while processes are killed and started again, on each database.

`python -m tests.bench.killed_sign_ups [kills]` prints a line for each, and fails where somebody who was told of a seat
has none, a seat is taken twice, or the order of the line is not kept.
"""

import sys
from random import randrange

from kierto import clock
from tests import postgres
from tests.cast import NOW, Cast, make_cast
from tests.databases import DATABASES, open_database
from tests.killed_sign_ups import rush_and_kill
from tests.sign_ups import check

PROCESSES, EACH, KILLS = 8, 200, 40


def main() -> None:
    kills, seed = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS, randrange(1_000_000)
    with postgres.cluster():
        for kind in DATABASES:
            measure(kind, kills, seed)


def measure(kind: str, kills: int, seed: int) -> None:
    """Print the line of one database."""
    database = open_database(kind)
    if database is None:
        print(postgres.MISSING)
        return
    cast = Cast(database.app)
    database.fill(lambda: make_cast(cast))
    database.fresh()
    with database.app.app_context(), clock.at(NOW):
        found = rush_and_kill(cast, database.settings, processes=PROCESSES, each=EACH, kills=kills, seed=seed)
    database.close()
    rush = found.rush
    print(
        f"{kind}: {found.told} told in {rush.seconds:.1f} s, "
        f"{found.amid} of {found.kills} kills amid work (seed {seed}); "
        f"{rush.holding} hold the {rush.seats} seats, {rush.waiting} wait in order, {found.lost} lost",
        flush=True,
    )
    check(rush, PROCESSES * EACH)
    assert found.lost == 0


if __name__ == "__main__":
    main()
