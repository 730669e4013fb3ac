"""The pages of units: the list, one unit."""

from datetime import time, timedelta
from pathlib import Path

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.experts.models import ExpertNeeds
from kierto.people.actions import give_role
from kierto.people.models import Expert, Person
from kierto.rounds.booking import book_stop
from kierto.units.actions import add_organisation, add_unit
from kierto.words import LANGUAGES, Localised
from tests.cast import CONFIRMED_ON, FREE_ON, HELD_AT, HELD_ON, Cast
from tests.client import Page
from tests.scenes import meetings_booked, practices_agreed, swap_asked

SAMPLE = Path(__file__).parents[1] / "data" / "units-helsinki.csv"


def add_units(cast: Cast, count: int) -> None:
    with writing():
        for number in range(count):
            add_unit(
                cast.actor("coordinator"),
                cast.organisation.id,
                Localised(f"Yksikkö {number}", f"Enhet {number}"),
                service_id=1 + number % 3,
                municipality="Porvoo",
                street_address="Katu 1",
            )


def new_organisation(cast: Cast) -> None:
    """The outsider coordinates an organisation that has nothing yet."""
    with writing():
        organisation = add_organisation(Localised("Uusi hyvinvointialue"))
        give_role(SYSTEM, cast.people["outsider"].load(), organisation.id, Role.COORDINATOR)


def test_every_unit_is_listed_with_its_service_and_municipality(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("expert", language=language).get("/units/")
        name = "Berghälls hälsostation" if language == "sv" else "Kallion terveysasema"
        assert page.links[name] == f"/units/{cast.unit.ref}"
        assert ("Vanda" if language == "sv" else "Vantaa") in page.text
        assert page.heading


def test_the_list_counts_and_its_queries_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    assert "3 units" in client.get("/units/").text
    few = client.queries
    add_units(cast, 3)
    assert "6 units" in client.get("/units/").text
    assert client.queries == few


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    new_organisation(cast)
    page = cast.client("outsider").get("/units/")
    assert "No units yet" in page.text
    assert page.click("Import units from a file").heading == "Import units from a file"


def test_who_is_not_inside_sees_no_units(cast: Cast) -> None:
    for name in ("visitor", "outsider", "decision_maker"):
        cast.client(name).get("/units/", 404)
        cast.client(name).get(f"/units/{cast.unit.ref}", 404)


def test_a_unit_opens_with_what_waits_for_its_own_people(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/units/{cast.other_unit.ref}")
    assert page.links["Book the meeting"] == f"/rounds/{cast.autumn.ref}/book/{cast.other_unit.ref}"
    assert page.links["Look and answer"] == f"/units/{cast.other_unit.ref}/practices"
    assert "1 practice waits for an answer" in page.text
    assert f"/meetings/{cast.proposed.ref}" in page.links.values()
    assert len(page.document.select("[aria-labelledby=now] li")) == 3


def now(page: Page) -> list[str]:
    """The headings of the things that wait now."""
    return [heading.text.strip() for heading in page.document.select("[aria-labelledby=now] li h3")]


def test_at_most_three_things_wait_and_their_minutes_are_told(cast: Cast) -> None:
    client = cast.client("host")
    page = client.get(f"/units/{cast.unit.ref}")
    assert now(page) == ["Time to book the meeting"]
    assert "1 thing, about 3 minutes." in page.text
    with writing():
        cast.held.load().asked_happened_at = clock.now()
        book_stop(cast.actor("host"), cast.stop.load(), FREE_ON, time(13))
    page = client.get(f"/units/{cast.unit.ref}")
    assert now(page) == ["Was the meeting held?", "Next meeting"]
    assert "2 things, about 2 minutes." in page.text
    assert page.links["Answer"] == f"/meetings/{cast.held.ref}/happened"


def test_what_comes_fourth_waits_until_the_first_are_done(cast: Cast) -> None:
    with writing():
        give_role(
            SYSTEM,
            session.get_one(Person, cast.id("other_host")),
            cast.organisation.id,
            Role.HOST_CONTACT,
            cast.third_unit.id,
        )
    swap = swap_asked(cast)
    page = cast.client("other_host").get(f"/units/{cast.third_unit.ref}")
    assert now(page) == [
        "Another unit wants to change times",
        "Time to book the meeting",
        "1 practice waits for an answer",
    ]
    assert "1 more thing waits. It appears here when these are done." in page.text
    assert f"/rounds/{cast.spring.ref}/swaps/{swap.ref}" in page.links.values()


def test_a_meeting_in_a_week_comes_before_what_can_wait(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) - timedelta(days=6)):
        page = cast.client("worker").get(f"/units/{cast.third_unit.ref}")
    assert now(page)[0] == "Next meeting"


def test_the_host_contact_finds_whom_to_arrange_for(cast: Cast) -> None:
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        needs = {"expert_id": expert.id, "text": b"Iso teksti", "changed_at": clock.now()}
        session.add(ExpertNeeds(organisation_id=cast.organisation.id, **needs))
    page = cast.client("coordinator").get(f"/units/{cast.third_unit.ref}")
    assert page.links["Look what to arrange for 1 person"] == f"/meetings/{cast.confirmed.ref}#arrange"
    assert "Look what to arrange" not in cast.client("worker").get(f"/units/{cast.third_unit.ref}").text


def test_a_unit_leads_to_all_its_coming_meetings(cast: Cast) -> None:
    page = cast.client("expert").get(f"/units/{cast.third_unit.ref}").click("All coming meetings here")
    assert [str(a.attr("href")) for a in page.document.select(".k-rows h3 a")] == [f"/meetings/{cast.confirmed.ref}"]


def test_staff_are_told_who_books(cast: Cast) -> None:
    page = cast.client("staff").get(f"/units/{cast.unit.ref}")
    assert "The contact person of the unit books the meeting." in page.text
    assert "Book the meeting" not in page.links


def test_others_of_the_organisation_see_the_unit_without_its_tasks(cast: Cast) -> None:
    for name in ("expert", "worker"):
        page = cast.client(name).get(f"/units/{cast.unit.ref}")
        assert "Porthaninkatu 1, Helsinki" in page.text
        assert "health centre" in page.text
        assert not page.document.select("[aria-labelledby=now]")
        assert page.links["Vastaanotolle saa tulla saattajan kanssa"] == f"/practices/{cast.practice.ref}"


def test_a_unit_says_that_nothing_waits(cast: Cast) -> None:
    add_units(cast, 1)
    client = cast.client("coordinator")
    page = client.get("/units/").click("Yksikkö 0")
    assert "Nothing waits for you now." in page.text
    assert "No meetings are coming up here" in page.text
    assert "No practices in use yet" in page.text


def test_a_meeting_held_in_the_unit_is_found_again(cast: Cast) -> None:
    for name, told in (("host", True), ("expert", False)):
        page = cast.client(name).get(f"/units/{cast.unit.ref}")
        held = page.document.select("section[aria-labelledby=held] h3 a")
        assert [link.attr("href") for link in held] == [f"/meetings/{cast.held.ref}"]
        assert ("Open one to write down what you agreed." in page.text) is told
    assert "Meetings held here" not in cast.client("host").get(f"/units/{cast.other_unit.ref}").text


def test_a_meeting_that_goes_on_now_is_no_coming_one(cast: Cast) -> None:
    with clock.at(clock.instant(HELD_ON, HELD_AT) + timedelta(minutes=30)):
        page = cast.client("coordinator").get(f"/units/{cast.unit.ref}")
        (held,) = page.document.select("section[aria-labelledby=held] li")
        assert "Going on now" in held.text
        assert not page.document.select("section[aria-labelledby=meetings] li")
        assert "One that is going on now need only end." in page.client.get(f"/units/{cast.unit.ref}/retire").text
    assert "Going on now" not in cast.client("host").get(f"/units/{cast.unit.ref}").text


def test_practices_that_wait_are_spoken_of_as_one_or_many(cast: Cast) -> None:
    client = cast.client("worker")
    assert "Another unit has found it good." in client.get(f"/units/{cast.third_unit.ref}").text
    practices_agreed(cast, 1)
    assert "Other units have found them good." in client.get(f"/units/{cast.third_unit.ref}").text


def test_the_queries_of_a_unit_do_not_grow_with_its_meetings(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/units/{cast.third_unit.ref}")
    few = client.queries
    meetings_booked(cast, 2)
    page = client.get(f"/units/{cast.third_unit.ref}")
    assert len(page.document.select("[aria-labelledby=meetings] li")) == 3
    assert client.queries == few == 15


def test_another_organisations_unit_is_not_there(cast: Cast) -> None:
    cast.client("coordinator").get(f"/units/{cast.foreign_unit.ref}", 404)
    cast.client("neighbour").get(f"/units/{cast.unit.ref}", 404)
