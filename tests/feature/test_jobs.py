from datetime import timedelta

import pytest

from kierto import clock
from kierto.actor import SYSTEM, Actor, Membership, Role
from kierto.database import reading, session, writing
from kierto.errors import NotFound
from kierto.jobs import actions, queries
from kierto.jobs.models import Job, JobState
from kierto.jobs.rules import GIVEN_UP, MAX_LOST, STOPPED

LEASE = timedelta(seconds=60)
LATER = timedelta(seconds=61)

pytestmark = pytest.mark.usefixtures("app")


def ask(organisation_id: int = 1) -> int:
    with writing():
        return actions.enqueue(SYSTEM, organisation_id, "units.import", {}, b"file", "units.csv").id


def claim() -> tuple[int, int] | None:
    with writing():
        job = actions.claim(LEASE)
        return (job.id, job.attempts) if job else None


def read(id_: int) -> Job:
    session.remove()
    with reading():
        job = session.get_one(Job, id_)
        session.expunge(job)
    return job


def file_of(id_: int) -> bytes | None:
    session.remove()
    with reading():
        return session.get_one(Job, id_).file


def test_jobs_are_claimed_once_in_their_order() -> None:
    first, second = ask(), ask()
    assert [claim(), claim(), claim()] == [(first, 1), (second, 1), None]


def test_progress_is_told_and_keeps_the_lease() -> None:
    id_ = ask()
    claim()
    with clock.at(clock.now() + timedelta(seconds=40)), writing():
        assert actions.beat(id_, 1, 3, 9, LEASE) is False
    with clock.at(clock.now() + LATER):
        assert claim() is None
    assert (read(id_).done, read(id_).total) == (3, 9)


def test_a_finished_job_keeps_its_result_and_not_its_file() -> None:
    id_ = ask()
    claim()
    assert file_of(id_) == b"file"
    with writing():
        actions.beat(id_, 1, 3, 9, LEASE)
        actions.finish(id_, 1, {"added": 9})
    job = read(id_)
    assert (job.state, job.result, job.done) == (JobState.DONE, {"added": 9}, 9)
    assert job.ended
    assert file_of(id_) is None
    assert claim() is None


def test_a_job_whose_process_is_not_heard_of_goes_to_another_which_alone_may_finish_it() -> None:
    id_ = ask()
    claim()
    with clock.at(clock.now() + LATER):
        assert claim() == (id_, 2)
        with pytest.raises(actions.LeaseLost), writing():
            actions.beat(id_, 1, 1, 1, LEASE)
        with pytest.raises(actions.LeaseLost), writing():
            actions.finish(id_, 1, {"added": 1})
        with writing():
            actions.finish(id_, 2, {"added": 2})
    assert read(id_).result == {"added": 2}


def test_a_job_that_keeps_losing_its_process_is_given_up_with_an_honest_result() -> None:
    id_ = ask()
    moment = clock.now()
    for attempt in range(1, MAX_LOST + 2):
        with clock.at(moment):
            assert claim() == (id_, attempt)
        moment += LATER
    with clock.at(moment):
        assert claim() is None
    job = read(id_)
    assert (job.state, job.result, job.lost) == (JobState.FAILED, {"message": GIVEN_UP}, MAX_LOST + 1)
    assert file_of(id_) is None


def test_a_process_that_died_is_noticed_before_its_lease_ends() -> None:
    id_ = ask()
    claim()
    with writing():
        actions.lose(id_, 1)
    assert claim() == (id_, 2)
    assert read(id_).lost == 1


def test_a_worker_that_ends_in_good_order_costs_the_job_nothing() -> None:
    id_ = ask()
    claim()
    with writing():
        actions.release(id_, 1)
    assert claim() == (id_, 2)
    assert read(id_).lost == 0


def test_a_waiting_job_is_stopped_at_once() -> None:
    id_ = ask()
    with writing():
        actions.request_stop(SYSTEM, session.get_one(Job, id_))
    job = read(id_)
    assert (job.state, job.result) == (JobState.STOPPED, {"message": STOPPED})
    assert claim() is None


def test_a_running_job_learns_at_its_next_step_that_it_is_to_stop() -> None:
    id_ = ask()
    claim()
    with writing():
        actions.request_stop(SYSTEM, session.get_one(Job, id_))
    with writing():
        assert actions.beat(id_, 1, 1, 9, LEASE) is True
        actions.stop(id_, 1)
    assert read(id_).state is JobState.STOPPED


def test_a_job_that_was_to_stop_is_not_begun_again_when_its_process_died() -> None:
    id_ = ask()
    claim()
    with writing():
        actions.request_stop(SYSTEM, session.get_one(Job, id_))
    with clock.at(clock.now() + LATER):
        assert claim() is None
    assert read(id_).state is JobState.STOPPED


def test_a_job_that_has_ended_cannot_be_stopped() -> None:
    id_ = ask()
    claim()
    with writing():
        actions.finish(id_, 1, {})
    with writing():
        actions.request_stop(SYSTEM, session.get_one(Job, id_))
    assert (read(id_).state, read(id_).stop_requested) == (JobState.DONE, False)


def test_only_the_coordinators_of_the_organisation_see_a_job() -> None:
    id_ = ask(organisation_id=1)
    ours = Actor(person_id=1, memberships=frozenset({Membership(1, Role.COORDINATOR)}))
    theirs = Actor(person_id=2, memberships=frozenset({Membership(2, Role.COORDINATOR)}))
    host = Actor(person_id=3, memberships=frozenset({Membership(1, Role.HOST_CONTACT, 5)}))
    ref = read(id_).ref
    with reading():
        assert queries.job(ours, ref).id == id_
        for other in (theirs, host):
            with pytest.raises(NotFound):
                queries.job(other, ref)


def test_workers_leave_signs_of_life() -> None:
    with reading():
        assert queries.worker_seen() is None
    with writing():
        actions.sign_of_life("old:1", "0.1")
    later = clock.now() + timedelta(days=2)
    with clock.at(later):
        for _ in range(2):
            with writing():
                actions.sign_of_life("new:2", "0.1")
        with reading():
            seen = queries.worker_seen()
        assert seen is not None
        assert later <= seen <= clock.now()
    with writing():
        actions.sign_off("new:2")
    with reading():
        assert queries.worker_seen() is None
