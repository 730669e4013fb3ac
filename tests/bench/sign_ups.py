"""8 processes × 200 people sign up for a meeting of 10 seats whose mix is already met, on each database there is.

`python -m tests.bench.sign_ups` prints a line for each, and fails where a seat is taken twice or the order is not kept.
"""

import sys
from statistics import median

from kierto import clock
from tests import postgres
from tests.cast import NOW, Cast, make_cast
from tests.databases import DATABASES, Database, open_database
from tests.sign_ups import Rush, check, rush

PROCESSES, EACH = 8, 200


def main() -> None:
    with postgres.cluster():
        for kind in sys.argv[1:] or DATABASES:
            database = open_database(kind)
            if database is None:
                print(postgres.MISSING)
                continue
            print(told(kind, measured(database)))


def measured(database: Database) -> Rush:
    cast = Cast(database.app)
    database.fill(lambda: make_cast(cast))
    database.fresh()
    with database.app.app_context(), clock.at(NOW):
        found = rush(cast, database.settings, processes=PROCESSES, each=EACH)
    database.close()
    check(found, PROCESSES * EACH)
    return found


def told(kind: str, found: Rush) -> str:
    taking = sorted(found.taking)
    within = taking[int(len(taking) * 0.95)]
    return (
        f"{kind}: {len(taking)} sign-ups in {found.seconds:.1f} s ({len(taking) / found.seconds:.0f}/s), "
        f"median {median(taking) * 1000:.0f} ms, 95 % within {within * 1000:.0f} ms, "
        f"slowest {taking[-1] * 1000:.0f} ms; "
        f"{found.holding} hold the {found.seats} seats, {found.waiting} wait in order, errors {len(found.errors)}"
    )


if __name__ == "__main__":
    main()
