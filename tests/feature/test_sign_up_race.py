"""Many sign up at one moment; tests/bench/sign_ups.py does the same with 8 processes × 200 people."""

from tests.cast import Cast
from tests.databases import Database
from tests.killed_sign_ups import rush_and_kill
from tests.sign_ups import check, rush


def test_a_rush_fills_every_seat_and_no_more(cast: Cast, database: Database) -> None:
    """Rule seat-capacity, whatever happens at the same moment."""
    found = rush(cast, database.settings, processes=4, each=15)
    check(found, 60)
    assert found.waiting == 52


def test_who_was_told_of_a_seat_has_it_though_processes_were_killed(cast: Cast, database: Database) -> None:
    """Rules seat-capacity and seat-waiting-order, when whoever serves people is killed amid it and starts again."""
    found = rush_and_kill(cast, database.settings, processes=3, each=30, kills=4)
    assert found.amid > 0, "somebody was killed at work"
    assert (found.told, found.lost) == (90, 0)
    check(found.rush, 90)
