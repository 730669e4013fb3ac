"""The import of units, and what every import does: look first, then save all or nothing, once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.jobs import actions
from kierto.jobs.models import Job, JobState
from kierto.jobs.queries import job_input, unanswered
from kierto.jobs.rules import ANSWER_WAITED_FOR, STOPPED, UNANSWERED
from kierto.jobs.work import Stopped
from kierto.units import importing, preview
from kierto.units.actions import add_unit
from kierto.units.models import Unit
from kierto.units.table import MOST_ROWS, Problem
from kierto.words import Localised
from kierto.worker.clocks import run_out
from tests import scenes_imports as scenes
from tests.cast import Cast
from tests.databases import POSTGRESQL
from tests.scenes_imports import LEASE, counts, job, looked_through, press_save, saved, send, sheet, told, work
from tests.together import at_once

KIND = importing.KIND
HEADER = "name_fi;name_sv;service;street_address;municipality\n"
GOOD = "Haagan terveysasema;;terveysasema;Ajurinaukio 1;Helsinki\n"


def units(cast: Cast) -> list[str]:
    session.remove()
    with reading():
        names = session.scalars(select(Unit.name).where(Unit.organisation_id == cast.organisation.id))
        return sorted(name.fi for name in names)


def unit(name: str) -> Unit:
    session.remove()
    with reading():
        found = session.scalars(
            select(Unit).where(Unit.__table__.c.name_fi == name).options(joinedload(Unit.service))
        ).one()
        session.expunge_all()
    return found


def events_since(last: int) -> list[Event]:
    session.remove()
    with reading():
        found = list(session.scalars(select(Event).where(Event.id > last).order_by(Event.id)))
        session.expunge_all()
    return found


def last_event() -> int:
    with reading():
        return session.scalar(select(func.max(Event.id))) or 0


def silent(done: int, total: int) -> None:
    assert 0 <= done <= total


def problems(cast: Cast, content: str | bytes) -> list[tuple[int, str]]:
    before = units(cast)
    found = scenes.problems(cast, KIND, content)
    assert units(cast) == before, "nothing is saved when there is any problem"
    return found


def test_the_sample_of_helsinki_goes_in_as_it_is(cast: Cast) -> None:
    before = units(cast)
    seen = looked_through(cast, KIND, scenes.UNITS)
    assert (seen.state, counts(seen.result)) == (JobState.ASKING, (9, 0, 0))
    assert seen.result is not None
    assert seen.result["steps"][0] == {"row": 2, "act": "added", "name": "Haagan terveysasema", "fields": []}
    assert units(cast) == before, "looking saves nothing"
    press_save(cast, seen.id)
    work()
    assert job(seen.id).result == {"saved": True, "added": 9, "changed": 0, "unchanged": 0, "ignored": []}
    assert len(units(cast)) == len(before) + 9
    haaga = unit("Haagan terveysasema")
    assert haaga.name.sv == "Haga hälsostation"
    assert haaga.address == "Ajurinaukio 1, Helsinki"
    assert "haga hälsostation" in haaga.folded
    assert haaga.service.code == "health-centre"


def test_a_second_import_of_the_same_file_changes_nothing_and_says_so(cast: Cast) -> None:
    saved(cast, KIND, scenes.UNITS)
    before, last = units(cast), last_event()
    again = looked_through(cast, KIND, scenes.UNITS)
    assert (again.state, counts(again.result), again.file) == (JobState.DONE, (0, 0, 9), None)
    assert (units(cast), events_since(last)) == (before, [])


def test_a_unit_of_the_same_name_is_changed_and_feeds_look_again(cast: Cast) -> None:
    before, last = unit("Kallion terveysasema"), last_event()
    content = (
        "nimi;palvelu;katuosoite;kunta;hissi;saapumisohje\n"
        "kallion  TERVEYSASEMA;terveysasema;Toinen linja 4 C;Helsingfors;kyllä;Ovi B\n"
    )
    seen = looked_through(cast, KIND, content)
    assert counts(seen.result) == (0, 1, 0)
    assert seen.result is not None
    assert seen.result["steps"][0]["fields"] == ["nimi", "katuosoite", "saapumisohje", "hissi"]
    press_save(cast, seen.id)
    work()
    after = unit("kallion TERVEYSASEMA")
    assert (after.id, after.street_address, after.municipality) == (before.id, "Toinen linja 4 C", "Helsinki")
    assert (after.lift, after.arrival.fi, after.name.sv) == (True, "Ovi B", "Berghälls hälsostation")
    assert after.version == before.version + 1
    assert "toinen linja" in after.folded
    found = events_since(last)
    assert [event.kind for event in found] == ["unit.changed", "units.imported"]
    assert found[0].data == {"fields": "name_fi,street_address,arrival_fi,lift"}


def test_each_unit_and_the_import_are_written_down_under_the_name_of_who_saved(cast: Cast) -> None:
    last = last_event()
    saved(cast, KIND, scenes.UNITS)
    events = events_since(last)
    assert [event.kind for event in events] == ["unit.added"] * 9 + ["units.imported"]
    assert {event.actor_id for event in events} == {cast.id("coordinator")}
    assert len({event.act for event in events}) == 1
    assert events[-1].data == {"count": 9}
    with reading():
        ours = session.scalars(select(Unit.id).where(Unit.organisation_id == cast.organisation.id))
        assert {event.subject_id for event in events[:-1]} < set(ours)


@pytest.mark.parametrize("service", ["health-centre", "Terveysasema", "HÄLSOSTATION", "health centre"])
def test_a_service_goes_by_its_code_or_its_name_in_any_language(cast: Cast, service: str) -> None:
    assert counts(saved(cast, KIND, HEADER + f"Haagan terveysasema;;{service};Ajurinaukio 1;Helsinki\n")) == (1, 0, 0)


def test_every_problem_is_seen_at_once_by_row_and_column(cast: Cast) -> None:
    content = (
        HEADER
        + GOOD
        + ";;terveysasema;;Helsinki\n"
        + "Malmin terveysasema;;parturi;Talvelantie 4;Helsinki\n"
        + "haagan  terveysasema;;terveysasema;Ajurinaukio 1;Helsinki\n"
        + f"{'x' * 201};;terveysasema;Katu 1;{'y' * 101}\n"
        + "Suutarilan terveysasema;;terveysasema;Katu 1;Helsinki;00740\n"
        + '"=HYPERLINK(""http://example.fi"")";;terveysasema;Katu 1;Helsinki\n'
    )
    assert problems(cast, content) == [
        (3, "name_fi"),
        (3, "street_address"),
        (4, "service"),
        (5, "name_fi"),
        (6, "name_fi"),
        (6, "municipality"),
        (7, ""),
        (8, "name_fi"),
    ]


def test_what_was_perhaps_meant_is_offered(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + "Haaga;;terveysasma;Katu 1;Helsinky\nMalmi;;parturi;Katu 1;Xyzzy\n")
    service, place, unknown_service, unknown_place = told(seen)
    assert service["values"] == {"near": "terveysasema"}
    assert (place["values"], place["cell"]) == ({"near": "Helsinki"}, "Helsinky")
    assert place.keys() == set(Problem._fields)
    assert unknown_service["message"] == importing.UNKNOWN_SERVICE
    assert unknown_place["message"] == importing.UNKNOWN_MUNICIPALITY


def test_a_retired_unit_is_not_brought_back_by_a_file(cast: Cast) -> None:
    with writing():
        cast.third_unit.load().retired_on = clock.today()
    assert problems(cast, HEADER + "Tikkurilan kuntoutusosasto;;kuntoutus;Kielotie 11;Vantaa\n") == [(2, "name_fi")]


def test_another_organisation_may_have_a_unit_of_the_same_name(cast: Cast) -> None:
    with reading():
        theirs = cast.foreign_unit.load().name.fi
    assert counts(saved(cast, KIND, HEADER + f"{theirs};;ward;Keskuskatu 1;Kajaani\n")) == (1, 0, 0)
    with reading():
        assert cast.foreign_unit.load().service.code == "health-centre"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", (1, "name_fi")),
        (HEADER, (1, "")),
        ("name_fi;service;municipality\nHaaga;ward;Helsinki\n", (1, "street_address")),
        (HEADER.strip() + ";nimi\n" + GOOD, (1, "name_fi")),
        (b"PK\x03\x04", (1, "")),
        (b"\xd0\xcf\x11\xe0 an old workbook", (1, "")),
        (b"\x89PNG\x00\x00", (1, "")),
        (HEADER + GOOD * (MOST_ROWS + 1), (MOST_ROWS + 2, "")),
    ],
)
def test_a_file_that_is_no_list_of_units_says_why(cast: Cast, content: str | bytes, where: tuple[int, str]) -> None:
    assert problems(cast, content) == [where]


def test_the_result_lists_no_more_problems_than_anyone_reads(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + "Haaga;;parturi;Katu 1;Helsinki\n" * (preview.LISTED + 10))
    assert seen.result is not None
    assert len(seen.result["problems"]) == preview.LISTED
    assert seen.result["problem_count"] > preview.LISTED


def test_a_workbook_is_read_like_a_csv_file(cast: Cast) -> None:
    content = sheet(
        ["Kunta", "Nimi", None, "Puhelin", "Katuosoite", "Palvelu"],
        [],
        ["Helsinki", "Haagan terveysasema", None, 401234567, "Ajurinaukio 1", "terveysasema"],
    )
    assert saved(cast, KIND, content)["ignored"] == ["Puhelin"]
    assert unit("Haagan terveysasema").street_address == "Ajurinaukio 1"


# ---- between looking and saving ----


def test_a_unit_added_meanwhile_is_shown_again_before_anything_is_saved(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + GOOD + "Malmin terveysasema;;ward;Talvelantie 4;Helsinki\n")
    with writing():
        add_unit(
            cast.actor("coordinator"),
            cast.organisation.id,
            Localised("Haagan terveysasema"),
            service_id=1,
            municipality="Helsinki",
            street_address="Vanha osoite",
        )
    before = units(cast)
    press_save(cast, seen.id)
    work()
    asked = job(seen.id)
    assert (asked.state, counts(asked.result), units(cast)) == (JobState.ASKING, (1, 1, 0), before)
    assert asked.result is not None
    assert asked.result["meanwhile"]
    press_save(cast, seen.id)
    work()
    assert counts(job(seen.id).result) == (1, 1, 0)
    assert unit("Haagan terveysasema").street_address == "Ajurinaukio 1"


def test_a_unit_retired_meanwhile_is_a_problem(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + GOOD + "Kallion terveysasema;;terveysasema;Uusi 1;Helsinki\n")
    with writing():
        cast.unit.load().retired_on = clock.today()
    before = units(cast)
    press_save(cast, seen.id)
    work()
    done = job(seen.id)
    assert (done.state, done.file, units(cast)) == (JobState.DONE, None, before)
    assert [(problem["row"], problem["column"]) for problem in told(done)] == [(3, "name_fi")]


def test_a_missing_column_is_named_in_the_files_words_alone(cast: Cast) -> None:
    seen = looked_through(cast, KIND, "nimi;palvelu;kunta\nHaaga;osasto;Helsinki\n")
    page = cast.client("coordinator").get(f"/jobs/{seen.ref}")
    (row,) = page.document.select("tbody tr")
    assert "whole row" in row.text
    assert "katuosoite" in row.text
    assert not row.select("code")


def test_what_another_import_stored_between_the_plan_and_the_lock_is_seen(cast: Cast) -> None:
    """The same file, agreed to twice: the one that comes second finds nothing to do."""
    first, second = (looked_through(cast, KIND, scenes.UNITS).id for _ in range(2))
    for id_ in (first, second):
        press_save(cast, id_)
    with writing():
        claimed = actions.claim(LEASE)
        assert claimed is not None
    with reading():
        found = job_input(claimed.id, claimed.attempts)
    assert found is not None
    store = importing.run(found[1], silent)
    work()
    with writing():
        outcome = store()
    assert isinstance(outcome, dict)
    assert counts(outcome) == (0, 0, 9)
    assert len(units(cast)) == 3 + 9


def test_pressing_twice_and_two_people_pressing_save_once(app: Flask, cast: Cast) -> None:
    seen, before = looked_through(cast, KIND, scenes.UNITS), len(units(cast))
    at_once(app, [lambda: press(cast, seen.id)] * 4)
    work()
    press_save(cast, seen.id)
    assert job(seen.id).state is JobState.DONE, "who presses afterwards changes nothing"
    work()
    assert len(units(cast)) == before + 9
    with reading():
        assert session.scalar(select(func.count()).where(Event.kind == "units.imported")) == 1


def press(cast: Cast, id_: int) -> None:
    actions.agree(cast.actor("coordinator"), session.get_one(Job, id_))


@pytest.mark.only(POSTGRESQL)
def test_two_imports_at_one_moment_store_each_unit_once(app: Flask, cast: Cast) -> None:
    stores = []
    for _ in range(3):
        seen = looked_through(cast, KIND, scenes.UNITS)
        press_save(cast, seen.id)
        with writing():
            claimed = actions.claim(LEASE)
            assert claimed is not None
        with reading():
            found = job_input(claimed.id, claimed.attempts)
        assert found is not None
        stores.append(importing.run(found[1], silent))
    outcomes = at_once(app, stores)
    assert sorted(counts(outcome) for outcome in outcomes if isinstance(outcome, dict)) == [
        (0, 0, 9),
        (0, 0, 9),
        (9, 0, 0),
    ]
    assert len(units(cast)) == 3 + 9


def test_a_worker_lost_while_it_saves_leaves_the_job_to_another(cast: Cast) -> None:
    seen = looked_through(cast, KIND, scenes.UNITS)
    press_save(cast, seen.id)
    with writing():
        lost = actions.claim(LEASE)
        assert lost is not None
    with clock.at(clock.now() + 2 * LEASE):
        work()
    assert job(seen.id).state is JobState.DONE
    assert len(units(cast)) == 3 + 9
    with reading():
        assert job_input(lost.id, lost.attempts - 1) is None, "the lost one finds that it is no longer its own"


# ---- leaving it ----


def test_what_is_left_is_not_saved_and_its_file_deleted(cast: Cast) -> None:
    seen, before = looked_through(cast, KIND, scenes.UNITS), units(cast)
    assert seen.file == scenes.UNITS
    with writing():
        actions.request_stop(cast.actor("coordinator"), session.get_one(Job, seen.id))
    left = job(seen.id)
    assert (left.state, left.result, left.file) == (JobState.STOPPED, {"message": STOPPED}, None)
    press_save(cast, seen.id)
    work()
    assert units(cast) == before


def test_a_file_that_nobody_agrees_to_is_deleted_after_a_day(cast: Cast) -> None:
    seen = looked_through(cast, KIND, scenes.UNITS)
    with clock.at(clock.now() + ANSWER_WAITED_FOR - timedelta(minutes=5)):
        run_out()
        assert job(seen.id).state is JobState.ASKING
    with clock.at(clock.now() + ANSWER_WAITED_FOR + timedelta(minutes=5)):
        run_out()
        with reading():
            assert unanswered() == []
    left = job(seen.id)
    assert (left.state, left.result, left.file) == (JobState.STOPPED, {"message": UNANSWERED}, None)


def test_progress_is_told_row_by_row_and_stopping_saves_nothing(cast: Cast) -> None:
    told: list[tuple[int, int]] = []

    def stop_at_third(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise Stopped

    before = units(cast)
    id_ = send(cast, KIND, scenes.UNITS)
    with writing():
        assert actions.claim(LEASE) is not None
    with reading():
        found = job_input(id_, 1)
    assert found is not None
    with pytest.raises(Stopped):
        importing.run(found[1], stop_at_third)
    assert told == [(0, 9), (1, 9), (2, 9), (3, 9)]
    assert units(cast) == before
