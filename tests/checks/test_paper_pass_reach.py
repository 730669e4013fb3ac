"""A paper pass reaches its person's meetings and answers, and nothing else: tried with every address and method."""

import re
from difflib import unified_diff

import pytest
from flask import Flask

from kierto.pages.passes.right import PASS
from kierto.web.guard import Guarded
from tests.cast import NAMES, Cast
from tests.checks.permissions import TABLE, Row
from tests.checks.test_permissions import address_of, ids, prepared, rule_of
from tests.client import Client, Page
from tests.databases import SQLITE, Database
from tests.scenes_passes import opened, pass_made

CHANGES_EACH_TIME = re.compile(r'name="csrf_token"[^>]*|[\w.~-]{60,}|[0-9a-hjkmnp-tv-z]{10}')
"""Tokens, and references of what is made anew for each try."""

REF = 10
"""How long a reference is."""

REACHES = {
    ("GET", "/pass/<token>"),  # leads on at once
    ("GET", "/pass/<token>/meetings"),
    ("GET", "/pass/<token>/close"),
    ("POST", "/pass/<token>/close"),
    ("GET", "/pass/<token>/seats/<ref>/answer"),
    ("POST", "/pass/<token>/seats/<ref>/answer"),
}


Heard = tuple[int, str, str]
"""A status, where it leads, and what the page says."""


def heard(page: Page, refs: dict[str, str]) -> Heard:
    """What somebody gets, without what is another thing each time."""
    words = (page.headers.get("Location", ""), page.html if page.is_html else "")
    for name, value in refs.items():
        if len(value) < REF:  # a word, and the same each time
            continue
        words = (words[0].replace(value, name), words[1].replace(value, name))
    return page.status, CHANGES_EACH_TIME.sub("…", words[0]), CHANGES_EACH_TIME.sub("…", words[1])


def tried(client: Client, method: str, address: str, refs: dict[str, str]) -> Heard:
    """Any status will do; what counts is that it is the same."""
    with client.app.app_context():
        token = {"csrf_token": client.csrf_token()} if method != "GET" else {}
        response = client.browser.open(address, method=method, data=token, headers={"Accept-Language": "en"})
        response.get_data()
    return heard(Page(client, f"http://localhost{address}", response), refs)


def difference(visitor: Heard, holder: Heard) -> str:
    """For the message of a failing test."""
    return "\n".join(
        [f"{visitor[:2]} and {holder[:2]}", *unified_diff(visitor[2].splitlines(), holder[2].splitlines(), lineterm="")]
    )


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_the_pass_makes_a_difference_only_where_it_should(cast: Cast, database: Database, row: Row) -> None:
    """Who holds it gets what a visitor gets: of all there is, by every method."""
    refs = prepared(database, cast)
    visitor = tried(cast.client(), row.method, address_of(row, refs), refs)
    if row.method == "POST":  # it may have changed what the next one finds
        refs = prepared(database, cast)
    holder = tried(opened(cast, refs["pass"]), row.method, address_of(row, refs), refs)
    reached = (row.method, rule_of(row)) in REACHES
    assert (holder != visitor) == reached, difference(visitor, holder)
    assert reached or NAMES["expert"][0] not in holder[2]


@pytest.mark.only(SQLITE)
def test_other_methods_reach_nothing(cast: Cast, database: Database) -> None:
    refs = prepared(database, cast)
    client = opened(cast, refs["pass"])
    for address in {address_of(row, refs) for row in TABLE}:
        for method in ("PUT", "PATCH", "DELETE"):
            assert tried(client, method, address, refs)[0] == 405


@pytest.mark.only(SQLITE)
def test_exactly_these_views_declare_it(app: Flask) -> None:
    declared = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if isinstance(view := app.view_functions[rule.endpoint], Guarded) and view.right is PASS
    }
    assert declared == REACHES - {("GET", "/pass/<token>")}


@pytest.mark.only(SQLITE)
def test_a_pass_of_a_coordinator_reaches_no_more(cast: Cast) -> None:
    """Whatever else the person is stays behind."""
    token = pass_made(cast, "coordinator")
    client = opened(cast, token)
    client.get(f"/pass/{token}/meetings")
    client.get("/me", 403)
    client.get("/rounds/new", 404)
    client.get(f"/rounds/{cast.spring.ref}", 404)
