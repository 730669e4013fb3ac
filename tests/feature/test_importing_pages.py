"""The pages of imports: what a file is to hold, looking at what it would do, saving it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from kierto.database import reading, session
from kierto.jobs.models import Job
from kierto.pages.imports.forms import MOST_MEGABYTES
from kierto.pages.imports.kinds import EXPERTS, HOURS, UNITS, Kind
from kierto.units import preview
from kierto.units.table import read
from kierto.words import LANGUAGES, Language, speaking
from tests import scenes_imports as scenes
from tests.cast import Cast
from tests.client import Page

KINDS = pytest.mark.parametrize("kind", [UNITS, HOURS, EXPERTS], ids=lambda kind: kind.kind)
HEADER = "name_fi;service;street_address;municipality;phone\n"


def send(cast: Cast, content: bytes, address: str = "/units/import") -> str:
    """Send the file, let the worker look through it, and tell the address of the job's page."""
    page = cast.client("coordinator").get(address).form().submit(file=(content, "tiedosto.csv"))
    scenes.work()
    return page.location


def save(page: Page) -> Page:
    """Press Save, and look again when the worker has done it."""
    location = page.form(button="Save").submit().location
    scenes.work()
    return page.client.get(location)


def rows(page: Page) -> list[list[str]]:
    return [[cell.text.strip() for cell in row.select("th, td")] for row in page.document.select("tbody tr")]


@KINDS
def test_only_coordinators_import(cast: Cast, kind: Kind) -> None:
    for name in ("host", "staff", "expert", "decision_maker", "administrator", "visitor"):
        cast.client(name).get(kind.address, 404)
        cast.client(name).post(kind.address, 404)
        cast.client(name).get(f"{kind.address}/template.csv", 404)


@KINDS
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_its_file_holds_in_the_readers_words(cast: Cast, kind: Kind, language: Language) -> None:
    page = cast.client("coordinator", language=language).get(kind.address)
    for one in kind.explained:
        with speaking(language):
            assert kind.header(one.column) in page.text
    for ending in ("xlsx", "csv"):
        for stem in ("template", "example"):
            assert f"{kind.address}/{stem}.{ending}" in page.links.values()


@KINDS
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_downloaded_is_understood_when_it_comes_back(
    cast: Cast, kind: Kind, ending: str, language: Language
) -> None:
    client = cast.client("coordinator", language=language)
    for stem, count in (("template", 0), ("example", 2)):
        page = client.get(f"{kind.address}/{stem}.{ending}")
        found = read(page.body, kind.columns)
        assert (len(found.rows), found.ignored) == (count, [])
        assert set(found.headers) == {one.column for one in kind.explained}
        assert page.headers["Content-Disposition"].endswith(f".{ending}")


@KINDS
def test_the_example_itself_can_be_looked_through(cast: Cast, kind: Kind) -> None:
    with speaking("fi"):
        example = cast.client("coordinator", language="fi").get(f"{kind.address}/example.xlsx").body
    page = cast.client("coordinator").get(send(cast, example, kind.address))
    assert "/save" in page.form(button="Save").action
    assert "Nothing is saved yet." in page.text


def test_other_files_are_not_there(cast: Cast) -> None:
    for name in ("template.pdf", "template", "example.csv.exe", "secret.csv"):
        cast.client("coordinator").get(f"/units/import/{name}", 404)


def test_templates_open_right_in_finnish_spreadsheets(cast: Cast) -> None:
    page = cast.client("coordinator").get("/units/import/template.csv")
    assert page.body.startswith(b"\xef\xbb\xbfname_fi;")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    page = cast.client("coordinator").get("/units/hosting-hours/import/example.xlsx")
    cell = load_workbook(BytesIO(page.body)).worksheets[0]["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("9.00", "s", "@"), "a time stays as it was written"


def test_a_file_is_looked_at_saved_and_leads_to_the_units(cast: Cast) -> None:
    address = send(cast, scenes.UNITS)
    page = cast.client("coordinator").get(address)
    assert rows(page)[0] == ["2", "Haagan terveysasema", "Is added"]
    assert len(cast.client("coordinator").get("/units/").document.select("tbody tr")) == 3
    page = save(page)
    assert "The units were saved." in page.text
    assert "Haagan terveysasema" in page.click("Look at the units").text
    again = cast.client("coordinator").get(send(cast, scenes.UNITS))
    assert "Nothing changes: all of this is in Kierto already." in again.text
    assert not [form for form in again.forms if "Save" in form.buttons]


def test_what_is_not_to_be_saved_is_left(cast: Cast) -> None:
    page = cast.client("coordinator").get(send(cast, scenes.UNITS))
    left = page.form(button="Do not save").submit().follow()
    assert "This was stopped. Nothing was saved." in left.text
    with reading():
        assert session.scalars(select(Job.file)).all() == [None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_job_reads_well_in_each_language(cast: Cast, language: Language) -> None:
    client = cast.client("coordinator", language=language)
    files = (
        ("/units/import", scenes.UNITS),
        ("/units/hosting-hours/import", b"unit,weekday,from,to\nKallion terveysasema,ma,9,12\n"),
        ("/experts/import", "nimi,sähköposti,teema\nMaija,maija@example.fi,x\n".encode()),
    )
    for address, content in files:
        where = send(cast, content, address)
        assert client.get(where).document.select("form[action$='/save']")
        bad = send(cast, b"x;y\n1;2\n", address)
        assert client.get(bad).document.select("table")
        client.post(f"{where}/save", 302)
        scenes.work()
        assert client.get(where).document.select("[data-color=success]")


def test_problems_are_listed_by_row_and_column_and_nothing_is_saved(cast: Cast) -> None:
    for language in LANGUAGES:
        address = send(cast, (HEADER + "Uusi;<b>noita</b>;Katu 1;Porvoo;1\n;ward;;Porvoo;2").encode())
        page = cast.client("coordinator", language=language).get(address)
        table = page.document.select_one("table")
        assert table is not None
        found = [(row.select("th, td")[0].text, row.select("th, td")[1].text) for row in table.select("tbody tr")]
        assert found == [("2", "service"), ("3", "name_fi"), ("3", "street_address")]
        assert "<b>noita</b>" in table.text, "what the file says is shown as text"
        assert "phone" in page.text
        assert "/units/import" in page.links.values()
        if language == "en":
            assert "Nothing was saved. Mend the file and try again." in page.text
            assert "3 things to mend" in page.text


def test_only_the_first_problems_are_listed(cast: Cast) -> None:
    content = HEADER + "Uusi;;Katu 1;Porvoo\n" * 250
    page = cast.client("coordinator").get(send(cast, content.encode()))
    assert len(page.document.select("tbody tr")) == preview.LISTED
    assert "Only the first ones are listed here." in page.text


def test_an_import_of_experts_shows_no_names(cast: Cast) -> None:
    content = "nimi;sähköposti;diagnoosi\nSalainen Ihminen;salainen@example.fi;x\n".encode()
    page = cast.client("coordinator").get(send(cast, content, "/experts/import"))
    assert rows(page) == [["2", "Is added"]]
    assert "diagnoosi" in page.text
    saved = save(page)
    for one in (page, saved):
        assert "alainen" not in one.text
    assert "The experts were saved." in saved.text


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


def test_an_empty_file_is_no_file(cast: Cast) -> None:
    page = cast.client("coordinator").get("/units/import").form().submit(422, file=(b"", "units.csv"))
    assert "The file is empty." in page.field_errors["file"]


@pytest.mark.parametrize("name", ["host", "expert", "neighbour", "visitor"])
def test_only_the_organisations_coordinators_see_and_save_what_was_looked_at(cast: Cast, name: str) -> None:
    address = send(cast, scenes.UNITS)
    cast.client(name).get(address, 404)
    cast.client(name).post(f"{address}/save", 404)
    scenes.work()
    assert "Nothing is saved yet." in cast.client("coordinator").get(address).text
