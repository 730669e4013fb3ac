"""Many sign up at one moment; tests/bench/sign_ups.py does the same with 8 processes × 200 people."""

from tests.cast import Cast
from tests.databases import Database
from tests.sign_ups import check, rush


def test_a_rush_fills_every_seat_and_no_more(cast: Cast, database: Database) -> None:
    """Rule seat-capacity, whatever happens at the same moment."""
    found = rush(cast, database.settings, processes=4, each=15)
    check(found, 60)
    assert found.waiting == 52
