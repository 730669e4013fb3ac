from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.jobs import actions
from kierto.jobs.models import Job
from kierto.jobs.queries import job_input
from kierto.jobs.work import Progress, Result, Stopped, Store
from kierto.units import importing
from kierto.units.actions import add_unit
from kierto.units.models import Unit
from kierto.units.table import Problem
from kierto.words import Localised
from tests.cast import Cast

SAMPLE = Path(__file__).parents[1] / "data" / "units-helsinki.csv"
HEADER = "name_fi;name_sv;service;street_address;municipality\n"
GOOD = "Haagan terveysasema;;terveysasema;Ajurinaukio 1;Helsinki\n"


def silent(done: int, total: int) -> None:
    assert 0 <= done <= total


def prepared(cast: Cast, content: str | bytes, progress: Progress = silent) -> Store:
    """What the job's own process does before its last transaction."""
    file = content.encode() if isinstance(content, str) else content
    with writing():
        actions.enqueue(cast.actor("coordinator"), cast.organisation.id, importing.KIND, {}, file, "units.csv")
        job = actions.claim(timedelta(seconds=60))
        assert job is not None
    with reading():
        found = job_input(job.id, job.attempts)
    assert found is not None
    return importing.run(found[1], progress)


def imported(cast: Cast, content: str | bytes) -> Result:
    store = prepared(cast, content)
    with writing():
        return store()


def problems(cast: Cast, content: str | bytes) -> list[tuple[int, str]]:
    before = units(cast)
    result = imported(cast, content)
    assert result["added"] == 0
    assert units(cast) == before, "nothing is saved when there is any problem"
    assert result["problem_count"] == len(result["problems"])
    for problem in result["problems"]:
        assert problem.keys() == set(Problem._fields)
        assert problem["message"] % problem["values"]
    return [(problem["row"], problem["column"]) for problem in result["problems"]]


def units(cast: Cast) -> list[str]:
    with reading():
        names = session.scalars(select(Unit.name).where(Unit.organisation_id == cast.organisation.id))
        return sorted(name.fi for name in names)


def test_the_sample_of_helsinki_is_read_as_it_is(cast: Cast) -> None:
    before = units(cast)
    assert imported(cast, SAMPLE.read_bytes()) == {"added": 9, "ignored": []}
    assert len(units(cast)) == len(before) + 9
    with reading():
        haaga = next(unit for unit in session.scalars(select(Unit)) if unit.name.fi == "Haagan terveysasema")
        assert haaga.name.sv == "Haga hälsostation"
        assert haaga.service.code == "health-centre"
        assert haaga.address == "Ajurinaukio 1, Helsinki"


def test_each_unit_and_the_import_are_written_down_under_the_coordinators_name(cast: Cast) -> None:
    with reading():
        last = session.scalar(select(func.max(Event.id))) or 0
    imported(cast, SAMPLE.read_bytes())
    with reading():
        events = session.scalars(select(Event).where(Event.id > last).order_by(Event.id)).all()
        assert [event.kind for event in events] == ["unit.added"] * 9 + ["units.imported"]
        assert {event.actor_id for event in events} == {cast.id("coordinator")}
        assert len({event.act for event in events}) == 1
        assert events[-1].data == {"count": 9}
        assert session.get_one(Job, events[-1].subject_id).organisation_id == cast.organisation.id


@pytest.mark.parametrize("service", ["health-centre", "Terveysasema", "HÄLSOSTATION", "health centre"])
def test_a_service_goes_by_its_code_or_its_name_in_any_language(cast: Cast, service: str) -> None:
    assert imported(cast, HEADER + f"Haagan terveysasema;;{service};Ajurinaukio 1;Helsinki\n")["added"] == 1


def test_every_problem_is_seen_at_once_by_row_and_column(cast: Cast) -> None:
    content = (
        HEADER
        + GOOD
        + ";;terveysasema;;Helsinki\n"
        + "Malmin terveysasema;;parturi;Talvelantie 4;Helsinki\n"
        + "haagan  terveysasema;;terveysasema;Ajurinaukio 1;Helsinki\n"
        + "Kallion terveysasema;;terveysasema;Porthaninkatu 1;Helsinki\n"
        + f"{'x' * 201};;terveysasema;Katu 1;{'y' * 101}\n"
        + "Suutarilan terveysasema;;terveysasema;Katu 1;Helsinki;00740\n"
    )
    assert problems(cast, content) == [
        (3, "name_fi"),
        (3, "street_address"),
        (4, "service"),
        (5, "name_fi"),
        (6, "name_fi"),
        (7, "name_fi"),
        (7, "municipality"),
        (8, ""),
    ]


def test_another_organisation_may_have_a_unit_of_the_same_name(cast: Cast) -> None:
    assert imported(cast, HEADER + "Kajaanin terveysasema;;ward;Keskuskatu 1;Kajaani\n")["added"] == 1


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", (1, "name_fi")),
        (HEADER, (1, "")),
        ("name_fi;service;municipality\nHaaga;ward;Helsinki\n", (1, "street_address")),
        (b"PK\x03\x04", (1, "")),
    ],
)
def test_a_file_that_is_no_list_of_units_says_why(cast: Cast, content: str | bytes, where: tuple[int, str]) -> None:
    assert problems(cast, content) == [where]


def test_the_result_lists_no_more_problems_than_anyone_reads(cast: Cast) -> None:
    result = imported(cast, HEADER + "Haaga;;parturi;Katu 1;Helsinki\n" * (importing.LISTED + 10))
    assert len(result["problems"]) == importing.LISTED
    assert result["problem_count"] > importing.LISTED


def test_unread_columns_are_named(cast: Cast) -> None:
    content = "name_fi;Puhelin;service;street_address;municipality\nHaaga;09 1;ward;Katu 1;Helsinki\n"
    assert imported(cast, content) == {"added": 1, "ignored": ["Puhelin"]}


def test_a_unit_added_since_the_file_was_looked_through_is_a_problem_too(cast: Cast) -> None:
    store = prepared(cast, HEADER + GOOD + "Malmin terveysasema;;ward;Talvelantie 4;Helsinki\n")
    with writing():
        add_unit(
            cast.actor("coordinator"),
            cast.organisation.id,
            Localised("Haagan terveysasema"),
            service_id=1,
            municipality="Helsinki",
            street_address="Ajurinaukio 1",
        )
    before = units(cast)
    with writing():
        result = store()
    assert [(problem["row"], problem["column"]) for problem in result["problems"]] == [(2, "name_fi")]
    assert units(cast) == before


def test_progress_is_told_row_by_row_and_stopping_saves_nothing(cast: Cast) -> None:
    told: list[tuple[int, int]] = []

    def stop_at_third(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise Stopped

    before = units(cast)
    with pytest.raises(Stopped):
        prepared(cast, SAMPLE.read_bytes(), stop_at_third)
    assert told == [(0, 9), (1, 9), (2, 9), (3, 9)]
    assert units(cast) == before
