"""Units of work: reading never writes, writing keeps all or nothing, rows are locked in one order."""

from datetime import datetime, timedelta
from functools import partial
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError, StatementError

from kierto import clock
from kierto.database import lock, lock_one, new_ref, reading, savepoint, session, writing
from kierto.database.engine import WRITING, engine
from kierto.database.transactions import LockOrder, WriteWhileReading, act
from kierto.errors import NotFound, Refused
from kierto.events.models import Event
from kierto.jobs.actions import enqueue
from kierto.jobs.models import Job
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.rounds.models import Round
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.units.actions import add_unit
from kierto.units.models import Organisation, Service, Unit
from kierto.words import Localised
from tests.cast import NOW, Cast
from tests.counting import EACH, count_up
from tests.databases import SQLITE, Database
from tests.processes import in_processes
from tests.refusals import fails, refused
from tests.together import at_once


def organisation() -> Organisation:
    return Organisation(name=Localised(f"Uusi {new_ref()}"), created_at=clock.now())


# reading()


def test_reading_refuses_a_new_row(app: Flask) -> None:
    with fails(WriteWhileReading, reading):
        session.add(organisation())
        session.flush()


def test_reading_refuses_a_changed_row(cast: Cast) -> None:
    with fails(WriteWhileReading, reading):
        cast.unit.load().municipality = "Espoo"
        session.scalars(select(Unit)).all()  # a query flushes first


def test_reading_refuses_a_deleted_row(cast: Cast) -> None:
    with fails(WriteWhileReading, reading):
        session.delete(cast.seat.load())
        session.flush()


@pytest.mark.parametrize("statement", [update(Unit).values(municipality="Espoo"), insert(Organisation)])
def test_reading_refuses_statements_in_bulk(app: Flask, statement: object) -> None:
    values = (
        [{"ref": new_ref(), "name_fi": "Uusi", "created_at": NOW}] if statement.__class__.__name__ == "Insert" else None
    )
    with fails(WriteWhileReading, reading):
        session.execute(statement, values)  # type: ignore[call-overload]  # either of the two above


def test_reading_keeps_nothing_that_was_not_flushed(cast: Cast) -> None:
    with reading():
        cast.unit.load().municipality = "Espoo"
    with reading():
        assert cast.unit.load().municipality == "Helsinki"


def test_reading_sees_one_state(app: Flask, cast: Cast) -> None:
    def move() -> None:
        cast.unit.load().municipality = "Espoo"

    with reading():
        assert cast.unit.load().municipality == "Helsinki"
        at_once(app, [move])
        assert cast.unit.load().municipality == "Helsinki"
    with reading():
        assert cast.unit.load().municipality == "Espoo"


def test_nothing_happens_outside_of_a_transaction(cast: Cast) -> None:
    with pytest.raises(InvalidRequestError, match=r"(?i)autobegin"):
        cast.unit.load()


def test_reading_can_be_followed_by_writing(cast: Cast) -> None:
    with reading():
        cast.unit.load()
    with writing():
        cast.unit.load().municipality = "Espoo"
    with reading():
        assert cast.unit.load().municipality == "Espoo"


# writing()


def test_writing_keeps_what_ended_well(app: Flask) -> None:
    with writing():
        new = organisation()
        session.add(new)
    with reading():
        assert session.get(Organisation, new.id) is not None


def breaks(fault: type[BaseException]) -> None:
    raise fault


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, NotFound])
def test_writing_undoes_everything_when_it_breaks(cast: Cast, fault: type[BaseException]) -> None:
    with fails(fault):
        cast.unit.load().municipality = "Espoo"
        session.flush()
        breaks(fault)
    with reading():
        assert cast.unit.load().municipality == "Helsinki"


def test_a_savepoint_undoes_only_its_own(cast: Cast) -> None:
    with writing():
        cast.unit.load().municipality = "Espoo"
        with fails(Refused, savepoint):
            cast.other_unit.load().municipality = "Espoo"
            session.execute(update(Unit).values(name_fi="Kallion terveysasema"))
    with reading():
        assert (cast.unit.load().municipality, cast.other_unit.load().municipality) == ("Espoo", "Helsinki")


def test_events_of_one_writing_share_their_act(cast: Cast) -> None:
    with writing():
        first = act()
        for name in ("Yksi", "Kaksi"):
            service = session.scalars(select(Service.id).limit(1)).one()
            add_unit(
                cast.actor("coordinator"),
                cast.organisation.id,
                Localised(name),
                service_id=service,
                municipality="Helsinki",
                street_address="Katu 1",
            )
    with writing():
        assert act() != first
        assert len(session.scalars(select(Event).where(Event.act == first)).all()) == 2


def fail_to_commit(fault: Exception) -> partial[None]:
    """The next commit fails; returns how to stop that."""

    def fail(_connection: object) -> None:
        raise fault

    event.listen(engine(), "commit", fail)
    return partial(event.remove, engine(), "commit", fail)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (OperationalError("COMMIT", {}, Exception("disk I/O error")), 503),
        (IntegrityError("COMMIT", {}, Exception("FOREIGN KEY constraint failed")), 409),
    ],
)
def test_a_commit_that_fails_is_no_redirect(cast: Cast, fault: Exception, status: int) -> None:
    """The view had already answered with one."""
    client = cast.client("expert")
    page = client.get(f"/meetings/{cast.proposed.ref}")
    mend = fail_to_commit(fault)
    try:
        page = page.form(button="I come").submit(expect=status)
    finally:
        mend()
    assert "Location" not in page.headers
    assert (page.headers.get("Retry-After") is not None) == (status == 503)
    with reading():
        mine = select(Seat).where(Seat.meeting_id == cast.proposed.id, Seat.person_id == cast.id("expert"))
        assert session.scalars(mine).one().state is SeatState.INVITED
    client.get(f"/meetings/{cast.proposed.ref}").form(button="I come").submit(expect=302)


def test_a_get_cannot_write(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    view = app.view_functions["start.about"]

    def careless() -> str:
        session.add(organisation())
        session.flush()
        return ""

    monkeypatch.setattr(view, "view", careless)
    cast.client().get("/about", expect=500)
    with reading():
        assert len(session.scalars(select(Organisation)).all()) == 2


# locks


def test_locks_are_taken_in_one_order(cast: Cast) -> None:
    with writing():
        lock_one(Round, cast.spring.id)
        lock(Unit, [cast.other_unit.id, cast.unit.id])
        lock_one(Meeting, cast.proposed.id)
        lock(Person, [cast.id("host"), cast.id("expert")])


@pytest.mark.parametrize(
    ("first", "then"),
    [("proposed", "unit"), ("unit", "spring"), ("proposed", "spring"), ("confirmed", "proposed")],
)
def test_a_lock_against_the_order_is_an_error(cast: Cast, first: str, then: str) -> None:
    """Two that lock against each other would wait for ever; this finds it with one."""
    things = cast.things()
    with fails(LockOrder):
        lock_one(things[first].model, things[first].id)
        lock_one(things[then].model, things[then].id)


def test_a_lock_that_is_held_may_be_taken_again(cast: Cast) -> None:
    with writing():
        lock_one(Round, cast.spring.id)
        lock_one(Meeting, cast.proposed.id)
        lock_one(Round, cast.spring.id)
    with writing():
        lock_one(Round, cast.spring.id)  # the order begins anew with each transaction


def test_only_rows_with_a_place_in_the_order_are_locked(cast: Cast) -> None:
    with fails(LockOrder):
        lock_one(Seat, cast.seat.id)


def test_what_is_not_there_cannot_be_locked(cast: Cast) -> None:
    with fails(NotFound):
        lock(Meeting, [cast.proposed.id, 10_000])


def test_a_lock_reads_the_row_anew(app: Flask, cast: Cast) -> None:
    with writing():
        stale = session.get_one(Meeting, cast.proposed.id)
    at_once(app, [lambda: setattr(session.get_one(Meeting, cast.proposed.id), "room", "Kokoushuone 3")])
    with writing():
        assert stale.room is None
        assert lock_one(Meeting, cast.proposed.id).room == "Kokoushuone 3"


@pytest.mark.only(SQLITE)
def test_no_change_is_lost_between_processes(cast: Cast, database: Database) -> None:
    """Three processes read, add one and write 200 times each, without locking the row: SQLite's own lock is enough."""
    with reading():
        before = cast.proposed.load().version
    in_processes(3, partial(count_up, cast.proposed.id), database.settings, NOW)
    with reading():
        assert cast.proposed.load().version == before + 3 * EACH


def test_only_writing_takes_sqlites_lock(app: Flask, cast: Cast) -> None:
    """Who reads does not wait for who writes."""
    with writing():
        cast.unit.load().municipality = "Espoo"
        session.flush()
        read = at_once_reading(app, cast)
    assert read == "Helsinki"


def at_once_reading(app: Flask, cast: Cast) -> str:
    found: list[str] = []

    def look() -> None:
        with app.app_context(), reading():
            found.append(cast.unit.load().municipality)

    thread = Thread(target=look)
    thread.start()
    thread.join(20)
    return found[0]


@pytest.mark.only(SQLITE)
def test_a_lock_that_does_not_come_free_is_an_error(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kierto.database.engine.PATIENCE", 0.1)
    holder = engine().connect().execution_options(**{WRITING: True})
    with holder, holder.begin(), pytest.raises(OperationalError, match="locked"), writing():
        pass
    with writing():
        session.add(organisation())


# columns


def test_an_instant_must_be_aware(app: Flask) -> None:
    with fails(StatementError, match="aware"):
        session.add(Organisation(name=Localised("Uusi"), created_at=datetime(2027, 1, 1)))  # noqa: DTZ001 - the fault
        session.flush()


def test_an_instant_comes_back_in_utc(app: Flask) -> None:
    moment = clock.local(NOW)
    with writing():
        new = Organisation(name=Localised("Uusi"), created_at=moment)
        session.add(new)
    with reading():
        found = session.get_one(Organisation, new.id, populate_existing=True).created_at
    assert found == moment
    assert found.utcoffset() == timedelta(0)


def test_a_name_in_three_languages_is_one_value(app: Flask) -> None:
    name = Localised("Kallio", "Berghäll", None)
    with writing():
        new = Organisation(name=name, created_at=NOW)
        session.add(new)
    with reading():
        assert session.get_one(Organisation, new.id, populate_existing=True).name == name


def test_what_is_encrypted_cannot_be_read_in_the_database(cast: Cast) -> None:
    secret = "Pöytäkirja, jota ei näytetä".encode()
    with writing():
        job = enqueue(cast.actor("coordinator"), cast.organisation.id, "units.import", {}, secret, "yksiköt.csv")
    with reading():
        assert session.get_one(Job, job.id, populate_existing=True).file == secret
        stored = bytes(session.execute(text("SELECT file FROM jobs")).scalar_one())
        assert secret not in stored
        assert stored.startswith(b"gAAAA")


def test_rows_are_named_by_random_references(app: Flask) -> None:
    with writing():
        rows = [organisation() for _ in range(3)]
        session.add_all(rows)
    refs = {row.ref for row in rows}
    assert len(refs) == 3
    assert all(len(ref) == 10 and set(ref) <= set("0123456789abcdefghjkmnpqrstvwxyz") for ref in refs)


def test_rows_of_two_organisations_do_not_mix(cast: Cast) -> None:
    with fails(DBAPIError):
        cast.stop.load().unit_id = cast.foreign_unit.id


def test_a_refusal_rolls_back(cast: Cast) -> None:
    with refused("seat-capacity"):
        cast.unit.load().municipality = "Espoo"
        session.execute(update(Meeting).values(seats_taken=Meeting.seats + 1))
    with reading():
        assert cast.unit.load().municipality == "Helsinki"
