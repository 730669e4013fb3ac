"""The checker of test_stateful.py can fail: each thing that it looks for is broken by raw SQL, and it says so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.units.fees import set_rates
from tests.cast import CONFIRMED_ON, NOW, Cast
from tests.stateful import changes, standing
from tests.stateful.breaking import AT_ALL_TIMES, BY_A_STEP, LEFT_UNDONE, Broken
from tests.stateful.picture import Picture, take
from tests.stateful.world import rates


def cases(*broken: Broken) -> list[object]:
    return [pytest.param(one, id=f"{number}: {one.found}") for number, one in enumerate(broken)]


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """Some minutes after the cast came to be, which took a while."""
    with clock.at(NOW + timedelta(minutes=10)):
        yield


@pytest.fixture
def before(cast: Cast) -> Picture:
    """The tables as the cast has left them, once there is a fee: nothing is wrong with them."""
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), clock.today().year, rates(60))
        session.execute(text("DELETE FROM seats WHERE state = 'invited'"))  # to make room for seats that are wrong
    found = picture(None)
    assert standing.faults(found) == []
    assert standing.overdue(found) == []
    return found


def picture(before: Picture | None, later: timedelta = timedelta(0)) -> Picture:
    with reading():
        return take(before, clock.now() + later)


def named(cast: Cast, words: str) -> str:
    """The words with the ids of the cast's things and people in their places."""
    return words.format(
        **{name: thing.id for name, thing in cast.things().items()}, **{name: cast.id(name) for name in cast.people}
    )


def does(cast: Cast, statements: tuple[str, ...]) -> None:
    with writing():
        for statement in statements:
            session.execute(text(named(cast, statement)))


@pytest.mark.parametrize("broken", cases(*AT_ALL_TIMES))
def test_what_never_holds_is_found(cast: Cast, before: Picture, broken: Broken) -> None:
    does(cast, broken.first + broken.sql)
    found = standing.faults(picture(before))
    assert any(named(cast, broken.found) in fault for fault in found), found


@pytest.mark.parametrize("broken", cases(*BY_A_STEP))
def test_a_step_that_may_not_be_is_found(cast: Cast, before: Picture, broken: Broken) -> None:
    does(cast, broken.first)
    first = picture(before)
    began = clock.now()
    assert changes.faults(changes.Step(first, picture(first), began)) == [], "nothing was done yet"
    does(cast, broken.sql)
    found = changes.faults(changes.Step(first, picture(first), began))
    assert any(named(cast, broken.found) in fault for fault in found), found


@pytest.mark.parametrize("broken", cases(*LEFT_UNDONE))
def test_what_the_worker_leaves_undone_is_found(cast: Cast, before: Picture, broken: Broken) -> None:
    does(cast, broken.first + broken.sql)
    later = timedelta(0)
    if "begun" in broken.found:
        later = clock.instant(CONFIRMED_ON, clock.local(clock.now()).time()) - clock.now() + timedelta(hours=6)
    found = standing.overdue(picture(before, later))
    assert any(named(cast, broken.found) in fault for fault in found), found
