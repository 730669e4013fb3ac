"""The headers that protect people, on every kind of page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, g, session

from kierto.actor import Actor
from kierto.settings import Settings
from kierto.web import headers


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Flask]:
    def app_at(base_url: str = "http://localhost") -> Flask:
        app = Flask("kierto")
        environ = {"KIERTO_INSTANCE": str(tmp_path), "KIERTO_BASE_URL": base_url}
        app.config.update(KIERTO=Settings.from_environ(environ), SECRET_KEY="a secret of the tests")
        headers.set_up(app)

        @app.get("/public")
        def public() -> str:
            return "anyone"

        @app.get("/own")
        def own() -> str:
            g.actor = Actor(person_id=1)
            return "mine"

        @app.get("/answer/<token>")
        def answer(token: str) -> str:
            return token

        @app.get("/feed")
        def feed() -> Response:
            return Response("BEGIN", mimetype="text/calendar", headers={"Cache-Control": "public, max-age=300"})

        @app.get("/remembers")
        def remembers() -> str:
            session["seen"] = True
            return "seen"

        return app

    return app_at


def test_a_page_loads_nothing_from_elsewhere_and_is_framed_by_nobody(make: Callable[..., Flask]) -> None:
    policy = make().test_client().get("/public").headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy
    assert not any("unsafe" in part for part in policy)


@pytest.mark.parametrize("path", ["/public", "/own", "/answer/secret", "/feed", "/nowhere"])
def test_no_answer_goes_without_them(make: Callable[..., Flask], path: str) -> None:
    sent = make().test_client().get(path).headers
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in sent["Permissions-Policy"]
    assert sent["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_secret_address_is_told_to_nobody(make: Callable[..., Flask]) -> None:
    sent = make().test_client().get("/answer/secret").headers
    assert sent["Referrer-Policy"] == "no-referrer"
    assert sent["Cache-Control"] == "private, no-store"


def test_what_one_person_sees_is_kept_nowhere(make: Callable[..., Flask]) -> None:
    client = make().test_client()
    assert client.get("/own").headers["Cache-Control"] == "private, no-store"
    assert client.get("/remembers").headers["Cache-Control"] == "private, no-store"
    assert client.get("/public").headers["Cache-Control"] == "private, no-cache"


def test_a_page_differs_by_language_and_session(make: Callable[..., Flask]) -> None:
    assert set(make().test_client().get("/public").vary) == {"Accept-Language", "Cookie"}


def test_a_view_keeps_what_it_has_set_itself(make: Callable[..., Flask]) -> None:
    answer = make().test_client().get("/feed")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert not answer.vary


def test_tls_is_asked_for_only_where_there_is_tls(make: Callable[..., Flask]) -> None:
    assert "Strict-Transport-Security" not in make().test_client().get("/public").headers
    secure = make("https://kierto.example.fi").test_client().get("/public").headers
    assert secure["Strict-Transport-Security"].startswith("max-age=")
