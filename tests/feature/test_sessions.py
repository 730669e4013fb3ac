"""The devices on which one is signed in: listed, ended one by one, ended all."""

import pytest
from sqlalchemy import select

from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.sign_in.actions import start_session
from kierto.sign_in.devices import spoken
from kierto.sign_in.models import PersonSession, SessionBy
from tests.cast import Cast
from tests.client import Client

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.6 Safari/605.1.15",
            "Safari, Mac",
        ),
        ("curl/8.14.1", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_in_plain_words(user_agent: str, words: str) -> None:
    assert spoken(user_agent) == words


def on_firefox(cast: Cast, name: str = "expert") -> Client:
    """Another device of the person's."""
    with writing():
        token = start_session(cast.id(name), SessionBy.CODE, FIREFOX)
    return Client(cast.app, token)


def test_the_page_lists_every_device_and_how_it_came_in(cast: Cast) -> None:
    client = cast.client("expert")
    before = len(client.get("/me/sessions").document.select("main h2"))
    on_firefox(cast)
    page = client.get("/me/sessions")
    headings = [" ".join(one.text.split()) for one in page.document.select("main h2")]
    assert headings[0].endswith("This device")
    assert "Firefox, Windows" in headings
    assert len(headings) == before + 1
    assert "With the code of a message" in page.text
    assert "Strong: shows what is kept most safely" in page.text
    assert page.text.count("This device") == 1


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    client = cast.client("expert")
    client.get("/me/sessions")
    few = client.queries
    for _ in range(5):
        on_firefox(cast)
    client.get("/me/sessions")
    assert client.queries == few


def test_a_stolen_cookie_that_is_ended_elsewhere_is_out_at_the_next_request(cast: Cast) -> None:
    thief = on_firefox(cast)
    thief.get("/me")
    own = cast.client("expert")
    page = own.get("/me/sessions")
    (form,) = [form for form in page.forms if form.action == "/me/sessions/end" and "Firefox" in " ".join(form.buttons)]
    done = form.submit(303).follow()
    assert done.message == "The device is signed out."
    assert "Firefox" not in done.text
    thief.get("/me", expect=403)
    thief.post("/me/sessions/end-others", expect=403)
    own.get("/me")
    cast.client("expert", strongly=True).get("/me")


def test_all_others_end_at_once(cast: Cast) -> None:
    others = [on_firefox(cast), on_firefox(cast), cast.client("expert", strongly=True)]
    own = cast.client("expert")
    page = own.get("/me/sessions")
    count = len(page.document.select("main h2")) - 1
    done = page.form(action="/me/sessions/end-others").submit(303).follow()
    assert done.message == f"{count} devices are signed out."
    assert "You are signed in nowhere else." in done.text
    for other in others:
        other.get("/me", expect=403)
    with reading():
        ended = session.scalars(select(Event).where(Event.kind == "session.ended")).all()
        assert len(ended) == count
        assert {event.actor_id for event in ended} == {cast.id("expert")}
        assert len({event.act for event in ended}) == 1


def test_nobody_ends_another_persons_session(cast: Cast) -> None:
    with reading():
        others = session.scalars(select(PersonSession).where(PersonSession.person_id == cast.id("host"))).first()
        assert others is not None
        handle = others.handle
    cast.client("expert").post("/me/sessions/end", expect=404, data={"session": handle})
    cast.client("host").get("/me")


def test_a_session_that_is_out_already_cannot_be_ended_again(cast: Cast) -> None:
    on_firefox(cast)
    own = cast.client("expert")
    form = own.get("/me/sessions").forms
    (press,) = [one for one in form if one.action == "/me/sessions/end" and "Firefox" in " ".join(one.buttons)]
    press.submit(303)
    press.submit(404)


def test_every_session_is_written_down(cast: Cast) -> None:
    on_firefox(cast)
    with reading():
        started = session.scalars(
            select(Event).where(Event.kind == "session.started").order_by(Event.id.desc()).limit(1)
        ).one()
        assert (started.actor_id, started.data) == (cast.id("expert"), {"by": "code", "identified": "weakly"})
