"""Rounds on the desk: turns not booked in time, rounds to close, units that no round has visited."""

from contextlib import AbstractContextManager
from datetime import date, time, timedelta

from kierto import clock
from kierto.actor import Actor
from kierto.database import reading, session, writing
from kierto.pages.desk import rounds as desk
from kierto.pages.desk.task import MOST, Task
from kierto.people.queries import actor_for
from kierto.rounds.lifecycle import close_round
from kierto.rounds.models import Round, Stop
from kierto.rounds.overdue import middle_of, never_visited, overdue_stops, rounds_over
from kierto.rounds.together import meet_together
from kierto.words import speaking
from tests.cast import CONFIRMED_ON, NOW, Cast
from tests.scenes_rounds import call_off, close, draft, new_unit, skip

MIDDLE, LAST = date(2027, 3, 28), date(2027, 6, 11)
"""Of the spring round."""


def coordinator(cast: Cast, name: str = "coordinator") -> Actor:
    """The coordinator as they are at any time: their sessions end before the round does."""
    return actor_for(cast.people[name].load())


def on(day: date) -> AbstractContextManager[object]:
    return clock.at(clock.instant(day, time(9)))


def late(cast: Cast, name: str = "coordinator") -> list[int]:
    """The turns that are overdue now."""
    session.remove()
    with reading():
        return [stop.id for stop in overdue_stops(coordinator(cast, name), 20)]


def test_a_turn_is_overdue_when_half_of_its_round_has_gone_by(cast: Cast) -> None:
    with reading():
        assert middle_of(cast.spring.load()) == date(2027, 3, 27)
    with writing():
        session.query(Round).filter_by(id=cast.autumn.id).update({"until_on": date(2027, 12, 31)})
    with on(date(2027, 3, 27)):
        assert cast.stop.id not in late(cast)
    with on(MIDDLE):
        found = late(cast)
        assert cast.stop.id in found
        assert cast.confirmed_stop.id not in found, "it was held"
        assert cast.proposed_stop.id in found, "its time came without its mix: it waits again"
        assert cast.foreign_stop.id not in found
        assert cast.foreign_stop.id in late(cast, "neighbour")


def test_what_is_booked_skipped_or_over_is_not_overdue(cast: Cast) -> None:
    with writing():
        meeting = cast.proposed.load()
        meeting.starts_at, meeting.ends_at = (at + timedelta(days=90) for at in (meeting.starts_at, meeting.ends_at))
    skip(cast, cast.stop, "Muutto")
    with on(MIDDLE):
        assert not {cast.stop.id, cast.proposed_stop.id, cast.confirmed_stop.id} & set(late(cast))
    call_off(cast, cast.spring)
    with on(MIDDLE):
        assert cast.proposed_stop.id not in late(cast)


def test_an_overdue_turn_leads_to_its_booking(cast: Cast) -> None:
    with on(MIDDLE), reading():
        tasks = {task.href: task for task in desk.overdue(coordinator(cast))}
        task = tasks[f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}"]
        assert task.title == "Kallion terveysasema"
        assert "11.6." in task.detail
        assert task.late


def test_a_round_past_its_last_day_is_to_be_closed(cast: Cast) -> None:
    with on(LAST), reading():
        assert cast.spring.id not in {round_.id for round_ in rounds_over(coordinator(cast), 20)}
    with on(LAST + timedelta(days=1)), reading():
        assert [round_.id for round_ in rounds_over(coordinator(cast), 20)] == [cast.autumn.id, cast.spring.id]
        assert f"/rounds/{cast.spring.ref}" in {task.href for task in desk.over(coordinator(cast))}
        assert not overdue_stops(coordinator(cast), 20), "its turns are no longer to be booked"
    with on(LAST + timedelta(days=1)), writing():
        close_round(coordinator(cast), cast.spring.load())
    with on(LAST + timedelta(days=1)), reading():
        assert [round_.id for round_ in rounds_over(coordinator(cast), 20)] == [cast.autumn.id]
    with on(LAST + timedelta(days=1)), reading():
        mine = {round_.organisation_id for round_ in rounds_over(coordinator(cast, "neighbour"), 20)}
        assert mine <= {cast.other_organisation.id}


def unvisited(cast: Cast) -> list[int]:
    session.remove()
    with reading():
        return [unit.id for unit in never_visited(coordinator(cast), 20)]


def test_units_that_no_round_has_visited_nor_is_going_to(cast: Cast) -> None:
    assert unvisited(cast) == [], "all have a turn ahead"
    unit = new_unit(cast)
    assert unvisited(cast) == [unit.id]
    draft(cast, [unit.id, cast.unit.id])
    assert unvisited(cast) == []
    close(cast, cast.autumn)
    call_off(cast, cast.spring)
    assert set(unvisited(cast)) == {cast.other_unit.id, cast.third_unit.id}, "the first one held a meeting"


def test_who_held_one_together_has_been_visited(cast: Cast) -> None:
    with writing():
        session.query(Stop).filter_by(unit_id=cast.unit.id).filter(Stop.id != cast.stop.id).update({"meeting_id": None})
        cast.held.load().unit_id = cast.third_unit.id
        meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.stop.load())
    for round_ in (cast.autumn, cast.spring):
        with on(CONFIRMED_ON + timedelta(days=20)), writing():
            close_round(coordinator(cast), round_.load())
    with on(CONFIRMED_ON + timedelta(days=20)):
        assert cast.unit.id not in unvisited(cast)


def task_of_unvisited(cast: Cast) -> Task:
    session.remove()
    with reading(), speaking("en"):
        (task,) = desk.unvisited(coordinator(cast))
    return task


def test_units_never_visited_are_one_task(cast: Cast) -> None:
    new_unit(cast, "Aamu")
    task = task_of_unvisited(cast)
    assert (task.title, task.detail, task.href) == ("1 unit has never had a meeting", "Aamu", "/rounds/new")
    for number in range(4):
        new_unit(cast, f"Ilta {number}")
    task = task_of_unvisited(cast)
    assert (task.title, task.detail) == ("5 units have never had a meeting", "Aamu, Ilta 0, Ilta 1 …")
    for number in range(MOST):
        new_unit(cast, f"Yö {number}")
    assert task_of_unvisited(cast).title == "Many units have never had a meeting"


def test_they_stand_on_the_desk(cast: Cast) -> None:
    new_unit(cast)
    with writing():
        session.query(Round).filter_by(id=cast.autumn.id).update({"until_on": NOW.date() - timedelta(days=1)})
        session.query(Round).filter_by(id=cast.spring.id).update({"from_on": date(2026, 1, 1)})
        session.query(Round).filter_by(id=cast.spring.id).update({"until_on": date(2027, 1, 20)})
    links = cast.client("coordinator").get("/desk").links.values()
    assert f"/rounds/{cast.autumn.ref}" in links
    assert f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}" in links
    assert "/rounds/new" in links
