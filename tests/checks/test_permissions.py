"""The application does what the hand-reviewed table says, for everyone of the cast and every address there is."""

import re
from email.message import EmailMessage
from mailbox import Maildir

import pytest
from flask import Flask

from kierto.database import writing
from kierto.jobs.actions import enqueue
from kierto.messages.transport import maildir_path
from kierto.policy import permissions
from kierto.rounds.actions import create_round
from kierto.sign_in.actions import Device, new_sign_in_link
from kierto.sign_in.contacts import change_contact
from kierto.sign_in.models import Channel
from kierto.sign_in.tokens import confirming_token, link_token
from kierto.units.importing import KIND
from kierto.web.guard import Guarded
from tests.cast import EVERYBODY, HELD_ON, NOW, Cast, plan
from tests.checks.permissions import DEMO, TABLE, Row
from tests.databases import SQLITE, Database
from tests.scenes import swap_asked
from tests.scenes_answering import answer_of
from tests.scenes_applying import application_refs
from tests.scenes_own_data import obstacle_told
from tests.scenes_passes import pass_made, ref_of_expert
from tests.scenes_providers import provider_added
from tests.scenes_staff import staff_refs

TRIED_WITH = re.compile(r"<(\w+)(?::(\w+))?>")


def rule_of(row: Row) -> str:
    """The address as the application writes it: `/rounds/<ref>/book/<unit>`."""
    return TRIED_WITH.sub(r"<\1>", row.address)


def address_of(row: Row, refs: dict[str, str]) -> str:
    return TRIED_WITH.sub(lambda found: refs[found[2] or found[1]], row.address)


def _refs_of(cast: Cast) -> dict[str, str]:
    """The cast's things by name, and what only this table needs."""
    with writing():
        job = enqueue(cast.actor("coordinator"), cast.organisation.id, KIND, {}, b"x", "yksikot.csv")
        coming = create_round(
            cast.actor("coordinator"), cast.organisation.id, plan("Tuleva", HELD_ON, HELD_ON.replace(year=2028))
        )
        link = new_sign_in_link(cast.people["expert"].load())
        secret_key = str(cast.app.config["KIERTO"].secret_key)
        change = change_contact(
            cast.actor("expert"), Channel.EMAIL, "uusi@kierto.test", Device("127.0.0.1", "tests"), secret_key
        )
    return {name: thing.ref for name, thing in cast.things().items()} | {
        "job": job.ref,
        "file": "template.csv",
        "coming": coming.ref,
        "host_person": cast.people["host"].ref,
        "expert_person": cast.people["other_expert"].ref,
        "service": "ward",
        "theme": "encounter",
        "token": link_token(link, secret_key),
        "channel": Channel.EMAIL.value,
        "change": confirming_token(change, secret_key),
        "pass": pass_made(cast),
        "answer": answer_of(cast, cast.seat.id),
        "provider": provider_added(cast, "http://127.0.0.1:9"),
        "pass_expert": ref_of_expert(cast),
        "expert_row": ref_of_expert(cast),
        "applicant_row": ref_of_expert(cast, "applicant"),
        "privacy": "privacy",
        "swap": swap_asked(cast).ref,
        "this_year": str(NOW.year),
        "feedback": obstacle_told(cast, cast.organisation.id).ref,
        "feedback_of_none": obstacle_told(cast, None).ref,
        **application_refs(cast),
        **staff_refs(cast),
    }


def prepared(database: Database, cast: Cast) -> dict[str, str]:
    """A fresh database in which the table's things are, and their references."""
    return database.fresh_with("table", lambda: _refs_of(cast))


def tried(app: Flask, cast: Cast, row: Row, name: str, refs: dict[str, str]) -> None:
    client = cast.client(name, app=app)
    if row.method == "GET":
        client.get(address_of(row, refs), expect=row.expected(name))
    else:
        client.post(address_of(row, refs), expect=row.expected(name))


def ids(row: Row) -> str:
    return f"{row.method} {row.address}"


@pytest.mark.only(SQLITE)  # on PostgreSQL too, what is visible is shown by test_visibility.py
@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=ids)
def test_who_may_open(app: Flask, cast: Cast, database: Database, row: Row) -> None:
    refs = prepared(database, cast)
    for name in EVERYBODY:
        tried(app, cast, row, name, refs)


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "POST"], ids=ids)
def test_who_may_press(app: Flask, cast: Cast, database: Database, row: Row) -> None:
    """Each with a database of their own: a press may change what the next one finds."""
    for name in EVERYBODY:
        tried(app, cast, row, name, prepared(database, cast))


def a_kept_mail(app: Flask) -> str:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Kokous on varattu", "host@kierto.test"
    mail.set_content("Tervetuloa.")
    folder = maildir_path(app.config["KIERTO"])
    assert folder is not None
    return Maildir(folder, create=True).add(mail)


@pytest.fixture
def demo_app(database: Database, app: Flask) -> Flask:
    """The same installation, declared a demo."""
    return database.another_app(demo=True)


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("row", DEMO, ids=ids)
def test_in_a_demo(demo_app: Flask, cast: Cast, row: Row) -> None:
    refs = _refs_of(cast) | {"mail": a_kept_mail(demo_app)}
    for name in EVERYBODY:
        tried(demo_app, cast, row, name, refs)


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("row", DEMO, ids=ids)
def test_elsewhere_there_is_no_demo(app: Flask, cast: Cast, row: Row) -> None:
    refs = _refs_of(cast) | {"mail": "1"}
    for name in ("visitor", "administrator"):
        cast.client(name).request(row.method, address_of(row, refs), 404)


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


@pytest.mark.only(SQLITE)
def test_every_route_is_in_the_table(app: Flask, demo_app: Flask) -> None:
    table = {(row.method, rule_of(row)) for row in TABLE}
    assert routes(app) == table
    assert routes(demo_app) == table | {(row.method, rule_of(row)) for row in DEMO}


@pytest.mark.only(SQLITE)
def test_every_permission_is_asked_for(app: Flask) -> None:
    """One that no view asks for protects nothing; SEE_PARTICIPANTS decides on a part of a page."""
    asked = {view.permission for view in app.view_functions.values() if isinstance(view, Guarded) and view.permission}
    assert {one.verb for one in permissions()} - {one.verb for one in asked} == {"participants.see"}
