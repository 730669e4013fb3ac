"""The import of hosting hours: a unit's rows become all of its hours."""

from datetime import time

import pytest
from sqlalchemy import select

from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.jobs.models import JobState
from kierto.units import importing, importing_hours
from kierto.units.actions import add_unit
from kierto.units.cells import time_of, weekday_of
from kierto.units.models import HostingHours, Unit
from kierto.words import Localised
from tests import scenes_imports as scenes
from tests.cast import Cast
from tests.scenes_imports import counts, job, looked_through, press_save, saved, sheet, told, work

KIND = importing_hours.KIND
HEADER = "unit,weekday,from,to\n"
KALLIO = "Kallion terveysasema"


def hours(name: str) -> list[tuple[int, time, time]]:
    session.remove()
    with reading():
        rows = session.execute(
            select(HostingHours.weekday, HostingHours.from_at, HostingHours.until_at)
            .join(Unit, Unit.id == HostingHours.unit_id)
            .where(Unit.__table__.c.name_fi == name)
            .order_by(HostingHours.weekday, HostingHours.from_at)
        )
        return [(row.weekday, row.from_at, row.until_at) for row in rows]


def test_both_samples_go_in_as_they_are(cast: Cast) -> None:
    saved(cast, importing.KIND, scenes.UNITS)
    assert counts(saved(cast, KIND, scenes.HOURS)) == (5, 0, 0)
    assert hours("Haagan terveysasema") == [(2, time(9), time(15, 30)), (4, time(12), time(16))]
    assert hours("Malmin terveysasema") == [(2, time(12, 30), time(16)), (5, time(9), time(12))]
    again = looked_through(cast, KIND, scenes.HOURS)
    assert (again.state, counts(again.result)) == (JobState.DONE, (0, 0, 5))


def test_hours_for_units_that_are_not_there_say_which(cast: Cast) -> None:
    found = scenes.problems(cast, KIND, scenes.HOURS)
    assert found == [(row, "unit") for row in range(2, 10)]


def test_the_rows_of_a_unit_replace_its_hours_and_leave_other_units_alone(cast: Cast) -> None:
    saved(cast, KIND, HEADER + f"{KALLIO},ma,9,12\n{KALLIO},ti,9,12\nTikkurilan kuntoutusosasto,ma,9,12\n")
    with reading():
        version = cast.unit.load().version
    assert counts(saved(cast, KIND, HEADER + f"{KALLIO},ke,10,11\n")) == (0, 1, 0)
    assert hours(KALLIO) == [(3, time(10), time(11))]
    assert hours("Tikkurilan kuntoutusosasto") == [(1, time(9), time(12))]
    with reading():
        assert cast.unit.load().version == version + 1
        kinds = list(session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(2)))
    assert kinds == ["hosting_hours.imported", "unit.hours_changed"]


def test_what_is_asked_shows_the_days_and_times_that_the_unit_would_have(cast: Cast) -> None:
    asked = looked_through(cast, KIND, HEADER + f"{KALLIO},to,12,16.30\n{KALLIO},ti,13,15\n{KALLIO},ti,9,11.30\n")
    assert asked.result is not None
    (step,) = asked.result["steps"]
    assert step["hours"] == [[2, "9–11.30, 13–15"], [4, "12–16.30"]]
    page = cast.client("coordinator").get(f"/jobs/{asked.ref}")
    assert "Tuesday 9–11.30, 13–15" in page.text
    assert "Thursday 12–16.30" in page.text


@pytest.mark.parametrize(
    "weekday", ["ti", "TI.", "tiistai", "tiistaisin", "tis", "tisdag", "tisdagar", "Tue", "tuesday", "2"]
)
@pytest.mark.parametrize("from_at", ["9", "9.00", "9:00", "09.00", "klo 9", "kl. 9.00", "0.375", "9:00:00"])
def test_days_and_times_are_understood_as_people_write_them(weekday: str, from_at: str) -> None:
    assert weekday_of(weekday) == 2
    assert time_of(from_at) == time(9)


def test_times_come_as_spreadsheets_store_them(cast: Cast) -> None:
    file = sheet(
        ["Yksikkö", "Viikonpäivä", "Alkaa", "Päättyy"],
        [KALLIO, 1, time(9), time(15, 30)],
        [KALLIO, 2, 0.375, 15.3],
        [KALLIO, "Onsdag", 9, "15.30"],
    )
    saved(cast, KIND, file)
    assert hours(KALLIO) == [(day, time(9), time(15, 30)) for day in (1, 2, 3)]


def test_every_problem_is_seen_by_row_and_column(cast: Cast) -> None:
    content = HEADER + (
        f"{KALLIO},ti,9,12\n"
        f"{KALLIO},ti,11,13\n"
        f"{KALLIO},ti,13,14\n"
        f"{KALLIO},ke,12,9\n"
        f"{KALLIO},ke,9,9\n"
        f"{KALLIO},xx,25,9.5\n"
        "Kallion terveysasem,ma,9,12\n"
        "Kajaanin terveysasema,ma,9,12\n"
        ",ma,=A1,12\n"
    )
    seen = looked_through(cast, KIND, content)
    assert [(problem["row"], problem["column"]) for problem in told(seen)] == [
        (3, "from"),
        (5, "to"),
        (6, "to"),
        (7, "weekday"),
        (7, "from"),
        (7, "to"),
        (8, "unit"),
        (9, "unit"),
        (10, "unit"),
        (10, "from"),
    ]
    assert told(seen)[0]["values"] == {"first": 2}
    assert told(seen)[6]["values"] == {"near": KALLIO}
    assert "Kajaani" not in told(seen)[7]["values"]["near"], "another organisation’s unit is not offered"
    assert hours(KALLIO) == []


def test_a_unit_goes_by_its_name_in_any_language_unless_two_have_it(cast: Cast) -> None:
    saved(cast, KIND, HEADER + "berghälls hälsostation,ma,9,12\n")
    assert hours(KALLIO) == [(1, time(9), time(12))]
    with writing():
        add_unit(
            SYSTEM,
            cast.organisation.id,
            Localised("Kallion toinen asema", "Berghälls hälsostation"),
            service_id=1,
            municipality="Helsinki",
            street_address="Katu 1",
        )
    assert scenes.problems(cast, KIND, HEADER + "Berghälls hälsostation,ma,9,12\n") == [(2, "unit")]


def test_hours_changed_meanwhile_are_shown_again(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + f"{KALLIO},ma,9,12\n")
    saved(cast, KIND, HEADER + f"{KALLIO},pe,9,12\n")
    press_save(cast, seen.id)
    work()
    assert (job(seen.id).state, hours(KALLIO)) == (JobState.ASKING, [(5, time(9), time(12))])
    press_save(cast, seen.id)
    work()
    assert hours(KALLIO) == [(1, time(9), time(12))]
