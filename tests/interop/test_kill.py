from tests.cast import Cast
from tests.databases import Database
from tests.killing import Plan, kill_at_random


def test_killed_workers_lose_nothing_and_send_nothing_that_was_rolled_back(database: Database, cast: Cast) -> None:
    plan = Plan(kills=10, writers=2, bookings=60, jobs=2, rows=100, seed=20261124)
    found = kill_at_random(database.settings, cast, plan)
    assert found.committed + found.rolled_back == plan.writers * plan.bookings
    assert found.rolled_back > 0
    assert found.delivered == found.committed
    assert (found.lost, found.ghosts, found.unlike) == (0, 0, 0)
    assert found.jobs_done + found.jobs_given_up == plan.jobs
    assert found.jobs_repeated_or_torn == 0
