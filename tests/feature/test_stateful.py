"""Rounds, bookings and seats under chance: what domain.md says holds after every step, by a checker of its own.

`python -m tests.bench.stateful` plays longer, and differently each time.
"""

from tests.cast import Cast
from tests.databases import SQLITE, Database
from tests.stateful.machine import play

HAPPENS = {
    "meeting.booked",
    "meeting.confirmed",
    "meeting.mix_lost",
    "meeting.moved",
    "seat.asked_again",
    "seat.interested",
    "seat.offered",
    "seat.queued",
    "seat.taken",
    "seat.withdrawn",
}


def test_whatever_people_do_the_rules_hold(cast: Cast, database: Database) -> None:
    if database.kind == SQLITE:
        done = play(database, cast, games=16, steps=25)
        assert set(done) >= HAPPENS, f"chance has done too little: {done}"
    else:  # a copy of the database takes longer here: a few games, the same ones
        done = play(database, cast, games=4, steps=20)
        assert set(done) >= {"meeting.booked", "seat.taken", "seat.withdrawn"}
