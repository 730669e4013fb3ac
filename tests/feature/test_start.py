"""The start page and what Kierto is."""

import pytest

from tests.cast import Cast
from tests.databases import Database


def test_a_visitor_sees_what_it_is_what_comes_and_what_spreads(cast: Cast) -> None:
    page = cast.client().get("/")
    assert f"/meetings/{cast.confirmed.ref}" in page.links.values()
    assert f"/practices/{cast.practice.ref}" in page.links.values()
    assert f"/meetings/{cast.proposed.ref}" not in page.links.values()
    assert {"/apply", "/about#unit"} <= set(page.links.values())


def test_the_organisations_people_see_its_own_meetings_too(cast: Cast) -> None:
    assert f"/meetings/{cast.proposed.ref}" in cast.client("expert").get("/").links.values()


def test_where_there_is_nothing_yet_it_says_what_will_be(database: Database, cast: Cast) -> None:
    from kierto import clock
    from tests.cast import EARLIER

    with clock.at(EARLIER.replace(year=2040)):
        assert "No public meetings are coming up" in cast.client().get("/").text


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("visitor", ["/meetings/", "/practices/"]),
        ("expert", ["/meetings/", "/practices/", "/me"]),
        ("host", ["/me", "/meetings/", "/practices/", "/rounds/", "/units/"]),
        (
            "coordinator",
            ["/desk", "/meetings/", "/practices/", "/rounds/", "/units/", "/experts/", "/organisation", "/me"],
        ),
        ("outsider", ["/meetings/", "/practices/", "/me"]),
    ],
)
def test_the_main_navigation_is_of_use_to_who_reads_it(cast: Cast, who: str, expected: list[str]) -> None:
    page = cast.client(who).get("/about")
    assert [link.attr("href") for link in page.document.select(".k-navigation a")] == expected


def test_it_says_who_one_is_signed_in_as(cast: Cast) -> None:
    page = cast.client("expert").get("/")
    assert "Signed in as Matti Virtanen" in page.whole_text
    assert page.form("/sign-out").buttons == ["Sign out"]
    assert "/sign-in" in cast.client().get("/").all_links


@pytest.mark.parametrize(
    ("page", "way_in"),
    [
        ("/", "/sign-in"),
        ("/meetings/?theme=encounter", "/sign-in?next=%2Fmeetings%2F%3Ftheme%3Dencounter"),
        ("/about", "/sign-in?next=%2Fabout"),
        ("/sign-in", "/sign-in"),
    ],
)
def test_the_way_in_keeps_where_one_was(cast: Cast, page: str, way_in: str) -> None:
    """But from the start page it leads to one's own page."""
    link = cast.client().get(page).document.select_one(".k-signed-in a")
    assert link is not None
    assert link.attr("href") == way_in


@pytest.mark.parametrize("start", ["/meetings", "/rounds", "/units", "/experts", "/jobs", "/seats"])
def test_a_visitor_is_told_to_sign_in_whether_the_thing_exists_or_not(cast: Cast, start: str) -> None:
    """Deny by default hides it; the answer gives nothing away, and whoever signs in comes back."""
    hidden = {"/meetings": cast.proposed.ref, "/units": cast.unit.ref, "/rounds": cast.spring.ref}.get(start, "0" * 10)
    end = {"/seats": "/companions", "/units": "/practices"}.get(start, "")
    pages = [cast.client().get(f"{start}/{ref}{end}", 404) for ref in (hidden, "nothing000")]
    for page in pages:
        assert page.heading == "Sign in first"
        assert page.links["Sign in"] == f"/sign-in?next={page.path.replace('/', '%2F')}"
    first, second = (page.text.replace(page.path, "") for page in pages)
    assert first == second
    assert "Sign in" not in cast.client("expert").get(f"{start}/nothing000{end}", 404).links


def test_an_address_that_no_page_has_is_only_not_found(cast: Cast) -> None:
    assert cast.client().get("/nowhere", 404).heading == "We did not find the page"


def test_about_says_whom_to_call(cast: Cast) -> None:
    page = cast.client().get("/about")
    assert (
        page.links["09\N{NO-BREAK SPACE}310\N{NO-BREAK SPACE}10000".replace("\N{NO-BREAK SPACE}", " ")]
        == "tel:0931010000"
    )
    assert "/demo" not in page.all_links


def test_about_without_a_number_says_where_to_ask(database: Database, cast: Cast) -> None:
    app = database.another_app(help_phone="", help_email="")
    page = cast.client(app=app).get("/about")
    assert "Ask for the coordinator" in page.text
    assert "We help you" not in page.whole_text


def test_the_demonstration_says_that_it_is_one(database: Database, cast: Cast) -> None:
    app = database.another_app(demo=True)
    page = cast.client(app=app).get("/")
    assert "This is a demonstration." in page.whole_text
    assert {"/demo", "/demo/mail"} <= set(page.all_links)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_language_switch_stays_on_the_page(cast: Cast, language: str) -> None:
    page = cast.client(language="en").get(f"/about?lang={language}")
    current = page.document.select_one(".k-languages [aria-current]")
    assert current is not None
    assert current.attr("lang") == language
    assert all(str(link.attr("href")).startswith("/about?lang=") for link in page.document.select(".k-languages a"))
