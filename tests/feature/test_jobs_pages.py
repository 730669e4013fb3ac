"""The page of long work: how far it is, stopping it, what came of it."""

from datetime import timedelta
from typing import Any

import pytest

from kierto.database import reading, session, writing
from kierto.jobs import actions
from kierto.jobs.models import Job, JobState
from kierto.units import importing
from kierto.words import LANGUAGES
from tests.cast import Cast

LEASE = timedelta(seconds=60)


def ask(cast: Cast) -> Job:
    with writing():
        return actions.enqueue(
            cast.actor("coordinator"), cast.organisation.id, importing.KIND, {}, b"name_fi", "yksiköt.csv"
        )


def start(cast: Cast) -> Job:
    ask(cast)
    with writing():
        job = actions.claim(LEASE)
    assert job is not None
    return job


def ended(cast: Cast, result: dict[str, Any] | None) -> str:
    job = start(cast)
    with writing():
        if result is None:
            actions.fail(job.id, job.attempts)
        else:
            actions.finish(job.id, job.attempts, result)
    return f"/jobs/{job.ref}"


def test_a_job_that_waits_or_runs_looks_again_with_and_without_javascript(cast: Cast) -> None:
    for language in LANGUAGES:
        job = start(cast)
        with writing():
            actions.beat(job.id, job.attempts, 3, 9, LEASE)
        page = cast.client("coordinator", language=language).get(f"/jobs/{job.ref}")
        region = page.document.select_one("#progress")
        assert region is not None
        assert region.attr("data-refresh") == "2"
        assert f"/jobs/{job.ref}" in [link.attr("href") for link in region.select("a")]
        assert "yksiköt.csv" in page.text
        if language == "en":
            assert "3 of 9" in page.text


def test_a_job_that_has_ended_is_not_looked_at_again(cast: Cast) -> None:
    result = {"saved": True, "added": 9, "changed": 1, "unchanged": 0, "ignored": []}
    page = cast.client("coordinator").get(ended(cast, result))
    assert "The units were saved." in page.text
    assert not page.document.select("[data-refresh]")
    assert page.links["Look at the units"] == "/units/"


def test_a_failed_job_says_so_in_plain_words(cast: Cast) -> None:
    page = cast.client("coordinator").get(ended(cast, None))
    assert "This did not succeed, because of a fault in Kierto. Nothing was saved." in page.text


def test_a_refused_job_says_the_rule_with_its_values(cast: Cast) -> None:
    job = start(cast)
    with writing():
        actions.fail(job.id, job.attempts, {"message": "Leave %(days)s days.", "values": {"days": 7}})
    assert "Leave 7 days." in cast.client("coordinator").get(f"/jobs/{job.ref}").text


def test_a_waiting_job_stops_at_once(cast: Cast) -> None:
    job = ask(cast)
    client = cast.client("coordinator")
    page = client.get(f"/jobs/{job.ref}").form(button="Stop").submit().follow()
    assert "This was stopped. Nothing was saved." in page.text
    with reading():
        assert session.get_one(Job, job.id, populate_existing=True).state is JobState.STOPPED


def test_a_running_job_stops_in_a_moment(cast: Cast) -> None:
    job = start(cast)
    client = cast.client("coordinator")
    page = client.get(f"/jobs/{job.ref}").form(button="Stop").submit().follow()
    assert "It stops in a moment." in page.text
    assert not [form for form in page.forms if "Stop" in form.buttons]
    with writing():
        assert actions.beat(job.id, job.attempts, 1, 9, LEASE), "the process is told"


@pytest.mark.parametrize("name", ["host", "expert", "neighbour", "visitor"])
def test_only_the_organisations_coordinators_see_and_stop_a_job(cast: Cast, name: str) -> None:
    job = ask(cast)
    cast.client(name).get(f"/jobs/{job.ref}", 404)
    cast.client(name).post(f"/jobs/{job.ref}/stop", 404)
    with reading():
        assert session.get_one(Job, job.id, populate_existing=True).state is JobState.QUEUED
