"""`kierto upgrade`, `check`, `sign-in-link` and `demo`, as they are run by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from kierto.cli.check import check
from kierto.cli.demo import demo
from kierto.cli.sign_in_link import sign_in_link
from kierto.cli.upgrade import upgrade
from kierto.database import reading, session
from kierto.database.upgrade import downgrade, newest
from kierto.people.models import Person
from kierto.units.models import Organisation
from tests.cast import Cast
from tests.databases import Database

Run = Callable[..., Result]
COMMANDS = {"upgrade": upgrade, "check": check, "sign-in-link": sign_in_link, "demo": demo}


@pytest.fixture
def run(database: Database, cast: Cast) -> Run:
    """Runs a command on the test's database; `settings` are variables beside those that lead there."""
    found = database.settings

    def run(name: str, *arguments: str, **settings: str) -> Result:
        environ = {
            "KIERTO_INSTANCE": str(found.instance),
            "KIERTO_DATABASE_URL": found.database_url,
            "KIERTO_SECRET_KEY": found.secret_key,
            "KIERTO_ENCRYPTION_KEYS": ",".join(found.encryption_keys),
            "KIERTO_BASE_URL": found.base_url,
        }
        result = CliRunner().invoke(COMMANDS[name], arguments, env=environ | settings)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_upgrade_says_from_where_to_where(run: Run) -> None:
    assert run("upgrade").output == f"The database is up to date ({newest()}).\n"
    downgrade("0001")
    assert run("upgrade").output == f"The database was upgraded from 0001 to {newest()}.\n"


def test_check_finds_everything_in_order(run: Run, database: Database) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()] == [
        ["ok", "settings:"],
        ["ok", "instance:"],
        ["ok", "database:"],
        ["ok", "mail:"],
        ["ok", "text"],
    ]


def test_check_says_how_to_mend_an_old_database(run: Run) -> None:
    downgrade("0001")
    result = run("check")
    assert result.exit_code == 1
    assert f"MEND   database: its version is 0001, {newest()} is needed. Run `kierto upgrade`." in result.output


@pytest.mark.parametrize("url", ["sqlite:////dev/null/x.sqlite", "postgresql://kierto:hush@127.0.0.1:1/kierto"])
def test_check_says_when_the_database_is_out_of_reach(run: Run, url: str) -> None:
    result = run("check", KIERTO_DATABASE_URL=url)
    assert result.exit_code == 1
    assert "MEND   database: it cannot be reached" in result.output
    assert "hush" not in result.output


def test_check_says_whether_text_messages_can_leave(run: Run) -> None:
    key = {"KIERTO_SMS_KEY": "a key of the tests that both of them know"}
    result = run("check", KIERTO_SMS_URL="http://127.0.0.1:1/kierto", **key)
    assert "MEND   text messages: 127.0.0.1:1 does not answer" in result.output
    assert "KIERTO_SMS_URL" in result.output
    assert result.exit_code == 1
    assert "text messages: kept beside the mail" in run("check").output
    result = run("check", KIERTO_MAIL_URL="smtp://127.0.0.1:1")
    assert "people with only a phone cannot sign in" in result.output


def test_check_says_when_the_mail_server_is_out_of_reach(run: Run) -> None:
    result = run("check", KIERTO_MAIL_URL="smtp://kierto:hush@127.0.0.1:1")
    assert result.exit_code == 1
    assert "MEND   mail: 127.0.0.1:1 does not answer" in result.output
    assert "hush" not in result.output


def test_check_says_when_a_folder_cannot_be_written_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("check", KIERTO_MAIL_URL=f"maildir:{tmp_path}/file")
    assert result.exit_code == 1
    assert "KIERTO_MAIL_URL" in result.output


def test_check_makes_keys(run: Run) -> None:
    keys = {run("check", "--new-key").output.strip() for _ in range(2)}
    assert len(keys) == 2
    for key in keys:
        Fernet(key)


@pytest.mark.parametrize("by_reference", [False, True])
def test_a_link_lets_the_person_in(cast: Cast, run: Run, *, by_reference: bool) -> None:
    result = run("sign-in-link", cast.people["expert"].ref if by_reference else cast.email("expert").upper())
    assert result.exit_code == 0
    address = result.stdout.strip()
    assert address.startswith("http://localhost/sign-in/"), "only the link goes to standard output"
    assert "Matti Virtanen" in result.stderr
    client = cast.client(language="fi")
    path = address.removeprefix("http://localhost")
    client.get(path).form(action=path).submit(303)
    assert "Matti Virtanen" in client.get("/").whole_text


def test_nobody_gets_no_link(run: Run) -> None:
    result = run("sign-in-link", "nobody@kierto.test")
    assert result.exit_code == 1
    assert "Nobody is known as nobody@kierto.test" in result.stderr
    assert not result.stdout


def test_the_first_administrator_is_made_with_a_link(run: Run) -> None:
    result = run("sign-in-link", "First@kierto.test", "--create-administrator", "Ensimmäinen Ylläpitäjä")
    assert result.exit_code == 0
    assert "/sign-in/" in result.stdout
    with reading():
        made = session.scalars(select(Person).where(Person.email == "first@kierto.test")).one()
        assert (made.name, made.administrator) == ("Ensimmäinen Ylläpitäjä", True)


def test_nobody_becomes_an_administrator_by_the_way(cast: Cast, run: Run) -> None:
    result = run("sign-in-link", cast.email("expert"), "--create-administrator", "Matti")
    assert result.exit_code == 1
    assert "registered already" in result.stderr
    assert run("sign-in-link", "0123456789", "--create-administrator", "X").exit_code == 1
    with reading():
        assert not session.get_one(Person, cast.id("expert"), populate_existing=True).administrator


def test_the_demo_changes_nothing_where_there_is_something(app: Flask, run: Run) -> None:
    with reading():
        before = session.scalars(select(Organisation.id)).all()
    result = run("demo", KIERTO_DEMO="1")
    assert result.exit_code == 0
    assert "nothing was changed" in result.output
    with reading():
        assert session.scalars(select(Organisation.id)).all() == before


def test_invented_people_are_put_among_real_ones_by_nobody(run: Run) -> None:
    for arguments in ((), ("--units", "3")):
        result = run("demo", *arguments)
        assert result.exit_code == 1
        assert "Set KIERTO_DEMO=1" in result.output


def test_a_size_is_added_to_what_there_is(run: Run) -> None:
    result = run("demo", "--units", "3", "--meetings", "6", "--experts", "5", KIERTO_DEMO="1")
    assert result.exit_code == 0, result.output
    assert "3 units, 5 experts, 6 meetings" in result.output
    again = run("demo", "--units", "3", KIERTO_DEMO="1")
    assert again.exit_code == 1
    assert "give another --seed" in again.output
    assert run("demo", "--units", "2", "--meetings", "999999", KIERTO_DEMO="1").exit_code == 1
