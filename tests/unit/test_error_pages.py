"""Error pages without a database, without a session, without anything but the application itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from kierto.errors import Forbidden, NotFound, Refused, Rule
from kierto.settings import Settings
from kierto.web import error_pages, forms, headers, rendering
from kierto.words import LANGUAGES, Language, speaking

RULE = Rule("seat-capacity", "The meeting is full.")
FAULTS = {
    403: Forbidden(),
    404: NotFound(),
    409: IntegrityError("insert", {}, Exception("FOREIGN KEY constraint failed")),
    422: Refused(RULE),
    500: RuntimeError("broken"),
    503: OperationalError("select 1", {}, Exception("database is locked")),
}
STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    app = Flask("kierto", static_folder="static")
    app.config["KIERTO"] = Settings.from_environ({"KIERTO_INSTANCE": str(tmp_path), "KIERTO_HELP_PHONE": "09 310 1234"})
    app.config["SECRET_KEY"] = "a secret of the tests"
    for part in (rendering, forms, headers, error_pages):
        part.set_up(app)

    @app.get("/fail/<int:status>")
    def fail(status: int) -> str:
        raise FAULTS[status]

    @app.get("/abort/<int:status>")
    def stop(status: int) -> str:
        abort(status)

    @app.post("/post")
    def post() -> str:
        return "sent"

    with speaking("en"):
        yield app.test_client()


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_a_page_that_says_what_to_do(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/abort/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert len(re.findall("<h1", answer.text)) == 1
    assert "09\N{NO-BREAK SPACE}310\N{NO-BREAK SPACE}1234" in answer.text
    assert f"Error {status}" in answer.text


@pytest.mark.parametrize("status", FAULTS)
def test_what_actions_raise_becomes_its_page(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/fail/{status}")
    assert answer.status_code == status
    assert f"Error {status}" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_readers_language(client: FlaskClient, language: Language) -> None:
    with speaking(language):
        assert f'<html lang="{language}"' in client.get("/nowhere").text


def test_a_stray_refusal_says_its_rule(client: FlaskClient) -> None:
    assert "The meeting is full." in client.get("/fail/422").text


def test_a_fault_is_logged_and_not_shown(client: FlaskClient) -> None:
    with capture_logs() as lines:
        answer = client.get("/fail/500")
    assert [line["event"] for line in lines] == ["request failed"]
    assert "broken" not in answer.text


def test_a_busy_database_asks_to_wait(client: FlaskClient) -> None:
    assert client.get("/fail/503").headers["Retry-After"] == "30"


def test_a_wrong_method_tells_the_right_one(client: FlaskClient) -> None:
    answer = client.get("/post")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_error_pages_are_protected_like_all_others(client: FlaskClient) -> None:
    assert "default-src 'none'" in client.get("/nowhere").headers["Content-Security-Policy"]


def test_a_stale_form_can_be_sent_again_with_all_that_was_typed(client: FlaskClient) -> None:
    typed = {"name": "Kallio & <b>", "units": ["1", "2"], "csrf_token": "of an earlier session"}
    answer = client.post("/post?step=2", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert 'action="/post?step=2"' in answer.text
    assert 'name="name" value="Kallio &amp; &lt;b&gt;"' in answer.text
    assert answer.text.count('name="units"') == 2
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    assert client.post("/post", data={"csrf_token": token[1]}).text == "sent"


def test_an_old_browser_is_known_by_its_origin(client: FlaskClient) -> None:
    answer = client.post("/post", data={"name": "Kallio"}, headers={"Origin": "http://localhost"})
    assert 'value="Kallio"' in answer.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.test"}, {}]
)
def test_a_strangers_page_cannot_have_its_form_sent_again(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/post", data={"name": "Kallio"}, headers=headers)
    assert answer.status_code == 400
    assert "Kallio" not in answer.text
