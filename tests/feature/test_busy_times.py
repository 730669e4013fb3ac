"""Busy times from one's own calendar file: kept as nothing but times, replaced, deleted; who is busy is not asked."""

from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from kierto import clock
from kierto.actor import SYSTEM, VISITOR
from kierto.database import reading, session, writing
from kierto.database.engine import engine
from kierto.errors import Forbidden, NotFound
from kierto.events.models import Event
from kierto.experts.busy import Span
from kierto.experts.busy_times import keep_busy, own_busy_times, remove_busy
from kierto.experts.models import BusySpan
from kierto.people.actions import approve_expert
from kierto.people.models import Expert, ExpertState
from kierto.practices.merging import merge
from kierto.privacy.erasing import erase_person
from kierto.privacy.exporting import export_person
from kierto.rounds.booking import book_stop
from kierto.seats.merging import Contacts
from kierto.seats.suiting import suitable, who_suits
from kierto.units.models import Unit
from kierto.words import LANGUAGES, Language
from kierto.worker.clearing import Clearing
from tests.cast import FREE_ON, NOW, Cast, Thing
from tests.client import Page
from tests.refusals import fails
from tests.scenes_experts import expert_of
from tests.together import at_once

FILES = Path(__file__).parent.parent / "data" / "calendars"
GOOGLE = (FILES / "google.ics").read_bytes()
DELETE = "Delete my busy times"
PRIVATE = ("Lääkäri", "Kuoro", "Matka", "Myyrmäen", "example.org", "@google.com", "Meikäläinen")


def upload(cast: Cast, content: bytes, name: str = "expert", *, expect: int = 303) -> Page:
    page = cast.client(name).get("/me/busy")
    sent = page.form("/me/busy").submit(expect=expect, file=(content, "kalenteri.ics"))
    sent.response.request.environ["wsgi.input"].close()  # a large body waits in a file of the test client's
    return sent


def busy(day: date, first: int, last: int) -> bytes:
    """A calendar that is busy on the day, between the hours of Helsinki."""
    start, end = clock.instant(day, time(first)), clock.instant(day, time(last))
    return (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{day}-{first}\nDTSTART:{start:%Y%m%dT%H%M%SZ}\n"
        f"DTEND:{end:%Y%m%dT%H%M%SZ}\nSUMMARY:salainen\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()


def kept(cast: Cast, name: str = "expert") -> list[tuple[datetime, datetime]]:
    session.remove()
    with reading():
        rows = session.scalars(select(BusySpan).where(BusySpan.person_id == cast.id(name)).order_by(BusySpan.starts_at))
        return [(one.starts_at, one.ends_at) for one in rows]


def kinds() -> list[str]:
    session.remove()
    with reading():
        return [one for one in session.scalars(select(Event.kind).order_by(Event.id)) if "busy" in one]


# ---- the page ----


def test_a_file_is_brought_and_only_times_are_kept(cast: Cast) -> None:
    page = upload(cast, GOOGLE).follow()
    assert "busy times were kept" in page.message
    assert "You are not asked to meetings then." in page.message
    assert len(kept(cast)) == 12
    assert kinds() == ["person.busy_times_kept"]
    with engine().connect() as connection:
        tables = [name for (name,) in connection.execute(text(_TABLES[engine().dialect.name]))]
        stored = [str(tuple(row)) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    assert not [word for word in PRIVATE for row in stored if word in row]
    assert not [word for word in PRIVATE if word in page.text]


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def test_the_page_tells_what_is_kept_and_when_one_is_busy_next(cast: Cast) -> None:
    assert "What is kept now" not in cast.client("expert").get("/me/busy").text
    page = upload(cast, GOOGLE).follow()
    told = page.text
    assert "Only times are kept" in told
    assert "Monday 5 April 2027" in told
    assert "Mon 18 Jan 17:00–18:30" in " ".join(told.split())
    assert "Wed 10 Feb the whole day" in " ".join(told.split())
    own = cast.client("expert").get(cast.client("expert").get("/me/availability", 302).location)
    assert own.links["Busy times from my calendar"] == "/me/busy"
    assert "Busy times from your calendar are kept." in own.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_every_language(cast: Cast, language: Language) -> None:
    upload(cast, GOOGLE)
    page = cast.client("expert", language=language).get("/me/busy")
    again = page.form("/me/busy").submit(expect=303, file=((FILES / "damaged.ics").read_bytes(), "a.ics")).follow()
    assert (language == "en") == ("You are not asked to meetings then." in again.message)
    assert (language == "en") == ("Look at your days below." in again.message)
    asked = page.click({"fi": "Poista varatut aikani", "sv": "Radera mina upptagna tider"}.get(language, DELETE))
    assert asked.form("/me/busy/remove").submit(expect=303).location == "/me/busy"
    assert "file" in cast.client("expert", language=language).get("/me/busy").form("/me/busy").fields


def test_a_new_file_takes_the_place_of_the_old_one(cast: Cast) -> None:
    upload(cast, GOOGLE)
    day = NOW.date() + timedelta(days=20)
    upload(cast, busy(day, 9, 11))
    assert kept(cast) == [(clock.instant(day, time(9)), clock.instant(day, time(11)))]


def test_all_of_it_is_deleted_once_it_was_asked(cast: Cast) -> None:
    upload(cast, GOOGLE)
    page = cast.client("expert").get("/me/busy")
    assert "/me/busy/remove" not in [form.action for form in page.forms], "not by a slip of the finger"
    assert page.document.select("main h2")[-1].text.strip() == DELETE
    asked = page.click(DELETE)
    assert "12 busy times are deleted." in asked.text
    assert asked.links["No, keep them"] == "/me/busy"
    assert len(kept(cast)) == 12
    page = asked.form("/me/busy/remove").submit(expect=303).follow()
    assert "were deleted" in page.message
    assert kept(cast) == []
    cast.client("expert").post("/me/busy/remove", 303)
    assert cast.client("expert").get("/me/busy/remove", 302).location == "/me/busy"
    assert kinds() == ["person.busy_times_kept", "person.busy_times_removed"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!doctype html><html></html>", "This is not a calendar file."),
        (b"", "This is not a calendar file."),
        (b"x" * (5 * 1024 * 1024 + 1), "at most 5 megabytes"),
        (
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nEND:VEVENT\nEND:VCALENDAR\n",
            "No event in the file could be read.",
        ),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it_and_leaves_what_was_kept(
    cast: Cast, content: bytes, told: str
) -> None:
    upload(cast, GOOGLE)
    page = upload(cast, content, expect=422)
    assert told in page.field_errors["file"]
    assert "What is kept now" in page.text
    assert len(kept(cast)) == 12


def test_nothing_chosen_is_told(cast: Cast) -> None:
    page = cast.client("expert").get("/me/busy").form("/me/busy").submit(expect=422)
    assert "Choose the file first." in page.field_errors["file"]


def test_events_left_out_are_told(cast: Cast) -> None:
    message = upload(cast, (FILES / "damaged.ics").read_bytes()).follow().message
    assert "2 busy times were kept." in message
    assert "6 events could not be read and were left out." in message


def test_a_calendar_with_nothing_to_come_says_so(cast: Cast) -> None:
    upload(cast, GOOGLE)
    message = upload(cast, busy(date(2020, 1, 1), 9, 11)).follow().message
    assert "no busy times in the next 12 months" in message
    assert kept(cast) == []


def test_only_who_is_in_a_register_brings_a_calendar(cast: Cast) -> None:
    for name in ("host", "staff", "coordinator", "outsider", "administrator"):
        cast.client(name).get("/me/busy", 404)
        cast.client(name).post("/me/busy", 404)
    cast.client("visitor").get("/me/busy", 403)
    cast.client("applicant").get("/me/busy")
    with fails(NotFound):
        keep_busy(cast.actor("host"), [])
    for act in (partial(keep_busy, VISITOR, []), partial(remove_busy, VISITOR)):
        with fails(Forbidden):
            act()


def test_the_page_asks_as_much_whatever_is_kept(cast: Cast) -> None:
    """Neither who has little nor who has much waits for it."""
    with writing():
        keep_busy(cast.actor("expert"), [_span(number) for number in range(3000)])
    with reading():
        own = own_busy_times(cast.actor("expert"))
    assert own.count == 3000
    assert len(own.days) == 4
    assert own.last == NOW.date() + timedelta(days=1 + 299)


def _span(number: int) -> Span:
    start = clock.instant(NOW.date() + timedelta(days=1 + number // 10), time(8)) + timedelta(hours=number % 10)
    return Span(start, start + timedelta(minutes=30))


# ---- what it is for ----


def test_who_is_busy_is_not_asked(cast: Cast) -> None:
    with writing():
        meeting = Thing(book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, time(13)))
    with reading():
        found = meeting.load()
        before = {person.id for person in who_suits(found)}
        unit = session.get_one(Unit, cast.unit.id)
        count = suitable(cast.organisation.id, [found.span], unit, found.theme_id)[found.span]
    assert cast.id("other_expert") in before
    upload(cast, busy(FREE_ON, 14, 15), "other_expert")
    with reading():
        found = meeting.load()
        assert {person.id for person in who_suits(found)} == before - {cast.id("other_expert")}
        unit = session.get_one(Unit, cast.unit.id)
        assert suitable(cast.organisation.id, [found.span], unit, found.theme_id)[found.span] == count - 1
    upload(cast, busy(FREE_ON, 17, 20), "other_expert")
    with reading():
        assert {person.id for person in who_suits(meeting.load())} == before


def test_busy_is_busy_in_every_organisation(cast: Cast) -> None:
    with writing():
        approve_expert(SYSTEM, cast.people["expert"].load(), cast.other_organisation.id)
    assert upload(cast, GOOGLE).location == "/me/busy"
    assert len(kept(cast)) == 12


# ---- at one moment, and later ----


def test_of_two_files_at_one_moment_one_stays_whole(app: Flask, cast: Cast) -> None:
    me = cast.actor("expert")
    days = [NOW.date() + timedelta(days=10), NOW.date() + timedelta(days=40)]
    files = [
        [Span(clock.instant(on, time(hour)), clock.instant(on, time(hour, 30))) for hour in range(24)] for on in days
    ]
    assert at_once(app, [partial(keep_busy, me, spans) for spans in files]) == [None, None]
    assert kept(cast) in [[tuple(span) for span in spans] for spans in files]
    with reading():
        assert len(set(session.scalars(select(BusySpan.uploaded_at)))) == 1


def test_a_file_and_an_erasure_at_one_moment_leave_nothing(app: Flask, cast: Cast) -> None:
    me = cast.actor("expert")
    acts = [partial(keep_busy, me, [_span(1)]), partial(erase_person, me, cast.id("expert"))]
    at_once(app, acts)
    assert kept(cast) == []


def test_what_is_over_and_what_nobody_needs_is_deleted(cast: Cast) -> None:
    upload(cast, GOOGLE)
    upload(cast, GOOGLE, "other_expert")
    with writing():
        session.execute(
            update(Expert).where(Expert.person_id == cast.id("other_expert")).values(state=ExpertState.LEFT)
        )
    with clock.at(clock.instant(date(2027, 3, 16), time(19))):
        Clearing().run(lambda: True)
    assert [start.date() for start, _end in kept(cast)] == [date(2027, 3, 16), date(2027, 3, 22), date(2027, 4, 5)]
    assert kept(cast, "other_expert") == []


def test_a_copy_of_ones_own_data_has_them(cast: Cast) -> None:
    day = NOW.date() + timedelta(days=20)
    upload(cast, busy(day, 9, 11))
    with writing():
        told = export_person(cast.actor("expert")).data["busy_times"]
    times = (clock.instant(day, time(9)), clock.instant(day, time(11)))
    assert [(one["starts_at"], one["ends_at"]) for one in told] == [tuple(at.isoformat() for at in times)]
    with writing():
        assert export_person(cast.actor("other_expert")).data["busy_times"] == []


def test_they_go_with_the_person(cast: Cast) -> None:
    """erase-person."""
    upload(cast, GOOGLE)
    upload(cast, GOOGLE, "other_expert")
    with writing():
        erase_person(cast.actor("expert"), cast.id("expert"))
    assert kept(cast) == []
    assert len(kept(cast, "other_expert")) == 12


@pytest.mark.parametrize("both", [False, True], ids=["one", "both"])
def test_of_one_person_who_was_two_the_calendar_of_who_stays_is_kept(cast: Cast, both: bool) -> None:
    """The other's only where there is no such."""
    days = [NOW.date() + timedelta(days=number) for number in (20, 30)]
    own, other = expert_of(cast, "expert"), expert_of(cast, "other_expert")
    upload(cast, busy(days[0], 9, 11), "other_expert")
    if both:
        upload(cast, busy(days[1], 9, 11))
    with writing():
        merge(cast.actor("coordinator"), own.load(), other.load(), Contacts("expert@kierto.test", None))
    assert [start.date() for start, _end in kept(cast)] == [days[1] if both else days[0]]
    assert kept(cast, "other_expert") == []


def test_who_left_can_still_delete_what_is_kept(cast: Cast) -> None:
    upload(cast, GOOGLE)
    with writing():
        session.execute(update(Expert).where(Expert.person_id == cast.id("expert")).values(state=ExpertState.LEFT))
    client = cast.client("expert")
    client.get("/me/busy").click(DELETE).form("/me/busy/remove").submit(expect=303)
    client.get("/me/busy", 404)
