"""Static files are kept long where their address names their content, and sent small to who can unpack them."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kierto.settings import Settings
from kierto.web import headers, static_files

CSS = "a { color: red; }\n" * 100


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    (tmp_path / "a.css").write_text(CSS)
    (tmp_path / "a.woff2").write_bytes(bytes(1000))
    app = Flask("kierto", static_folder=str(tmp_path), static_url_path="/static")
    app.config["KIERTO"] = Settings.from_environ({"KIERTO_INSTANCE": str(tmp_path)})
    app.config["SECRET_KEY"] = "a secret of the tests"
    app.add_url_rule("/page", "page", lambda: CSS)
    for part in (headers, static_files):
        part.set_up(app)
    return app.test_client()


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """The answer, read whole, so that the file behind it is closed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named, buffered=True)


def test_a_named_content_is_kept_for_a_year(client: FlaskClient) -> None:
    assert get(client, "/static/a.css?v=0123456789").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_address_that_names_no_content_is_kept_for_a_day(client: FlaskClient) -> None:
    assert get(client, "/static/a.woff2").headers["Cache-Control"] == "public, max-age=86400"


def test_what_is_not_there_is_not_kept(client: FlaskClient) -> None:
    assert "immutable" not in get(client, "/static/b.css?v=0123456789").headers.get("Cache-Control", "")


def test_text_is_sent_small(client: FlaskClient) -> None:
    answer = get(client, "/static/a.css", Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 100
    assert gzip.decompress(answer.data).decode() == CSS


def test_who_cannot_unpack_gets_it_whole(client: FlaskClient) -> None:
    answer = get(client, "/static/a.css")
    assert "Content-Encoding" not in answer.headers
    assert answer.text == CSS
    assert "Accept-Encoding" in answer.vary


def test_what_is_small_already_stays_as_it_is(client: FlaskClient) -> None:
    answer = get(client, "/static/a.woff2", Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer.headers


def test_pages_are_never_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in get(client, "/page", Accept_Encoding="gzip").headers


def test_a_compressed_file_that_is_unchanged_is_not_sent_again(client: FlaskClient) -> None:
    first = get(client, "/static/a.css?v=1", Accept_Encoding="gzip")
    etag = first.headers["ETag"]
    again = get(client, "/static/a.css?v=1", Accept_Encoding="gzip", If_None_Match=etag)
    assert etag.startswith("W/")
    assert again.status_code == 304
    assert "immutable" in again.headers["Cache-Control"]
