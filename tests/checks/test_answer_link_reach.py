"""An answer link reaches its one seat, and nothing else: neither does the device on which it was opened."""

import pytest
from flask import Flask

from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.pages.answer.right import ANSWER_LINK
from kierto.people.actions import give_role
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState
from kierto.web.guard import Guarded
from tests.cast import NAMES, Cast
from tests.checks.permissions import TABLE, Row
from tests.checks.test_paper_pass_reach import difference, tried
from tests.checks.test_permissions import address_of, ids, prepared
from tests.client import Client
from tests.databases import SQLITE, Database
from tests.scenes import seat_taken
from tests.scenes_answering import answer_of

REACHES = {("GET", "/answer/<token>"), ("POST", "/answer/<token>")}


def used(cast: Cast, token: str) -> Client:
    """A stranger's browser in which the link was opened and answered with."""
    client = cast.client()
    client.get(f"/answer/{token}").form().submit(303, answer="call").follow()
    return client


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=ids)
def test_a_device_on_which_it_was_opened_gets_what_a_visitor_gets(cast: Cast, database: Database, row: Row) -> None:
    refs = prepared(database, cast)
    opened = used(cast, refs["answer"])
    visitor = tried(cast.client(), row.method, address_of(row, refs), refs)
    holder = tried(opened, row.method, address_of(row, refs), refs)
    assert holder == visitor, difference(visitor, holder)
    assert NAMES["expert"][0] not in holder[2]


@pytest.mark.only(SQLITE)
def test_exactly_these_views_declare_it(app: Flask) -> None:
    declared = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if isinstance(view := app.view_functions[rule.endpoint], Guarded) and view.right is ANSWER_LINK
    }
    assert declared == REACHES


def test_it_answers_for_its_own_seat_only(cast: Cast) -> None:
    """Not for another seat of the same person, whatever is sent along."""
    other = seat_taken(cast, "expert", cast.proposed)
    token = answer_of(cast, cast.seat.id)
    data = {"answer": "no", "ref": other.ref, "seat": other.ref, "token": answer_of(cast, other.id)}
    cast.client().post(f"/answer/{token}?ref={other.ref}", 303, data)
    with reading():
        states = {id_: session.get_one(Seat, id_).state for id_ in (cast.seat.id, other.id)}
    assert states == {cast.seat.id: SeatState.WITHDRAWN, other.id: SeatState.ACCEPTED}


def test_roles_of_the_person_stay_behind(cast: Cast) -> None:
    with writing():
        give_role(cast.actor("coordinator"), cast.people["expert"].load(), cast.organisation.id, Role.COORDINATOR)
    page = cast.client().get(f"/answer/{answer_of(cast, cast.seat.id)}")
    inside = ("/desk", "/rounds", "/units", "/me/", "/experts")
    assert not [link for link in page.all_links if link == "/me" or link.startswith(inside)]


def test_a_token_of_another_kind_or_a_changed_one_opens_nothing(cast: Cast, database: Database) -> None:
    refs = prepared(database, cast)
    token = answer_of(cast, cast.seat.id)
    for other in (token[:-1], token + "x", refs["token"], refs["change"], refs["pass"], "x"):
        page = cast.client().get(f"/answer/{other}", 302)
        assert page.location == f"/answer/{other}/ended"
        assert page.follow(410).heading == "This link no longer works"
        cast.client().post(f"/answer/{other}", 302, {"answer": "no"})
    for address in ("/sign-in/", "/pass/", "/invitation/", "/contact/"):
        assert cast.client().browser.get(f"{address}{token}").status_code in (200, 404, 410)
