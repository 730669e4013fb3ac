"""What is kept how long: set by organisations, told before, deleted by the worker a little at a time."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import delete, select

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.events.models import Event, Read, Reading
from kierto.experts.models import Application, ExpertNeeds
from kierto.jobs.models import Job
from kierto.messages.models import Message, MessageState
from kierto.people.actions import give_role
from kierto.people.models import Expert, ExpertState, Invitation, Person
from kierto.privacy import clearing
from kierto.privacy.clearing import announce, due, steps
from kierto.privacy.models import RetentionNotice
from kierto.privacy.queries import months_kept
from kierto.privacy.rules import DataKind, months_before
from kierto.seats.leaving import leave
from kierto.sign_in.models import PaperPass, PersonSession, SignInRequest
from kierto.worker.clearing import Clearing
from kierto.worker.delivery import FanOut
from tests.cast import NOW, Cast
from tests.scenes import client_of
from tests.scenes_own_data import everything_told, expert_row, obstacle_told
from tests.worker_day import messages_sent

A_YEAR_ON = NOW + timedelta(days=366)


@pytest.fixture
def left(cast: Cast) -> Expert:
    """The expert has told everything and left the register today."""
    everything_told(cast)
    with writing():
        session.execute(delete(RetentionNotice))
        leave(cast.actor("expert"), expert_row(cast))
    with reading():
        return expert_row(cast)


def a_day(app: Flask) -> None:
    """What a worker does on a day: clears, then tells people."""
    Clearing().run(lambda: True)
    messages_sent(app)


class Notice(NamedTuple):
    id: int
    kind: DataKind
    due_on: date
    told_at: datetime | None


def notices(cast: Cast, name: str = "expert") -> list[Notice]:
    with reading():
        rows = session.scalars(select(RetentionNotice).where(RetentionNotice.person_id == cast.id(name)))
        return [Notice(row.id, row.kind, row.due_on, row.told_at) for row in rows]


def known(cast: Cast, name: str = "expert") -> Expert | None:
    with reading():
        statement = select(Expert).where(
            Expert.person_id == cast.id(name), Expert.organisation_id == cast.organisation.id
        )
        return session.scalar(statement, execution_options={"populate_existing": True})


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 1, 31), 2, date(2026, 11, 30)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 1, 12), 12, date(2026, 1, 12)),
        (date(2027, 12, 1), 240, date(2007, 12, 1)),
    ],
)
def test_months_end_where_months_end(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_who_has_left_is_told_a_month_before_and_deleted_then(app: Flask, cast: Cast, left: Expert) -> None:
    with clock.at(NOW + timedelta(days=330)):
        a_day(app)
        assert notices(cast) == []
    with clock.at(A_YEAR_ON - timedelta(days=29)):
        a_day(app)
        (notice,) = notices(cast)
        told_on = clock.today()
        assert notice.due_on == told_on + timedelta(days=30)
        a_day(app)
        assert len(notices(cast)) == 1
        with reading():
            sent = session.scalars(select(Message).where(Message.kind == "retention.announced")).all()
            assert [(one.person_id, one.state) for one in sent] == [(cast.id("expert"), MessageState.SENT)]
    with clock.at(A_YEAR_ON + timedelta(hours=1)):
        a_day(app)
        assert known(cast) is not None
    with clock.at(A_YEAR_ON + timedelta(days=2)):
        a_day(app)
        assert known(cast) is None
        with reading():
            assert session.scalars(select(ExpertNeeds)).all() == []
            kinds = set(session.scalars(select(Event.kind).where(Event.actor_id.is_(None))))
            assert {"retention.announced", "retention.deleted", "person.erased"} <= kinds
            assert cast.people["expert"].load().erased_at is not None, "who has no part anywhere is erased altogether"
        assert notices(cast) == []


def test_who_has_another_part_stays_known(app: Flask, cast: Cast, left: Expert) -> None:
    with writing():
        give_role(
            cast.actor("coordinator"), cast.people["expert"].load(), cast.organisation.id, Role.STAFF, cast.unit.id
        )
    with clock.at(A_YEAR_ON):
        a_day(app)
    with clock.at(A_YEAR_ON + timedelta(days=31)):
        a_day(app)
        assert known(cast) is None
        with reading():
            assert cast.people["expert"].load().erased_at is None


def test_nothing_is_deleted_while_the_letter_waits(app: Flask, cast: Cast, left: Expert) -> None:
    with clock.at(A_YEAR_ON):
        Clearing().run(lambda: True)
    with clock.at(A_YEAR_ON + timedelta(days=40)):
        Clearing().run(lambda: True)
        assert known(cast) is not None, "the letter was never written"
        while FanOut().step():
            pass
        Clearing().run(lambda: True)
        assert known(cast) is not None, "the letter was never sent"
        a_day(app)
        Clearing().run(lambda: True)
        assert known(cast) is None


def test_who_cannot_be_reached_is_deleted_on_the_same_day(app: Flask, cast: Cast, left: Expert) -> None:
    with writing():
        person = cast.people["expert"].load()
        person.email = person.phone = None
    with clock.at(A_YEAR_ON):
        a_day(app)
    with clock.at(A_YEAR_ON + timedelta(days=31)):
        a_day(app)
        assert known(cast) is None


def test_who_wants_to_stay_presses_once_and_is_told_again(app: Flask, cast: Cast, left: Expert) -> None:
    with clock.at(A_YEAR_ON):
        a_day(app)
        (notice,) = notices(cast)
        client = client_of(cast, cast.id("expert"))
        page = client.get("/me/data")
        assert "Will be deleted soon" in page.text
        after = page.form(f"/me/data/keep/{cast.organisation.ref}").submit(expect=303).follow()
        assert "Your data is kept." in after.message
        assert "Will be deleted soon" not in after.text
        client.post(f"/me/data/keep/{cast.organisation.ref}", expect=404)
    with clock.at(A_YEAR_ON + timedelta(days=31)):
        a_day(app)
        assert known(cast) is not None
    with clock.at(A_YEAR_ON + timedelta(days=366)):
        a_day(app)
        (again,) = notices(cast)
        assert again.id == notice.id
        assert again.told_at is not None
    with clock.at(A_YEAR_ON + timedelta(days=400)):
        a_day(app)
        assert known(cast) is None


def test_who_comes_back_is_not_deleted(app: Flask, cast: Cast, left: Expert) -> None:
    with clock.at(A_YEAR_ON):
        a_day(app)
    with clock.at(A_YEAR_ON + timedelta(days=3)):
        with writing():
            expert = expert_row(cast)
            expert.state, expert.decided_at = ExpertState.APPROVED, clock.now()
        a_day(app)
        assert notices(cast) == []
    with clock.at(A_YEAR_ON + timedelta(days=31)):
        a_day(app)
        assert known(cast) is not None


def test_a_declined_application_has_its_own_time(app: Flask, cast: Cast) -> None:
    with writing():
        expert = expert_row(cast, "applicant")
        expert.state, expert.decided_at = ExpertState.DECLINED, clock.now()
    with clock.at(NOW + timedelta(days=170)):
        a_day(app)
        assert [one.kind for one in notices(cast, "applicant")] == [DataKind.APPLICATIONS_DECLINED]
    with clock.at(NOW + timedelta(days=201)):
        a_day(app)
        assert known(cast, "applicant") is None


def test_a_clearing_that_breaks_off_is_gone_on_with(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "BATCH", 2)
    with writing():
        for number in range(5):
            session.add(
                SignInRequest(address=f"{number}@kierto.test", created_at=NOW, expires_at=NOW + timedelta(minutes=30))
            )
            session.add(
                Reading(organisation_id=cast.organisation.id, at=NOW, person_id=cast.id("expert"), what=Read.NEEDS)
            )
    with clock.at(NOW + timedelta(days=800)):
        turns = iter([True] * 8)
        Clearing().run(lambda: next(turns, False))
        Clearing().run(lambda: True)
        with reading():
            assert session.scalars(select(Reading)).all() == []
            assert session.scalars(select(SignInRequest)).all() == []


def test_it_is_done_once_a_day(app: Flask, cast: Cast) -> None:
    day = Clearing()
    day.run(lambda: True)
    assert day.left == []
    with writing():
        session.add(SignInRequest(address="a@kierto.test", created_at=NOW, expires_at=NOW - timedelta(days=30)))
    day.run(lambda: True)
    with reading():
        assert len(session.scalars(select(SignInRequest)).all()) == 1
    with clock.at(NOW + timedelta(days=1)):
        day.run(lambda: True)
    with reading():
        assert session.scalars(select(SignInRequest)).all() == []


def test_one_step_that_fails_stops_no_other(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    everything_told(cast)

    def broken(*_arguments: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(clearing, "forget_ended", broken)
    with clock.at(NOW + timedelta(days=60)):
        Clearing().run(lambda: True)
        with reading():
            assert session.scalars(select(Invitation)).all() == []


def test_what_is_over_goes_after_a_month(app: Flask, cast: Cast) -> None:
    everything_told(cast)
    with clock.at(NOW + timedelta(days=29)):
        Clearing().run(lambda: True)
        with reading():
            assert len(session.scalars(select(Invitation)).all()) == 2
            assert len(session.scalars(select(Job)).all()) == 1
    with clock.at(NOW + timedelta(days=61)):
        Clearing().run(lambda: True)
        with reading():
            assert session.scalars(select(Invitation)).all() == []
            assert session.scalars(select(Job)).all() == []
            assert session.scalars(select(Application).where(Application.expert_id.is_(None))).all() == []
            assert len(session.scalars(select(PaperPass)).all()) == 1, "it works for a year"
            assert session.scalars(select(PersonSession)).all() == []


def test_old_messages_readings_and_feedback_go_by_their_organisations_time(app: Flask, cast: Cast) -> None:
    everything_told(cast)
    obstacle_told(cast, None)
    with clock.at(NOW + timedelta(days=720)):
        Clearing().run(lambda: True)
        with reading():
            assert session.scalars(select(Reading)).all()
    with clock.at(NOW + timedelta(days=740)):
        Clearing().run(lambda: True)
        with reading():
            assert session.scalars(select(Reading)).all() == []
            assert session.scalars(select(Event).limit(1)).all(), "the log stays for ten years"


def test_an_organisation_sets_its_times_and_the_notice_says_them(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/organisations/{cast.organisation.ref}/retention")
    assert page.form().values["experts_left"] == ["12"]
    after = page.form().submit(expect=303, experts_left="18").follow()
    assert "18" in after.text
    with reading():
        assert months_kept(cast.organisation.id)[DataKind.EXPERTS_LEFT] == 18
        assert months_kept(cast.other_organisation.id)[DataKind.EXPERTS_LEFT] == 12
        changed = session.scalars(select(Event).where(Event.kind == "retention.changed")).all()
        assert [one.data for one in changed] == [{"months": 18}]
    page.form().submit(expect=303, experts_left="18")
    with reading():
        assert len(session.scalars(select(Event).where(Event.kind == "retention.changed")).all()) == 1


@pytest.mark.parametrize("typed", ["0", "241", "", "puoli"])
def test_a_time_out_of_reason_is_refused(cast: Cast, typed: str) -> None:
    """retention-within."""
    page = cast.client("coordinator").get(f"/organisations/{cast.organisation.ref}/retention")
    assert set(page.form().submit(expect=422, experts_left=typed).field_errors) == {"experts_left"}


def test_steps_of_another_organisation_touch_nobody_here(cast: Cast, left: Expert) -> None:
    with clock.at(A_YEAR_ON), writing():
        assert not announce(cast.other_organisation.id, DataKind.EXPERTS_LEFT)
        assert due() == []
        assert len(steps()) > 10
    with reading():
        assert session.get_one(Person, cast.id("expert")).erased_at is None
