"""The pages of units: the list, one unit, the import from a file."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from kierto.actor import SYSTEM, Role
from kierto.database import reading, session, writing
from kierto.jobs import actions as jobs
from kierto.jobs.models import Job
from kierto.jobs.queries import job_input
from kierto.pages.units.forms import MOST_MEGABYTES
from kierto.people.actions import give_role
from kierto.rounds.actions import book_stop
from kierto.units import importing
from kierto.units.actions import add_organisation, add_unit
from kierto.words import LANGUAGES, Localised
from tests.cast import FREE_ON, Cast

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


def send(cast: Cast, content: bytes, name: str = "units.csv") -> str:
    """Send the file, let a worker do the job, and tell the address of the job's page."""
    page = cast.client("coordinator").get("/units/import").form().submit(file=(content, name))
    with writing():
        job = jobs.claim(timedelta(seconds=60))
        assert job is not None
    with reading():
        found = job_input(job.id, job.attempts)
        assert found is not None
    store = importing.run(found[1], lambda _done, _total: None)
    with writing():
        jobs.finish(job.id, job.attempts, store())
    return page.location


def test_every_unit_is_listed_with_its_service_and_municipality(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("expert", language=language).get("/units/")
        name = "Berghälls hälsostation" if language == "sv" else "Kallion terveysasema"
        assert page.links[name] == f"/units/{cast.unit.ref}"
        assert "Vantaa" in page.text
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


def test_only_coordinators_are_offered_the_import(cast: Cast) -> None:
    for name in ("host", "staff", "expert"):
        assert "/units/import" not in cast.client(name).get("/units/").html
        cast.client(name).get("/units/import", 404)
        cast.client(name).get("/units/import/template.csv", 404)
        cast.client(name).post("/units/import", 404)


def test_who_is_not_inside_sees_no_units(cast: Cast) -> None:
    for name in ("visitor", "outsider", "decision_maker"):
        cast.client(name).get("/units/", 404)
        cast.client(name).get(f"/units/{cast.unit.ref}", 404)


def test_the_template_opens_right_in_finnish_spreadsheets(cast: Cast) -> None:
    page = cast.client("coordinator").get("/units/import/template.csv")
    assert page.body.startswith(b"\xef\xbb\xbf")
    assert page.body.decode("utf-8-sig").strip().split(";") == [*importing.REQUIRED, *importing.OPTIONAL]
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == "attachment; filename=units.csv"


def test_the_import_says_what_it_expects(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("coordinator", language=language).get("/units/import")
        for column in (*importing.REQUIRED, *importing.OPTIONAL):
            assert column in page.text
        assert "/units/import/template.csv" in page.links.values()
        service = {"fi": "terveysasema", "sv": "hälsostation", "en": "health centre"}[language]
        assert service in page.text


def test_a_file_is_imported_and_the_result_leads_to_the_units(cast: Cast) -> None:
    address = send(cast, SAMPLE.read_bytes())
    page = cast.client("coordinator").get(address)
    assert "9 units were added." in page.text
    assert "12 units" in page.click("Look at the units").text


def test_what_the_template_holds_can_be_filled_in_and_imported(cast: Cast) -> None:
    template = cast.client("coordinator").get("/units/import/template.csv").body
    address = send(cast, template + b"Haagan terveysasema;terveysasema;Ajurinaukio 1;Helsinki;;\r\n")
    assert "1 unit was added." in cast.client("coordinator").get(address).text


def test_problems_are_listed_by_row_and_column_and_nothing_is_saved(cast: Cast) -> None:
    for language in LANGUAGES:
        rows = [
            "name_fi;service;street_address;municipality;phone",
            "Uusi;<b>noita</b>;Katu 1;Porvoo;1",
            ";ward;;Porvoo;2",
        ]
        address = send(cast, "\n".join(rows).encode())
        page = cast.client("coordinator", language=language).get(address)
        table = page.document.select_one("table")
        assert table is not None
        found = [(row.select("th, td")[0].text, row.select("th, td")[1].text) for row in table.select("tbody tr")]
        assert found == [("2", "service"), ("3", "name_fi"), ("3", "street_address")]
        assert "<b>noita</b>" in table.text, "what the file says is shown as text"
        assert "phone" in page.text
        assert "/units/import" in page.links.values()
        assert len(cast.client("coordinator").get("/units/").document.select("tbody tr")) == 3
        if language == "en":
            assert "Nothing was saved. Mend the file and try again." in page.text
            assert "3 things to mend" in page.text


def test_only_the_first_problems_are_listed(cast: Cast) -> None:
    rows = "\n".join(["name_fi;service;street_address;municipality", *["Uusi;;Katu 1;Porvoo"] * 250])
    page = cast.client("coordinator").get(send(cast, rows.encode()))
    assert len(page.document.select("tbody tr")) == importing.LISTED
    assert "Only the first ones are listed here." in page.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose"),
        (b"\xef\xbb\xbf;;;\r\n", "The file is empty."),
        (b"x" * (MOST_MEGABYTES * 1024 * 1024 + 1), "The file is too large."),
    ],
)
def test_a_file_that_cannot_be_is_refused_beside_its_field(cast: Cast, content: bytes, says: str) -> None:
    form = cast.client("coordinator").get("/units/import").form()
    page = form.submit(422, file=(content, "units.csv" if content else ""))
    page.response.request.environ["wsgi.input"].close()
    assert says in page.field_errors["file"]
    with reading():
        assert session.query(Job).count() == 0


def test_an_empty_file_is_no_file_of_units(cast: Cast) -> None:
    page = cast.client("coordinator").get("/units/import").form().submit(422, file=(b"", "units.csv"))
    assert "The file is empty." in page.field_errors["file"]


def test_a_unit_opens_with_what_waits_for_its_own_people(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/units/{cast.other_unit.ref}")
    assert page.links["Book the meeting"] == f"/rounds/{cast.autumn.ref}/book/{cast.other_unit.ref}"
    assert page.links["Look and answer"] == f"/units/{cast.other_unit.ref}/practices"
    assert "1 practice waits for an answer" in page.text
    assert f"/meetings/{cast.proposed.ref}" in page.links.values()
    assert len(page.document.select("[aria-labelledby=now] li")) == 3


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


def test_the_queries_of_a_unit_do_not_grow_with_its_meetings(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/units/{cast.unit.ref}")
    few = client.queries
    with writing():
        book_stop(cast.actor("host"), cast.stop.load(), FREE_ON, time(13))
    page = client.get(f"/units/{cast.unit.ref}")
    assert len(page.document.select("[aria-labelledby=meetings] li")) == 1
    assert client.queries == few


def test_another_organisations_unit_is_not_there(cast: Cast) -> None:
    cast.client("coordinator").get(f"/units/{cast.foreign_unit.ref}", 404)
    cast.client("neighbour").get(f"/units/{cast.unit.ref}", 404)
