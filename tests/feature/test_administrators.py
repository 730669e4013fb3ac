"""Administrators: people and roles found, given and ended, and the way from an empty installation to a coordinator."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask

from kierto.actor import Role
from kierto.app import create_app
from kierto.cli.sign_in_link import sign_in_link
from kierto.database import close, reading, writing
from kierto.database.upgrade import upgrade
from kierto.people.actions import approve_expert
from kierto.people.roles import give_administrator
from kierto.settings import Settings
from kierto.words import LANGUAGES
from tests.cast import Cast
from tests.client import Client
from tests.databases import settings_for
from tests.scenes_staff import delivered, link_of


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


def person_page(cast: Cast, name: str) -> str:
    return f"/admin/people/{cast.people[name].ref}"


def test_administration_begins_with_its_parts(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("administrator", language=language).get("/admin/")
        assert "/admin/people" in page.links.values()
        for address in page.links.values():
            if address.startswith("/admin/"):
                cast.client("administrator").get(address)


@pytest.mark.parametrize("asked", ["Leena Mäkelä", "  leena MÄKELÄ ", "staff@kierto.test", "STAFF@kierto.test"])
def test_somebody_is_found_by_the_whole_name_or_address(cast: Cast, asked: str) -> None:
    page = cast.client("administrator").get("/admin/people", query_string={"q": asked}).click("Leena Mäkelä")
    assert "Worker in a unit" in page.text
    assert "Kallion terveysasema" in page.text
    assert cast.email("staff") not in page.html, "their address is nothing an administrator needs"


@pytest.mark.parametrize("asked", ["Leena", "staff", "%", "Matti Virtanen", "Tuula Nieminen", "Ulla Ulkopuolinen"])
def test_no_part_of_a_name_finds_anybody_and_no_expert_is_found(cast: Cast, asked: str) -> None:
    page = cast.client("administrator").get("/admin/people", query_string={"q": asked})
    assert "Nobody with a role has this name or address." in page.text
    cast.client("administrator").get(person_page(cast, "expert"), 404)


def test_that_a_worker_is_an_expert_too_is_not_shown(cast: Cast) -> None:
    with writing():
        approve_expert(cast.actor("coordinator"), cast.people["staff"].load(), cast.organisation.id)
    assert "xpert" not in cast.client("administrator").get(person_page(cast, "staff")).text


def test_a_role_is_ended_by_an_administrator(cast: Cast) -> None:
    client = cast.client("administrator")
    page = client.get(person_page(cast, "staff"))
    form = page.form(button="End the role Worker in a unit, Kallion terveysasema")
    assert form.submit(303).location == "/admin/people"
    assert cast.actor("staff").units == frozenset()
    form.submit(404)


def test_the_only_coordinator_is_not_taken_out(cast: Cast) -> None:
    """Rule organisation-keeps-coordinator."""
    client = cast.client("administrator")
    page = client.get(person_page(cast, "coordinator"))
    page = page.form(button="End the role Coordinator, Rannikon hyvinvointialue").submit(303).follow()
    assert "only coordinator" in page.message
    assert cast.actor("coordinator").is_in(cast.organisation.id, Role.COORDINATOR)


def test_administrators_are_made_and_ended_but_never_the_last(cast: Cast) -> None:
    """Rule kierto-keeps-administrator."""
    client = cast.client("administrator")
    own = client.get(person_page(cast, "administrator"))
    assert "only administrator" in own.form(button="End the role Administrator").submit(303).follow().message
    page = client.get(person_page(cast, "decision_maker"))
    page = page.form(button="Make an administrator").submit(303).follow()
    assert "Pekka Järvinen is an administrator now." in page.message
    assert cast.actor("decision_maker").administrator
    there = own.form(button="End the role Administrator").submit(303)
    assert there.location == "/me"
    client.get("/admin/", 404)


def test_an_administrator_is_invited(cast: Cast, settings: Settings) -> None:
    form = cast.client("administrator").get("/admin/people").click("Invite an administrator").form()
    page = form.submit(303, name="Uusi", address="uusi@kierto.test").follow()
    assert "uusi@kierto.test" in page.text
    (mail,) = delivered(settings, to="uusi@kierto.test")
    there = cast.client().get(link_of(mail)).form().submit(303).follow()
    assert there.path == "/admin/"
    page = cast.client("administrator").get("/admin/people")
    assert "uusi@kierto.test" not in page.text
    assert "Uusi" in page.links


def test_an_invitation_to_administer_is_withdrawn(cast: Cast) -> None:
    client = cast.client("administrator")
    client.get("/admin/people/invite").form().submit(303, name="Uusi", address="uusi@kierto.test")
    page = client.get("/admin/people").form(button="Withdraw Uusi").submit(303).follow()
    assert page.path == "/admin/people"
    assert "uusi@kierto.test" not in page.text


def test_an_organisations_people_are_one_page_for_its_coordinators_and_administrators(cast: Cast) -> None:
    client = cast.client("administrator")
    page = client.get(f"/admin/organisations/{cast.organisation.ref}/people", 302).follow()
    assert page.path == f"/organisations/{cast.organisation.ref}/people"
    page = client.get(f"/admin/people/invite?organisation={cast.organisation.ref}", 302).follow()
    assert page.path == f"/organisations/{cast.organisation.ref}/people/invite"
    client.get("/admin/people/invite?organisation=0000000000", 404)


def test_the_queries_of_people_and_roles_do_not_grow(cast: Cast) -> None:
    client = cast.client("administrator")
    client.get("/admin/people")
    few = client.queries
    for name in ("staff", "worker", "host"):
        with writing():
            give_administrator(cast.actor("administrator"), cast.people[name].load())
    client.get("/admin/people")
    assert client.queries == few


def test_nobody_else_administers(cast: Cast) -> None:
    for name in ("coordinator", "host", "outsider", "visitor"):
        for address in ("/admin/", "/admin/people", "/admin/people/invite", person_page(cast, "staff")):
            cast.client(name).get(address, 404)
        cast.client(name).post(f"{person_page(cast, 'staff')}/administrator", 404)
    with reading():
        assert not cast.actor("staff").administrator


@pytest.fixture
def empty(tmp_path: Path, now: None) -> Iterator[Flask]:
    """An installation of which nobody knows yet: its tables are there, and nothing is in them."""
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'kierto.sqlite'}", tmp_path))
    with app.app_context():
        upgrade()
        yield app
        close()


def test_from_an_empty_installation_to_a_coordinator_who_imports_units(empty: Flask) -> None:
    """The way that the README tells: a command, and after it nothing but pages and messages."""
    settings: Settings = empty.config["KIERTO"]
    asked = CliRunner().invoke(
        sign_in_link,
        ["ylla@kierto.test", "--create-administrator", "Yllä Pito"],
        env={"KIERTO_INSTANCE": str(settings.instance), "KIERTO_DATABASE_URL": settings.database_url}
        | {"KIERTO_SECRET_KEY": settings.secret_key, "KIERTO_ENCRYPTION_KEYS": settings.encryption_keys[0]},
    )
    assert asked.exit_code == 0, asked.output
    administrator = Client(empty)
    administrator.get(urlsplit(asked.stdout.strip()).path).form().submit(303)
    page = administrator.get("/admin/?lang=en").click("Organisations").click("Make an organisation")
    made = page.form().submit(302, name_fi="Uusi hyvinvointialue").follow()
    page = made.click("Coordinators and decision-makers").click("Invite somebody")
    page.form().submit(303, role="coordinator", name="Kaija Koordinaattori", address="kaija@kierto.test")
    (mail,) = delivered(settings, to="kaija@kierto.test")
    coordinator = Client(empty)
    page = coordinator.get(link_of(mail)).form().submit(303).follow()
    assert page.path == "/me"
    assert page.click("Import units from a file").heading
