"""Rounds, bookings and seats under chance: what domain.md says holds after every step, by a checker of its own.

`python -m tests.bench.stateful` plays longer.
"""

from tests.cast import Cast
from tests.databases import SQLITE, Database
from tests.stateful.machine import play


def test_whatever_people_do_the_rules_hold(cast: Cast, database: Database) -> None:
    games = 40 if database.kind == SQLITE else 12
    done = play(database, cast, games=games, steps=30)
    assert done
