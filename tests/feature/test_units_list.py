"""The list of units: searched, filtered, paged, downloaded."""

import csv
import io

import pytest
from sqlalchemy import text

from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.pages.units.views import UNITS
from kierto.people.actions import give_role
from kierto.practices.retiring import retire_unit
from kierto.units.actions import add_organisation, add_unit, set_hours
from kierto.units.hosting import read
from kierto.units.models import Unit
from kierto.words import LANGUAGES, Localised
from tests.cast import Cast
from tests.client import Page


def add_units(cast: Cast, count: int, first: int = 0, name: str = "Yksikkö") -> None:
    with writing():
        for number in range(first, first + count):
            add_unit(
                cast.actor("coordinator"),
                cast.organisation.id,
                Localised(f"{name} {number:04}", f"Enhet {number:04}"),
                service_id=1 + number % 3,
                municipality="Porvoo",
                street_address=f"Hitaantie {number}",
            )


def retired(cast: Cast) -> None:
    with writing():
        add_units_id = add_unit(
            SYSTEM,
            cast.organisation.id,
            Localised("Vanha asema"),
            service_id=1,
            municipality="Vantaa",
            street_address="Vanhatie 1",
        )
        session.flush()
        retire_unit(cast.actor("coordinator"), add_units_id, None, "Yksikkö on lopetettu.")


def found(page: Page) -> list[str]:
    return [" ".join(cell.text.split()) for cell in page.document.select("tbody th")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=kallio", ["Kallion terveysasema"]),
        ("q=BERGHÄLLS", ["Kallion terveysasema"]),
        ("q=porthanin", ["Kallion terveysasema"]),
        ("q=vantaa", ["Tikkurilan kuntoutusosasto"]),
        ("q=helsinki+talvela", ["Malmin päihdepoliklinikka"]),
        ("q=asema+kallion", ["Kallion terveysasema"]),
        ("q=päihde-poliklinikka", ["Malmin päihdepoliklinikka"]),
        ("q=päihteet", []),
        ("q=100%25", []),
        ("service=substance-use", ["Malmin päihdepoliklinikka"]),
        ("municipality=Vantaa", ["Tikkurilan kuntoutusosasto"]),
        ("municipality=Helsinki&service=health-centre", ["Kallion terveysasema"]),
        ("show=no_contact", ["Tikkurilan kuntoutusosasto"]),
        ("show=retired", ["Vanha asema"]),
        ("show=retired&q=kallio", []),
        ("show=nonsense&service=nonsense", ["Kallion", "Malmin", "Tikkurilan"]),
    ],
)
def test_units_are_found(cast: Cast, query: str, names: list[str]) -> None:
    retired(cast)
    page = cast.client("coordinator").get(f"/units/?{query}")
    assert len(found(page)) == len(names)
    assert all(one.startswith(name) for one, name in zip(found(page), names, strict=True))
    if not names:
        assert "No unit was found" in page.text
        assert page.links["Show all units"] == "/units/"


def test_units_without_hours_are_found(cast: Cast) -> None:
    with writing():
        set_hours(cast.actor("host"), cast.unit.load(), read(2, "9–15"), version=1)
    page = cast.client("coordinator").get("/units/?show=no_hours")
    assert found(page) == ["Malmin päihdepoliklinikka", "Tikkurilan kuntoutusosasto"]


def test_what_was_searched_for_stays_in_the_form(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("coordinator", language=language).get("/units/?q=asema&municipality=Helsinki")
        form = next(form for form in page.forms if form.element.attr("role") == "search")
        assert form.values["q"] == ["asema"]
        assert form.values["municipality"] == ["Helsinki"]
        assert form.choices("municipality")["Helsinki"] == ("Helsingfors" if language == "sv" else "Helsinki")


def test_a_long_list_is_paged_and_counted_and_what_was_searched_for_goes_along(cast: Cast) -> None:
    add_units(cast, UNITS + 30)
    client = cast.client("coordinator")
    page = client.get("/units/?q=yksikkö&service=")
    assert f"{UNITS + 30} units" in page.text
    assert len(found(page)) == UNITS
    second = page.click("Show more")
    assert "q=yksikk" in page.links["Show more"]
    assert f"{UNITS + 30} units" in second.text
    assert len(found(second)) == 30
    assert "Show more" not in second.links
    assert sorted(found(page) + found(second)) == [f"Yksikkö {number:04}" for number in range(UNITS + 30)]
    assert found(second.click("To the beginning")) == found(page)


def test_the_queries_of_the_list_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get("/units/")
    few = client.queries
    add_units(cast, UNITS)
    client.get("/units/")
    assert client.queries == few
    assert few <= 8  # one of them finds whom the footer says to call


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    with writing():
        organisation = add_organisation(Localised("Uusi hyvinvointialue"))
        give_role(SYSTEM, cast.people["outsider"].load(), organisation.id, Role.COORDINATOR)
    page = cast.client("outsider").get("/units/")
    assert "No units yet" in page.text
    assert page.click("Add a unit").heading == "Add a unit"


def test_nobody_outside_finds_anything(cast: Cast) -> None:
    page = cast.client("neighbour").get("/units/?q=kallio")
    assert "No unit was found" in page.text
    assert found(cast.client("neighbour").get(f"/units/?after={cast.unit.ref}")) == [
        "Kajaanin terveysasema",
        "Sotkamon terveysasema",
    ]
    for name in ("visitor", "outsider", "decision_maker", "administrator"):
        cast.client(name).get("/units/units.csv", 404)


def test_the_list_is_downloaded_as_it_was_searched(cast: Cast) -> None:
    add_units(cast, 2, name="=SUM(A1) -yksikkö")
    page = cast.client("coordinator").get("/units/?q=yksikkö").click("Download the list for a spreadsheet")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(page.body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Name in Finnish", "Name in Swedish", "Name in English", "Service"]
    assert rows[1][0] == "'=SUM(A1) -yksikkö 0000", "no formula"
    assert len(rows) == 3
    swedish = cast.client("coordinator", language="sv").get("/units/units.csv?q=kallio").body.decode("utf-8-sig")
    assert "Helsingfors" in swedish


def test_search_uses_what_is_kept_folded(cast: Cast) -> None:
    """Every way of changing a unit keeps it in step: what is folded is what the name and address say."""
    add_units(cast, 2)
    with writing():
        for unit in session.query(Unit):
            kept = unit.folded
            unit.fold()
            assert unit.folded == kept
        assert session.scalar(text("SELECT count(*) FROM units WHERE folded = ''")) == 0
