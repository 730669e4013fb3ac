"""A unit's facts, arrival notes, access, hosting hours and blocked days; who changes what, at one moment too."""

from datetime import date, timedelta

import pytest

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.rounds.free_times import free_times
from kierto.units import queries as units
from kierto.units.actions import add_unit, block_dates, set_hours
from kierto.units.hosting import read
from kierto.units.models import BlockedDates, Unit
from kierto.units.rules import Hours
from kierto.words import LANGUAGES, Localised
from tests.cast import CONFIRMED_ON, Cast, Thing
from tests.client import Client, Page, PageForm
from tests.refusals import refused
from tests.together import at_once


def now(thing: Thing[Unit]) -> Unit:
    """The unit as it is, readable after the transaction."""
    session.remove()
    with reading():
        found = thing.load()
        session.expunge(found)
        return found


def edit(cast: Cast, name: str, thing: Thing[Unit] | None = None) -> PageForm:
    return cast.client(name).get(f"/units/{(thing or cast.unit).ref}/edit").form()


def week(cast: Cast, name: str = "host") -> PageForm:
    return cast.client(name).get(f"/units/{cast.unit.ref}/hours").form()


def hours_now(cast: Cast) -> list[Hours]:
    with reading():
        return units.hours_of(cast.unit.load())


def facts(page: Page, section: str) -> dict[str, str]:
    """What a section of the page tells, term by term."""
    terms = page.document.select(f"[aria-labelledby={section}] .k-facts > div")
    return {term.select("dt")[0].text.strip(): term.select("dd")[0].text.strip() for term in terms}


def kinds(cast: Cast, unit_id: int) -> list[str]:
    with reading():
        events = session.query(Event).filter_by(subject="units", subject_id=unit_id).order_by(Event.id)
        return [event.kind for event in events]


# ---- a new one ----


def test_a_unit_is_added_and_its_hours_come_next(cast: Cast) -> None:
    form = cast.client("coordinator").get("/units/").click("Add a unit").form()
    page = form.submit(
        name_fi="Hakunilan terveysasema",
        name_sv="Håkansböle hälsostation",
        service="health-centre",
        street_address="Laukkarinne 4",
        municipality="vanda",
        arrival_fi="Ovi B, soita kelloa.",
        step_free="yes",
        lift="no",
        spoken=["fi", "sv"],
    ).follow()
    assert page.heading == "Hosting hours"
    shown = page.client.get(page.path.removesuffix("/hours"))
    for words in ("Laukkarinne 4, Vantaa", "Ovi B, soita kelloa.", "You get in without steps.", "Finnish, Swedish"):
        assert words in shown.text
    assert "toilet" not in shown.text, "of what nobody has said nothing is said"


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"name_fi": " "}, "name_fi", "This is needed."),
        ({"name_fi": "kallion  TERVEYSASEMA"}, "name_fi", "The organisation already has a unit with this name."),
        ({"service": ""}, "service", "Choose the kind of service."),
        ({"street_address": ""}, "street_address", "This is needed."),
        ({"municipality": "Helsingi"}, "municipality", "Did you mean: Helsinki"),
        ({"municipality": "Qqq"}, "municipality", "Kierto does not know this municipality."),
        ({"arrival_sv": "x" * 1001}, "arrival_sv", "too long"),
    ],
)
def test_a_mistake_is_said_beside_its_field(cast: Cast, changed: dict[str, str], field: str, says: str) -> None:
    """Rule unit-named-once, and shapes."""
    form = cast.client("coordinator").get("/units/new").form()
    where = {"street_address": "Katu 1", "municipality": "Helsinki"}
    typed = {"name_fi": "Uusi", "service": "ward", "step_free": "no"} | where
    page = form.submit(422, **(typed | changed))
    assert says in page.field_errors[field]
    assert list(page.field_errors) == [field]
    assert page.form().values["step_free"] == ["no"]


def test_near_municipalities_are_offered_in_the_readers_language(cast: Cast) -> None:
    form = cast.client("coordinator", language="sv").get("/units/new").form()
    page = form.submit(422, municipality="Åboo", name_fi="Uusi", service="ward", street_address="Katu 1")
    assert "Åbo" in page.field_errors["municipality"]
    assert "Esbo" in page.html


# ---- who changes what ----


def test_a_coordinator_changes_everything_and_the_feed_shows_it(cast: Cast) -> None:
    """Rule calendar-sequence: a changed name or address raises last-modified."""
    feed = Client(cast.app)
    before = feed.get("/calendar.ics?lang=fi")
    assert "Kielotie 11" in before.body.decode()
    form = edit(cast, "coordinator", cast.third_unit)
    assert form.values["municipality"] == ["Vantaa"]
    page = form.submit(street_address="Uusikatu 2", name_fi="Hiekkaharjun kuntoutus").follow()
    assert page.message == "The unit was saved."
    after = feed.get("/calendar.ics?lang=fi")
    assert "Uusikatu 2" in after.body.decode()
    assert "Hiekkaharjun kuntoutus" in after.body.decode()
    assert after.headers["ETag"] != before.headers["ETag"]
    feed.get("/calendar.ics?lang=fi", 200, headers={"If-None-Match": before.headers["ETag"]})
    assert cast.client("coordinator").get("/units/?q=uusikatu").links["Hiekkaharjun kuntoutus"]
    with reading():
        event = session.query(Event).filter_by(kind="unit.changed").one()
        assert event.data == {"fields": "name,street_address"}


def test_a_host_contact_changes_what_visitors_should_know_and_nothing_else(cast: Cast) -> None:
    form = edit(cast, "host")
    assert not {"name_fi", "service", "street_address", "municipality"} & form.fields
    form.submit(arrival_fi="Ovi A.", accessible_wc="yes", access_fi="Hissi on kapea.", spoken=["sgn"])
    unit = now(cast.unit)
    assert unit.arrival == Localised("Ovi A.")
    assert (unit.accessible_wc, unit.lift, unit.languages) == (True, None, ["sgn"])
    cast.client("host").post(
        f"/units/{cast.unit.ref}/edit",
        data={"name_fi": "Toinen", "street_address": "Muu 1", "version": "2", "spoken": "sgn"},
    )
    assert now(cast.unit).name == Localised("Kallion terveysasema", "Berghälls hälsostation")
    page = cast.client("expert").get(f"/units/{cast.unit.ref}")
    for words in ("Ovi A.", "There is an accessible toilet.", "Hissi on kapea.", "sign language"):
        assert words in page.text


def test_others_change_nothing(cast: Cast) -> None:
    for part in ("edit", "hours", "blocked", "retire"):
        for name in ("staff", "expert", "other_host"):
            cast.client(name).get(f"/units/{cast.unit.ref}/{part}", 403)
            assert f"/units/{cast.unit.ref}/{part}" not in cast.client(name).get(f"/units/{cast.unit.ref}").html
        cast.client("neighbour").get(f"/units/{cast.unit.ref}/{part}", 404)


def test_saving_what_stands_changes_nothing(cast: Cast) -> None:
    before = now(cast.unit)
    edit(cast, "coordinator").submit()
    after = now(cast.unit)
    assert (after.version, after.changed_at) == (before.version, before.changed_at)
    assert kinds(cast, cast.unit.id) == ["unit.added"]


def test_pages_speak_every_language(cast: Cast) -> None:
    for language in LANGUAGES:
        client = cast.client("coordinator", language=language)
        for part in ("", "/edit", "/hours", "/blocked", "/retire"):
            assert client.get(f"/units/{cast.unit.ref}{part}").heading


def test_contact_persons_are_shown_to_workers_and_coordinators(cast: Cast) -> None:
    for name, told in (("coordinator", True), ("staff", True), ("expert", False), ("worker", False)):
        assert ("Päivi Lahtinen" in cast.client(name).get(f"/units/{cast.unit.ref}").text) is told
    page = cast.client("coordinator").get(f"/units/{cast.third_unit.ref}")
    assert "The unit has no contact person yet." in page.text


# ---- at the same moment ----


def test_who_saves_last_sees_what_the_other_wrote(cast: Cast) -> None:
    """Rule unit-changed: a stale form is refused, what was typed is kept, and saving again is a choice."""
    slow, quick = edit(cast, "coordinator"), edit(cast, "host")
    quick.submit(arrival_fi="Ovi B.", lift="yes")
    page = slow.submit(422, arrival_fi="Ovi A.", street_address="Uusi 1")
    assert "Somebody changed the unit while you wrote." in page.errors[0]
    assert facts(page, "stands") == {
        "Directions in Finnish": "Ovi B.",
        "Lift": "Yes",
        "Street address": "Porthaninkatu 1",
    }
    assert page.form().values["arrival_fi"] == ["Ovi A."]
    assert now(cast.unit).arrival == Localised("Ovi B.")
    page.form().submit(lift="yes")
    unit = now(cast.unit)
    assert (unit.arrival, unit.lift, unit.street_address) == (Localised("Ovi A."), True, "Uusi 1")


def test_pressing_twice_is_no_conflict(cast: Cast) -> None:
    form = edit(cast, "host")
    form.submit(lift="yes")
    form.submit(lift="yes")
    assert kinds(cast, cast.unit.id) == ["unit.added", "unit.changed"]


def test_two_units_of_one_name_at_one_moment(cast: Cast) -> None:
    """Rule unit-named-once."""

    def add() -> int:
        made = add_unit(
            cast.actor("coordinator"),
            cast.organisation.id,
            Localised("Uusi asema"),
            service_id=1,
            municipality="Helsinki",
            street_address="Katu 1",
        )
        session.flush()
        return made.id

    assert sorted(isinstance(result, int) for result in at_once(cast.app, [add, add])) == [False, True]


def test_two_people_set_the_hours_at_one_moment(cast: Cast) -> None:
    """Rule unit-changed: one of them is told; the hours are whole, one's or the other's."""
    weeks = [read(1, "9–11"), read(2, "12–15")]

    def set_them(number: int) -> int:
        set_hours(cast.actor("host"), session.get_one(Unit, cast.unit.id), weeks[number], version=1)
        return number

    results = at_once(cast.app, [lambda: set_them(0), lambda: set_them(1)])
    won = [result for result in results if isinstance(result, int)]
    assert len(won) == 1
    assert hours_now(cast) == weeks[won[0]]


# ---- hosting hours ----


def test_the_whole_week_is_given_on_one_page(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("host", language=language).get(f"/units/{cast.unit.ref}/hours")
        assert page.form().fields == {"csrf_token", "version", *(f"day_{number}" for number in range(1, 6))}
    page = week(cast).submit(day_2="9-11, 13-16.30", day_4="klo 12.00–15.30").follow()
    assert page.message == "The hosting hours were saved."
    assert facts(page, "hosting") == {"Tuesday": "9–11, 13–16.30", "Thursday": "12–15.30"}
    form = week(cast)
    assert form.values["day_2"] == ["9–11, 13–16.30"]
    form.submit(day_2="", day_4="")
    assert hours_now(cast) == []
    assert kinds(cast, cast.unit.id).count("unit.hours_changed") == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("mornings", "Write the hours like this"),
        ("11–9", "The end must be after the beginning."),
        ("9–11, 10–12", "Two of the times overlap."),
        ("9–24", "Write the hours like this"),
    ],
)
def test_hours_that_cannot_be_are_said_beside_their_day(cast: Cast, typed: str, says: str) -> None:
    """Rules unit-hours-in-order and unit-hours-apart."""
    page = week(cast).submit(422, day_1="9–11", day_3=typed)
    assert says in page.field_errors["day_3"]
    assert (page.form().values["day_1"], page.form().values["day_3"]) == (["9–11"], [typed])
    assert hours_now(cast) == []


def test_a_stale_week_is_refused_and_what_stands_is_shown(cast: Cast) -> None:
    slow = week(cast, "coordinator")
    week(cast).submit(day_1="9–12")
    page = slow.submit(422, day_1="13–15")
    assert "Somebody changed the unit while you wrote." in page.errors[0]
    assert facts(page, "stands") == {"Monday": "9–12"}
    page.form().submit()
    assert hours_now(cast) == read(1, "13–15")


def test_a_weekend_that_an_import_brought_stays(cast: Cast) -> None:
    with writing():
        set_hours(cast.actor("host"), cast.unit.load(), read(6, "10–12"), version=1)
    form = week(cast)
    assert form.values["day_6"] == ["10–12"]
    form.submit(day_1="9–11")
    assert hours_now(cast) == [*read(1, "9–11"), *read(6, "10–12")]


def test_only_hosting_hours_are_offered_for_booking(cast: Cast) -> None:
    """Rule meeting-unit-free: within its hosting hours, not on blocked dates."""
    with writing():
        set_hours(cast.actor("host"), cast.unit.load(), read(3, "10–12.30"), version=1)
        block_dates(cast.actor("host"), cast.unit.load(), date(2027, 2, 10), date(2027, 2, 10))
    session.remove()
    with reading():
        offered = free_times(cast.actor("host"), cast.stop.load(), 10)
    starts = [clock.local(span.start) for free in offered for span, _experts in free.times]
    assert {(start.isoweekday(), start.hour) for start in starts} == {(3, 10)}
    assert date(2027, 2, 10) not in {free.on for free in offered}
    assert date(2027, 2, 17) in {free.on for free in offered}


# ---- blocked days ----


def block(cast: Cast, name: str = "host") -> PageForm:
    address = f"/units/{cast.unit.ref}/blocked"
    return next(form for form in cast.client(name).get(address).forms if "from_on" in form.fields)


def test_days_are_blocked_and_taken_back(cast: Cast) -> None:
    page = block(cast).submit(from_on="2027-03-01", until_on="5.3.2027", reason="Remontti").follow()
    assert page.message == "No meetings are offered on these days."
    assert "Mon 1 Mar – Fri 5 Mar" in page.text
    assert "Remontti" in cast.client("expert").get(f"/units/{cast.unit.ref}").text
    page = page.form(button="Take back Mon 1 Mar – Fri 5 Mar").submit().follow()
    assert page.message == "Meetings can be held on these days again."
    assert "No such days ahead" in page.text
    assert kinds(cast, cast.unit.id) == ["unit.added", "unit.dates_blocked", "unit.dates_freed"]


def test_one_day_and_twice_the_same(cast: Cast) -> None:
    form = block(cast)
    form.submit(from_on="2027-03-01")
    form.submit(from_on="2027-03-01", until_on="2027-03-01")
    with reading():
        assert session.query(BlockedDates).count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"from_on": ""}, "from_on", "This is needed."),
        ({"from_on": "2027-01-11"}, "from_on", "This day is over."),
        ({"from_on": "2027-01-01", "until_on": "2027-01-11"}, "until_on", "These days are over."),
        ({"from_on": "2027-03-05", "until_on": "2027-03-01"}, "until_on", "The end must be after the beginning."),
        ({"from_on": "2072-03-05"}, "from_on", "Check the year"),
        ({"from_on": "2027-03-05", "until_on": "2028-03-06"}, "until_on", "That is over a year."),
    ],
)
def test_days_that_cannot_be_are_refused(cast: Cast, typed: dict[str, str], field: str, says: str) -> None:
    page = block(cast).submit(422, **typed)
    assert says in page.field_errors[field]


def test_the_end_comes_after_the_beginning(cast: Cast) -> None:
    """Rule unit-hours-in-order."""
    with refused("unit-hours-in-order", "until_on"):
        block_dates(cast.actor("host"), cast.unit.load(), date(2027, 3, 2), date(2027, 3, 1))


def test_a_meeting_booked_on_blocked_days_is_named(cast: Cast) -> None:
    with writing():
        block_dates(cast.actor("coordinator"), cast.third_unit.load(), CONFIRMED_ON, CONFIRMED_ON)
        block_dates(cast.actor("coordinator"), cast.third_unit.load(), date(2027, 5, 3), date(2027, 5, 4))
    page = cast.client("coordinator").get(f"/units/{cast.third_unit.ref}/blocked")
    rows = page.document.select(".k-rows > li")
    assert [f"/meetings/{cast.confirmed.ref}" in str(row.html) for row in rows] == [True, False]
    assert "A meeting is booked on these days." in page.text


def test_past_days_are_hidden(cast: Cast) -> None:
    with writing():
        block_dates(cast.actor("host"), cast.unit.load(), date(2027, 1, 12), date(2027, 1, 13))
    with clock.at(clock.now() + timedelta(days=1)):
        assert "Tue 12 Jan – Wed 13 Jan" in cast.client("host").get(f"/units/{cast.unit.ref}/blocked").text
    with clock.at(clock.now() + timedelta(days=2)):
        assert "No such days ahead" in cast.client("host").get(f"/units/{cast.unit.ref}/blocked").text


def test_the_button_of_another_unit_does_nothing(cast: Cast) -> None:
    with writing():
        foreign = block_dates(cast.actor("neighbour"), cast.foreign_unit.load(), date(2027, 3, 1), date(2027, 3, 1)).ref
    cast.client("host").post(f"/units/{cast.unit.ref}/blocked/{foreign}/free")
    with reading():
        assert session.query(BlockedDates).count() == 1


def test_the_queries_of_a_unit_do_not_grow_with_its_days(cast: Cast) -> None:
    client = cast.client("coordinator")
    for part in ("", "/blocked"):
        client.get(f"/units/{cast.unit.ref}{part}")
        few = client.queries
        with writing():
            for number in range(1, 4):
                block_dates(cast.actor("host"), cast.unit.load(), date(2027, 3, number), date(2027, 4, number))
        client.get(f"/units/{cast.unit.ref}{part}")
        assert client.queries == few


def test_days_alike_in_a_row_are_said_as_one(cast: Cast) -> None:
    week(cast).submit(day_1="9–11", day_2="9–11", day_3="9–11", day_5="9–11")
    page = cast.client("expert").get(f"/units/{cast.unit.ref}")
    assert facts(page, "hosting") == {"Monday – Wednesday": "9–11", "Friday": "9–11"}
