"""The pages on which a unit's turn is booked: whose, when, and what happens when another was first."""

import re
from datetime import date, time
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.meetings.models import Meeting
from kierto.people.actions import give_role
from kierto.people.models import Expert
from kierto.rounds import queries
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.free_times import START_TIMES, free_times
from kierto.rounds.models import Round, Stop
from kierto.seats.models import Seat
from kierto.units.actions import block_dates, set_hours
from kierto.units.hosting import read
from tests.cast import CONFIRMED_ON, FREE_ON, NOW, PROPOSED_ON, Cast, plan
from tests.client import Page

FIRST, LAST = date(2027, 2, 1), date(2027, 5, 28)


def kept(page: Page, name: str) -> str:
    """What a field of the page holds; browsers without calendars show a mistaken day as it was typed."""
    control = page.document.select_one(f"input[name='{name}']")
    assert control is not None
    return str(control.attr("value"))


def booking(cast: Cast) -> str:
    return f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}"


def meetings_of(cast: Cast, unit_id: int) -> int:
    session.remove()
    with reading():
        return session.query(Meeting).filter_by(unit_id=unit_id).count()


def test_a_host_contact_picks_a_free_time_and_has_a_seat(cast: Cast) -> None:
    client = cast.client("host")
    entry = client.get(f"/rounds/{cast.spring.ref}/book", 302)
    assert entry.location == booking(cast)
    sure = entry.follow().click("Tue 9 Feb 9:00–11:00")
    assert sure.heading == "Book this time?"
    assert "You get a seat in the meeting." in sure.text
    assert meetings_of(cast, cast.unit.id) == 1, "nothing is booked yet"
    page = sure.form().submit().follow()
    assert page.path.startswith("/meetings/")
    assert page.message == (
        "The meeting is booked, and you have a seat in it. "
        "It is confirmed by itself when those it needs have said they come."
    )
    session.remove()
    with reading():
        meeting = session.query(Meeting).filter_by(ref=page.path.split("/")[-1]).one()
        assert meeting.starts_at == clock.instant(date(2027, 2, 9), time(9))
        assert meeting.unit_id == cast.unit.id
        assert session.query(Seat).filter_by(meeting_id=meeting.id, person_id=cast.id("host")).count() == 1


def test_a_coordinator_books_for_a_unit_without_a_seat(cast: Cast) -> None:
    page = sure(cast, "coordinator", "2027-02-09", "09:00").form().submit().follow()
    assert page.message.startswith("The meeting is booked. It is confirmed")


def test_who_books_for_several_units_chooses_one_first(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}/book")
    assert page.heading == "Whose meeting do you book?"
    chosen = page.click("Malmin päihdepoliklinikka")
    assert chosen.path == f"/rounds/{cast.autumn.ref}/book/{cast.other_unit.ref}"
    assert "Kallion terveysasema" not in page.links


def sure(cast: Cast, name: str, day: str, time: str, unit: str = "") -> Page:
    """The page that says what booking the time means."""
    address = f"/rounds/{cast.spring.ref}/book/{unit or cast.unit.ref}/confirm"
    return cast.client(name).get(address, query_string={"day": day, "time": time})


def slots(page: Page) -> list[str]:
    """The times that the page offers, as its links carry them."""
    found = (re.fullmatch(r".*/confirm\?day=(.*)&time=(.*)", address) for address in page.all_links)
    return [f"{one[1]}T{one[2]}" for one in found if one]


def test_only_free_times_are_offered(cast: Cast) -> None:
    offered = slots(cast.client("host").get(booking(cast)))
    days = {date.fromisoformat(slot[:10]) for slot in offered}
    assert len(days) == 10
    assert min(days) == date(2027, 1, 13), "from tomorrow on"
    assert all(day.weekday() < 5 for day in days)
    for taken in (PROPOSED_ON, CONFIRMED_ON):
        assert all(abs((day - taken).days) >= 7 for day in days), "rule round-gap"


def test_what_is_offered_can_be_booked_and_what_is_not_cannot(cast: Cast) -> None:
    """The times offered and the booking ask the same judges, over weeks with other meetings and with Easter."""
    with writing():
        stops = draft_open(cast)
        book_stop(cast.actor("host"), stops[0], date(2027, 2, 17), time(12))
    host = cast.actor("host")
    with reading():
        free = free_times(host, cast.stop.load(), 1000)
    offered = {one.span.start for day in free for one in day.times}
    days = [*range(date(2027, 2, 5).toordinal(), date(2027, 2, 22).toordinal())]
    days += range(date(2027, 3, 24).toordinal(), date(2027, 4, 1).toordinal())
    for on in map(date.fromordinal, days):
        for at in START_TIMES:
            assert bookable(cast, host, on, at) == (clock.instant(on, at) in offered), f"{on} {at}"


def draft_open(cast: Cast) -> list[Stop]:
    actor = cast.actor("coordinator")
    round_ = create_round(actor, cast.organisation.id, plan("Toinen kierros", FIRST, LAST))
    choose_units(actor, round_, [cast.unit.id, cast.third_unit.id])
    open_round(actor, round_)
    return list(session.scalars(queries.stops_of(round_)))


class Undone(Exception):
    """Books nothing in the end."""


def bookable(cast: Cast, actor: Actor, on: date, at: time) -> bool:
    try:
        with writing():
            book_stop(actor, cast.stop.load(), on, at)
            raise Undone
    except Refused:
        return False
    except Undone:
        return True


def test_the_queries_of_free_times_do_not_grow_with_meetings(cast: Cast) -> None:
    with writing():
        stops = draft_open(cast)
        address = f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}"
    client = cast.client("host")
    client.get(address)
    few = client.queries
    with writing():
        book_stop(cast.actor("host"), session.get_one(Stop, stops[0].id), FREE_ON, time(13))
    with writing():
        book_stop(cast.actor("coordinator"), session.get_one(Stop, stops[1].id), date(2027, 3, 16), time(13))
    client.get(address)
    assert client.queries == few


def test_the_queries_of_free_times_do_not_grow_with_experts(cast: Cast) -> None:
    client = cast.client("host")
    client.get(booking(cast))
    few = client.queries
    with writing():
        for number in range(8):
            cast.new_expert(number)
    page = client.get(booking(cast))
    assert "11 could come" in page.text
    assert client.queries == few


def test_who_sits_elsewhere_then_is_told_so(cast: Cast) -> None:
    """Rule person-one-place: the booker gets a seat, so another meeting of theirs stands in the way."""
    with writing():
        host = cast.people["other_host"].load()
        give_role(cast.actor("coordinator"), host, cast.organisation.id, Role.HOST_CONTACT, cast.unit.id)
        cast.spring.load().gap_days = 0
    page = sure(cast, "other_host", PROPOSED_ON.isoformat(), "13").form().submit(422)
    assert page.errors == ["You already have a seat in another meeting at that time. Give that seat up first."]
    assert f"{PROPOSED_ON}T13:00" not in slots(page)
    assert meetings_of(cast, cast.unit.id) == 1


def test_another_day_and_time_can_be_given(cast: Cast) -> None:
    client = cast.client("host")
    form = next(one for one in client.get(booking(cast)).forms if "day" in one.fields)
    assert form.element.attr("method") == "get"
    page = client.get(form.action, query_string={"day": "16.2.2027", "time": "14.30"})
    assert "Tue 16 Feb at 14:30–16:30" in page.text
    page = page.form().submit().follow()
    session.remove()
    with reading():
        meeting = session.query(Meeting).filter_by(ref=page.path.split("/")[-1]).one()
        assert meeting.starts_at == clock.instant(FREE_ON, time(14, 30))


IMPOSSIBLE: list[tuple[dict[str, str], str, str]] = [
    ({"day": "", "time": "13"}, "day", "This is needed."),
    ({"day": "2027-02-16", "time": ""}, "time", "This is needed."),
    ({"day": "16.2.", "time": "13"}, "day", "Give a day that exists"),
    ({"day": "2027-02-16", "time": "half past"}, "time", "Give a time of day"),
    ({"day": "2027-02-03", "time": "13"}, "day", "there must be at least 7 days"),
    ({"day": "2026-12-01", "time": "13"}, "day", "That time has already passed."),
    ({"day": "2028-02-01", "time": "13"}, "day", "The round lasts from"),
    ({"day": "0001-01-01", "time": "13"}, "day", "That time has already passed."),
    ({"day": "9999-12-31", "time": "23:30"}, "day", "The round lasts from"),
]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_time_that_cannot_be_is_said_beside_its_field(cast: Cast, method: str) -> None:
    """Before it is booked, and when a page sends what it should not: what was typed is kept."""
    client, address = cast.client("host"), f"{booking(cast)}/confirm"
    for given, field, says in IMPOSSIBLE:
        page = client.get(address, query_string=given) if method == "GET" else client.post(address, 422, given)
        assert says in page.field_errors.get(field, ""), f"{given}: {page.field_errors}"
        assert {name: kept(page, name) for name in given} == given
        assert slots(page), "what is free is offered all the same"
    assert meetings_of(cast, cast.unit.id) == 1


CLOSED = [
    ("2027-02-13", "13"),
    ("2027-03-26", "13"),
    ("2027-03-25", "13"),
    ("2027-02-16", "16.30"),
    ("2027-02-23", "10"),
]


@pytest.mark.parametrize(("day", "at"), CLOSED)
@pytest.mark.parametrize("name", ["host", "coordinator"])
def test_who_books_says_that_the_unit_hosts_then(cast: Cast, name: str, day: str, at: str) -> None:
    """Rule meeting-unit-free: outside hosting hours, on blocked dates, holidays, their eves and weekends."""
    with writing():
        set_hours(cast.actor("host"), cast.unit.load(), read(2, "9–18"), version=1)
        block_dates(cast.actor("host"), cast.unit.load(), date(2027, 2, 23), date(2027, 2, 23))
    page = sure(cast, name, day, at)
    assert "or say that the unit hosts then" in page.field_errors["override"]
    again = page.form().submit(422)
    assert again.heading == "Book this time?"
    assert (again.form().values["day"], again.form().values["time"]) == ([day], [at])
    assert meetings_of(cast, cast.unit.id) == 1
    assert again.form().submit(override="y").follow().message.startswith("The meeting is booked")
    assert meetings_of(cast, cast.unit.id) == 2


def test_a_time_when_the_unit_hosts_asks_nothing_more(cast: Cast) -> None:
    assert "override" not in sure(cast, "host", "2027-02-09", "09:00").form().fields


def test_saying_so_books_over_no_other_meeting(cast: Cast) -> None:
    """Rule meeting-unit-free: one meeting at a time, whoever says what."""
    with writing():
        book_stop(cast.actor("coordinator"), draft_open(cast)[0], date(2027, 2, 9), time(12))
    given = {"day": "2027-02-09", "time": "13:00", "override": "y"}
    page = cast.client("host").post(f"{booking(cast)}/confirm", 422, given)
    assert page.field_errors["time"] == "The unit already has a meeting at that time. Choose another time."
    assert meetings_of(cast, cast.unit.id) == 2


def test_a_time_taken_meanwhile_is_explained_and_free_ones_are_shown(cast: Cast) -> None:
    form = sure(cast, "host", "2027-02-09", "13:00").form()
    with writing():
        stops = draft_open(cast)
        book_stop(cast.actor("coordinator"), stops[0], date(2027, 2, 9), time(12))
    page = form.submit(422)
    assert page.errors == ["Starts at: The unit already has a meeting at that time. Choose another time."]
    assert "Somebody may have booked just before you. These times are free now." in page.text
    assert "2027-02-09T09:00" in slots(page)
    assert "2027-02-09T13:00" not in slots(page)


def test_a_unit_that_was_booked_meanwhile_shows_its_meeting(cast: Cast) -> None:
    form = sure(cast, "host", "2027-02-09", "09:00").form()
    with writing():
        meeting = book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, time(13))
    page = form.submit(422)
    assert page.errors == ["The unit is already in the round, or has its meeting. Each unit is visited once."]
    assert f"/meetings/{meeting.ref}" in page.links.values()
    assert not page.document.select("main form")


def test_later_days_follow(cast: Cast) -> None:
    first = cast.client("host").get(booking(cast))
    later = first.click("Later days")
    assert max(slots(first)) < min(slots(later))
    assert "The first free days" in later.links
    page = cast.client("host").get(f"{booking(cast)}?after=2027-06-11")
    assert "No more free days were found within the round." in page.text
    assert slots(cast.client("host").get(f"{booking(cast)}?after=tomorrow")) == slots(first)


def test_how_many_experts_could_come_is_said_of_each_time(cast: Cast) -> None:
    """The expert has a meeting on 26 January; the other two could come to a meeting of the autumn's round then."""
    page = cast.client("other_host").get(f"/rounds/{cast.autumn.ref}/book/{cast.other_unit.ref}?after=2027-01-25")
    assert [one.text.strip() for one in page.document.select(".k-slots .k-quiet")][:3] == [
        "3 could come",
        "2 could come",
        "2 could come",
    ]
    with writing():
        for expert in session.scalars(select(Expert)):
            expert.earliest_start = time(10)
    page = cast.client("other_host").get(f"/rounds/{cast.autumn.ref}/book/{cast.other_unit.ref}?after=2027-01-25")
    assert page.document.select(".k-slots .k-quiet")[0].text.strip() == "nobody could come"


def test_of_two_bookings_at_one_moment_one_wins(cast: Cast) -> None:
    """Two units want days that are too near: one gets its day, the other sees what is free now."""
    with writing():
        ref = draft_open(cast)[0].round.ref
    units = {"host": cast.unit.ref, "coordinator": cast.third_unit.ref}
    together = Barrier(len(units))
    answers: dict[int, str] = {}

    def book(name: str, unit: str) -> None:
        client = cast.client(name)
        data = {"day": "2027-03-09", "time": "13:00", "csrf_token": client.csrf_token()}
        address = f"/rounds/{ref}/book/{unit}/confirm"
        together.wait()
        with clock.at(NOW):
            answer = client.browser.post(address, data=data, headers={"Accept-Language": "en"})
            answers[answer.status_code] = answer.get_data(as_text=True)

    threads = [Thread(target=book, args=who) for who in units.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422]
    assert "Somebody may have booked just before you." in answers[422]
    assert "/confirm?day=" in answers[422]
    assert "day=2027-03-09" not in answers[422]
    session.remove()
    with reading():
        days = [stop.meeting_id for stop in session.scalars(queries.stops_of(queries.round_(cast.actor("host"), ref)))]
    assert sorted(day is None for day in days) == [False, True]


def test_booking_begins_nowhere_when_all_is_booked_or_closed(cast: Cast) -> None:
    other = cast.client("other_host")
    page = other.get(f"/rounds/{cast.spring.ref}/book")
    assert "Everything is booked" in page.text
    assert f"/meetings/{cast.proposed.ref}" in page.links.values()
    page = other.get(f"/rounds/{cast.spring.ref}/book/{cast.other_unit.ref}")
    assert "The unit has its meeting" in page.text
    with writing():
        actor = cast.actor("coordinator")
        round_ = create_round(actor, cast.organisation.id, plan("Kesän kierros", FIRST, LAST))
        choose_units(actor, round_, [cast.unit.id, cast.other_unit.id])
    coordinator = cast.client("coordinator")
    assert "The round is not open for booking" in coordinator.get(f"/rounds/{round_.ref}/book").text
    page = coordinator.get(f"/rounds/{round_.ref}/book/{cast.unit.ref}")
    assert "The round is not open for booking" in page.text
    refused = coordinator.post(f"{page.path}/confirm", 422, {"day": "2027-02-09", "time": "09:00"})
    assert refused.errors == ["The round is not open for booking. Ask your coordinator."]


def test_a_round_without_free_days_asks_for_another_one(cast: Cast) -> None:
    with writing():
        stop = cast.stop.load()
        session.get_one(Round, stop.round_id).gap_days = 365
    page = cast.client("host").get(booking(cast))
    assert "No free day was found within the round." in page.text
    assert {"day", "time"} <= next(form for form in page.forms if "day" in form.fields).fields
    assert slots(page) == []


def test_only_the_host_contact_and_coordinators_book(cast: Cast) -> None:
    for name in ("staff", "expert", "other_host"):
        cast.client(name).get(booking(cast), 403)
        cast.client(name).post(f"{booking(cast)}/confirm", 403, {"day": "2027-02-09", "time": "09:00"})
    for name in ("visitor", "neighbour", "outsider"):
        cast.client(name).get(booking(cast), 404)
    page = cast.client("staff").get(f"/rounds/{cast.spring.ref}/book")
    assert "You cannot book in this round" in page.text
    cast.client("coordinator").get(f"/rounds/{cast.spring.ref}/book/{cast.foreign_unit.ref}", 404)
