"""Signing in by a link, and signing out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import Identified
from kierto.database import reading, session, writing
from kierto.sign_in.actions import new_sign_in_link
from kierto.sign_in.models import PersonSession, SessionBy, SignInRequest
from kierto.sign_in.tokens import hashed, link_token
from tests.cast import Cast
from tests.client import Client, Page
from tests.databases import Database


def link_for(cast: Cast, name: str) -> str:
    """The address of a fresh link of the person."""
    with writing():
        link = new_sign_in_link(cast.people[name].load())
        return f"/sign-in/{link_token(link, cast.app.config['KIERTO'].secret_key)}"


def links_used() -> list[bool]:
    with reading():
        return [used is not None for used in session.scalars(select(SignInRequest.used_at).order_by(SignInRequest.id))]


def enter(client: Client, path: str) -> Page:
    """Press the link's button; from then on the client is spoken to in the person's language."""
    page = client.get(path).form(action=path).submit(303)
    client.language = "fi"
    return page


def test_the_page_says_how_to_get_in(cast: Cast) -> None:
    page = cast.client().get("/sign-in")
    assert "Ask your coordinator" in page.text
    assert "09 310 10000" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "/demo" not in page.all_links
    assert "/me" in cast.client("expert").get("/sign-in").all_links


def test_in_a_demo_it_leads_to_the_people(cast: Cast, database: Database) -> None:
    demo = cast.client(app=database.another_app(demo=True))
    assert "/demo" in demo.get("/sign-in").links.values()


def test_opening_a_link_uses_nothing_up(cast: Cast) -> None:
    path = link_for(cast, "expert")
    scanner = cast.client()
    for _ in range(3):
        page = scanner.get(path)
        assert page.form(action=path).buttons == ["Sign in to Kierto"]
        assert scanner.browser.head(path).status_code == 200
    assert links_used() == [False]
    assert "Sign out" not in scanner.get("/").whole_text


def test_pressing_the_button_signs_in(cast: Cast) -> None:
    path, client = link_for(cast, "expert"), cast.client()
    page = enter(client, path)
    assert page.location == "/me"
    assert "Matti Virtanen" in client.get("/").whole_text
    assert links_used() == [True]
    with reading():
        own = session.scalars(select(PersonSession).order_by(PersonSession.id.desc())).first()
        assert own is not None
        assert (own.person_id, own.by, own.identified) == (cast.id("expert"), SessionBy.LINK, Identified.WEAKLY)
        assert own.expires_at - own.created_at == timedelta(days=30)


def test_it_speaks_the_persons_language_from_then_on(cast: Cast) -> None:
    path, client = link_for(cast, "other_expert"), cast.client(language="en")
    page = client.get(path).form(action=path).submit(303)
    assert "kierto_language=sv" in "; ".join(page.headers.getlist("Set-Cookie"))


def test_a_link_works_once(cast: Cast) -> None:
    path = link_for(cast, "expert")
    enter(cast.client(), path)
    late = cast.client()
    assert late.get(path, expect=410).heading == "This link no longer works"
    page = late.post(path, expect=410)
    assert "Ask your coordinator" in page.text
    assert "Sign out" not in late.get("/").whole_text


def test_a_link_works_for_half_an_hour(cast: Cast) -> None:
    path = link_for(cast, "expert")
    with clock.at(clock.now() + timedelta(minutes=29)):
        cast.client().get(path)
    with clock.at(clock.now() + timedelta(minutes=31)):
        cast.client().get(path, expect=410)
        cast.client().post(path, expect=410)
    assert links_used() == [False]


@pytest.mark.parametrize("token", ["x", "MQ.forged-signature", "%00", "a" * 500])
def test_what_is_no_link_of_ours_gets_the_same_calm_page(cast: Cast, token: str) -> None:
    client = cast.client()
    assert client.get(f"/sign-in/{token}", expect=410).heading == "This link no longer works"
    client.post(f"/sign-in/{token}", expect=410)


def test_who_is_in_already_is_told_so(cast: Cast) -> None:
    path, client = link_for(cast, "expert"), cast.client()
    enter(client, path)
    page = client.get(path, expect=410)
    assert "/me" in page.links.values()


def test_another_link_on_the_same_device_ends_the_session_before(cast: Cast) -> None:
    client = cast.client("expert")
    enter(client, link_for(cast, "host"))
    assert "Päivi Lahtinen" in client.get("/").whole_text
    with reading():
        own = PersonSession.token_hash == hashed(cast.token("expert"))
        before = session.scalar(select(PersonSession.ended_at).where(own))
    assert before is not None


def test_the_address_with_the_token_is_kept_from_everyone(cast: Cast) -> None:
    for page in (cast.client().get(link_for(cast, "expert")), cast.client().get("/sign-in/no", expect=410)):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "private, no-store"


def test_signing_out_ends_the_session_here_and_on_the_server(cast: Cast) -> None:
    client = cast.client("expert")
    page = client.get("/me")
    assert page.headers["Cache-Control"] == "private, no-store", "the back button shows nothing"
    left = page.form(action="/sign-out").submit(303)
    assert left.location == "/"
    assert any("kierto=;" in cookie for cookie in left.headers.getlist("Set-Cookie"))
    assert "Matti Virtanen" not in client.get("/").whole_text
    assert "Matti Virtanen" not in cast.client("expert").get("/").whole_text, "the copied cookie is of no use"
    assert "Matti Virtanen" in cast.client("expert", strongly=True).get("/").whole_text, "other devices stay"


def test_signing_out_twice_is_no_mistake(cast: Cast) -> None:
    cast.client().post("/sign-out", expect=303)


def test_a_session_ends_by_itself_after_a_month(cast: Cast) -> None:
    client = cast.client("expert")
    with clock.at(clock.now() + timedelta(days=31)):
        assert "Matti Virtanen" not in client.get("/").whole_text
