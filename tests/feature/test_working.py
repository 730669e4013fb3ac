"""The worker's parts: a job's own process, the watching of such processes, the lock, the loop."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.jobs import actions
from kierto.jobs.models import Job, JobState
from kierto.jobs.queries import worker_seen
from kierto.jobs.rules import FAILED, STOPPED
from kierto.jobs.work import JobInput, Progress, Result, Store
from kierto.units.rules import UNIT_NAMED_ONCE
from kierto.worker import children, jobs
from kierto.worker.children import Children
from kierto.worker.lock import alone
from kierto.worker.loop import Worker
from kierto.worker.signals import Ending
from tests.cast import Cast

LEASE = timedelta(seconds=60)
KIND = "test.kind"


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """What a worker or a job does with signals ends with the test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def ask(cast: Cast, kind: str = KIND) -> int:
    with writing():
        return actions.enqueue(cast.actor("coordinator"), cast.organisation.id, kind, {"n": 1}).id


def claimed(cast: Cast) -> int:
    id_ = ask(cast)
    with writing():
        job = actions.claim(LEASE)
    assert job is not None
    assert job.id == id_
    return id_


def read(id_: int) -> Job:
    session.remove()
    with reading():
        job = session.get_one(Job, id_)
        session.expunge(job)
    return job


def saving(job: JobInput, progress: Progress) -> Store:
    """A kind of job that leaves a trace: one more job."""
    progress(1, 1)

    def store() -> Result:
        actions.enqueue(job.actor, job.organisation_id, "trace", job.input)
        return {"saved": 1}

    return store


def traces() -> int:
    session.remove()
    with reading():
        return session.query(Job).filter(Job.kind == "trace").count()


def test_what_a_job_stores_and_that_it_is_done_are_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.KINDS, KIND, saving)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, read(id_).result, traces()) == (JobState.DONE, {"saved": 1}, 1)
    jobs.run(id_, 1, LEASE)
    assert traces() == 1, "a process that comes too late does nothing"


def test_a_job_that_lost_its_lease_meanwhile_stores_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(job: JobInput, progress: Progress) -> Store:
        with clock.at(clock.now() + timedelta(minutes=5)), writing():
            again = actions.claim(LEASE)
            assert again is not None
        return saving(job, lambda _done, _total: None)

    monkeypatch.setitem(jobs.KINDS, KIND, slow)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, read(id_).attempts, traces()) == (JobState.RUNNING, 2, 0)


def test_a_store_that_fails_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(job: JobInput, progress: Progress) -> Store:
        def store() -> Result:
            saving(job, progress)()
            raise ZeroDivisionError

        return store

    monkeypatch.setitem(jobs.KINDS, KIND, torn)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, read(id_).result, traces()) == (JobState.FAILED, {"message": FAILED}, 0)


def test_a_rules_no_is_what_the_person_reads(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_job: JobInput, _progress: Progress) -> Store:
        raise Refused(UNIT_NAMED_ONCE)

    monkeypatch.setitem(jobs.KINDS, KIND, refused)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert read(id_).result == {"message": UNIT_NAMED_ONCE.sentence, "values": {}}


def test_a_kind_that_nobody_knows_fails_honestly(cast: Cast) -> None:
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert read(id_).state is JobState.FAILED


def test_a_database_that_was_away_is_no_reason_to_give_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_job: JobInput, _progress: Progress) -> Store:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setitem(jobs.KINDS, KIND, away)
    id_ = claimed(cast)
    with pytest.raises(OperationalError):
        jobs.run(id_, 1, LEASE)
    assert read(id_).state is JobState.RUNNING


def test_a_running_job_stops_when_its_person_asks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_meanwhile(job: JobInput, progress: Progress) -> Store:
        with writing():
            actions.request_stop(job.actor, session.get_one(Job, job.id))
        return saving(job, progress)

    monkeypatch.setitem(jobs.KINDS, KIND, asked_meanwhile)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, read(id_).result, traces()) == (JobState.STOPPED, {"message": STOPPED}, 0)


def test_a_job_asked_to_stop_before_its_last_step_is_not_stored(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_at_the_end(job: JobInput, progress: Progress) -> Store:
        store = saving(job, progress)
        with writing():
            actions.request_stop(job.actor, session.get_one(Job, job.id))
        return store

    monkeypatch.setitem(jobs.KINDS, KIND, asked_at_the_end)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, traces()) == (JobState.STOPPED, 0)


def test_a_job_goes_back_to_the_queue_when_its_worker_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended_meanwhile(job: JobInput, progress: Progress) -> Store:
        os.kill(os.getpid(), signal.SIGTERM)
        return saving(job, progress)

    monkeypatch.setitem(jobs.KINDS, KIND, ended_meanwhile)
    id_ = claimed(cast)
    jobs.run(id_, 1, LEASE)
    assert (read(id_).state, read(id_).lost, traces()) == (JobState.QUEUED, 0, 0)


def test_progress_is_written_at_most_once_a_second(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def busy(job: JobInput, progress: Progress) -> Store:
        for done in range(1000):
            progress(done, 1000)
            if done in (0, 500):
                with reading():
                    seen.append(session.get_one(Job, job.id).done)
                session.remove()
        return dict

    monkeypatch.setitem(jobs.KINDS, KIND, busy)
    jobs.run(claimed(cast), 1, LEASE)
    assert seen == [0, 0]


def process(*command: str) -> Children:
    return Children(lambda _id, _attempt: command, LEASE)


def wait_until_ended(watch: Children) -> None:
    for child in watch.running:
        child.process.wait(10)


def test_a_crashed_job_is_begun_again_at_once(cast: Cast) -> None:
    id_ = ask(cast)
    watch = process("sh", "-c", "kill -9 $$")
    watch.step()
    assert read(id_).state is JobState.RUNNING
    wait_until_ended(watch)
    watch.step()
    assert (read(id_).lost, read(id_).attempts) == (1, 2)
    wait_until_ended(watch)
    watch.end()


def test_a_job_that_always_crashes_is_given_up(cast: Cast) -> None:
    id_ = ask(cast)
    watch = process("false")
    until = monotonic() + 30
    while not read(id_).ended and monotonic() < until:
        watch.step()
        wait_until_ended(watch)
    assert read(id_).state is JobState.FAILED


def test_silent_jobs_keep_their_lease_while_they_live(cast: Cast) -> None:
    id_ = ask(cast)
    watch = Children(lambda _id, _attempt: ["sleep", "60"], timedelta(seconds=1))
    until = monotonic() + 2
    while monotonic() < until:
        watch.step()
        sleep(0.05)
    assert (read(id_).attempts, len(watch.running)) == (1, 1)
    watch.end()
    assert (read(id_).state, read(id_).lost) == (JobState.QUEUED, 0)


def test_a_job_that_does_not_stop_when_asked_is_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.1)
    id_ = ask(cast)
    watch = Children(lambda _id, _attempt: ["sleep", "60"], timedelta(seconds=1))
    watch.step()
    with writing():
        actions.request_stop(cast.actor("coordinator"), session.get_one(Job, id_))
    until = monotonic() + 20
    while watch.running and monotonic() < until:
        watch.step()
        sleep(0.05)
    assert read(id_).state is JobState.STOPPED


def test_no_more_jobs_run_at_once_than_a_worker_can_watch(cast: Cast) -> None:
    for _ in range(children.AT_ONCE + 1):
        ask(cast)
    watch = process("sleep", "60")
    watch.step()
    assert len(watch.running) == children.AT_ONCE
    watch.end()


def test_jobs_that_do_not_end_with_their_worker_are_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "GRACE", 0.2)
    id_ = ask(cast)
    watch = process(sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")
    watch.step()
    sleep(0.5)
    watch.end()
    assert read(id_).state is JobState.QUEUED


def test_only_one_holds_the_lock_and_the_next_takes_over(tmp_path: Path) -> None:
    ending = Ending()

    def impatient() -> bool:
        ending.asked = True
        return True

    with alone(tmp_path, ending, lambda: True) as ours:
        assert ours
        with alone(tmp_path, ending, impatient) as theirs:
            assert not theirs
    ending.asked = False
    with alone(tmp_path, ending, lambda: True) as theirs:
        assert theirs


def worker(app: Flask, ending: Ending) -> Worker:
    return Worker(app.config["KIERTO"], app.app_context, lambda _id, _attempt: ["true"], ending)


def test_a_worker_lives_until_it_is_asked_to_end(app: Flask) -> None:
    ending = Ending()
    working = worker(app, ending)
    turns: list[int] = []

    def still_wanted() -> bool:
        turns.append(len(turns))
        if len(turns) == 2:
            with reading():
                assert worker_seen() is not None
            os.kill(os.getpid(), signal.SIGTERM)
        return True

    working.run(still_wanted)
    assert len(turns) == 2
    with reading():
        assert worker_seen() is None, "it has signed off"


def test_a_worker_outlives_a_database_that_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = Ending()
    working = worker(app, ending)
    context = working.context
    turns: list[int] = []

    def away_at_first() -> AbstractContextManager[object]:
        turns.append(len(turns))
        if len(turns) == 1:
            raise OperationalError("select 1", {}, Exception("gone"))
        ending.asked = len(turns) == 3
        return context()

    working.context = away_at_first
    monkeypatch.setattr(ending, "wait", lambda _seconds: False)
    working.run()
    assert len(turns) >= 3


def test_a_worker_that_nobody_wants_ends(app: Flask) -> None:
    worker(app, Ending()).run(lambda: False)
