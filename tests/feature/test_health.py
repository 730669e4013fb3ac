"""`/health`: what it says, and when it says 503."""

from datetime import timedelta

import pytest

from kierto import __version__, clock
from kierto.database import session, upgrade, writing
from kierto.jobs.models import WorkerState
from kierto.messages.models import Message, MessageState
from tests.cast import Cast
from tests.databases import Database


@pytest.fixture
def worker(cast: Cast) -> None:
    """A worker gave a sign of life five seconds ago."""
    now = clock.now()
    with writing():
        session.add(WorkerState(name="w", version="1", started_at=now, beat_at=now - timedelta(seconds=5)))


def a_mail_waits(cast: Cast, since: timedelta) -> None:
    then = clock.now() - since
    with writing():
        session.add(
            Message(
                organisation_id=cast.organisation.id,
                dedupe_key="k",
                kind="meeting.booked",
                event_id=1,
                subject_id=1,
                person_id=cast.id("host"),
                state=MessageState.DUE,
                next_attempt_at=then,
                created_at=then,
            )
        )


def test_all_is_well(cast: Cast, database: Database, worker: None) -> None:
    client = cast.client()
    page = client.get("/health")
    told = page.json
    assert 5 <= told["worker"].pop("seen_seconds_ago") <= 10
    assert told == {
        "status": "ok",
        "version": __version__,
        "database": {"kind": database.kind, "ok": True},
        "migration": {"applied": upgrade.newest(), "needed": upgrade.newest()},
        "worker": {},
        "mail": {"due": 0, "oldest_due_seconds": None},
    }
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert client.queries <= 5


def test_without_a_worker_people_are_still_served(cast: Cast) -> None:
    told = cast.client().get("/health").json
    assert (told["status"], told["worker"]) == ("degraded", {"seen_seconds_ago": None})


def test_a_worker_that_is_not_heard_of_is_seen(cast: Cast, worker: None) -> None:
    with clock.at(clock.now() + timedelta(minutes=3)):
        told = cast.client().get("/health").json
    assert told["status"] == "degraded"
    assert 180 <= told["worker"]["seen_seconds_ago"] <= 190


@pytest.mark.parametrize(("waits", "status"), [(timedelta(minutes=2), "ok"), (timedelta(hours=1), "degraded")])
def test_mail_that_does_not_leave_is_seen(cast: Cast, worker: None, waits: timedelta, status: str) -> None:
    a_mail_waits(cast, waits)
    told = cast.client().get("/health").json
    assert told["status"] == status
    assert told["mail"]["due"] == 1
    assert told["mail"]["oldest_due_seconds"] >= waits.total_seconds()


def test_a_database_of_another_version_is_said(cast: Cast, worker: None) -> None:
    upgrade.downgrade("0001")
    told = cast.client().get("/health", expect=503).json
    assert told["status"] == "degraded"
    assert told["database"]["ok"]
    assert told["migration"] == {"applied": "0001", "needed": upgrade.newest()}


@pytest.mark.parametrize("url", ["sqlite:////dev/null/kierto.sqlite", "postgresql+psycopg://kierto:hush@127.0.0.1:1/x"])
def test_a_database_out_of_reach_is_said_and_nothing_given_away(cast: Cast, database: Database, url: str) -> None:
    app = database.another_app(database_url=url)
    page = cast.client(app=app).get("/health", expect=503)
    assert page.json["status"] == "degraded"
    assert not page.json["database"]["ok"]
    assert "hush" not in page.html


def test_it_looks_at_no_session(cast: Cast) -> None:
    page = cast.client("administrator").get("/health")
    assert "Set-Cookie" not in page.headers
