"""Text messages through a real HTTP hook: what it gets, and what becomes of each of its answers."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from kierto import clock
from kierto.database import session, writing
from kierto.messages import sms
from kierto.messages.actions import fan_out
from kierto.messages.models import MessageState
from kierto.messages.queries import kept_mails
from kierto.people.models import Person
from kierto.settings import Settings
from kierto.sign_in.models import Channel
from kierto.worker.delivery import Delivery
from tests.cast import Cast
from tests.scenes_sign_in import LEASE, PHONE, asked, messages, quiet, with_phone
from tests.sms import KEY, Hook, example, listening, parts


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening(Hook()) as running:
        yield running


@pytest.fixture
def due(cast: Cast) -> None:
    """The expert, who has only a phone, has asked to sign in."""
    quiet()
    with_phone(cast, "expert")
    asked(cast.client(), PHONE)
    with writing():
        assert fan_out(100).events == 1


def sending_to(app: Flask, hook: Hook) -> Settings:
    settings: Settings = app.config["KIERTO"]
    return replace(settings, sms_url=hook.url, sms_key=KEY)


def deliver(app: Flask, hook: Hook) -> Delivery:
    delivery = Delivery(sending_to(app, hook), LEASE)
    delivery.run(lambda: True)
    return delivery


def outcome() -> tuple[MessageState, int, str | None]:
    (message,) = messages()
    return message.state, message.attempts, message.fault


@pytest.mark.usefixtures("due")
def test_a_text_message_arrives_signed_as_the_documentation_says(app: Flask, hook: Hook) -> None:
    deliver(app, hook)
    assert outcome() == (MessageState.SENT, 1, None)
    (came,) = hook.came
    assert came.keys() == {"id", "to", "text", "language"}
    assert (came["to"], came["language"]) == (PHONE, "en")
    assert "/sign-in/" in came["text"]
    assert kept_mails(app.config["KIERTO"]) == [], "with a hook nothing is kept"
    ((body, headers),) = hook.bodies
    verified = example()
    signed = headers["Kierto-Timestamp"], headers["Kierto-Signature"]
    now = float(signed[0])
    assert verified(KEY, *signed, body, now + 60)
    assert not verified(KEY, *signed, body, now + 600), "an old one is refused"
    assert not verified(KEY, *signed, body + b" ", now)
    assert not verified("another key", *signed, body, now)
    assert not verified(KEY, str(int(now) + 1), signed[1], body, now)


@pytest.mark.usefixtures("due")
@pytest.mark.parametrize("status", [400, 410, 422])
def test_a_final_no_ends_the_message(app: Flask, hook: Hook, status: int) -> None:
    hook.answer = lambda _sms: status
    delivery = deliver(app, hook)
    assert outcome() == (MessageState.FAILED, 1, f"SMS hook: {status}")
    assert not delivery.pauses[Channel.SMS].left


@pytest.mark.usefixtures("due")
@pytest.mark.parametrize("status", [401, 404, 429, 500, 503, 302])
def test_a_fault_of_the_hooks_is_tried_again_with_the_same_id(app: Flask, hook: Hook, status: int) -> None:
    hook.answer = lambda _sms: status
    delivery = deliver(app, hook)
    assert outcome() == (MessageState.DUE, 1, f"SMS hook: {status}")
    assert delivery.pauses[Channel.SMS].left
    hook.answer = lambda _sms: 200
    with clock.at(clock.now() + timedelta(seconds=61)):
        deliver(app, hook)
    assert outcome() == (MessageState.SENT, 2, None)
    first, second = (json.loads(body) for body, _headers in hook.bodies)
    assert first == second


@pytest.mark.usefixtures("due")
def test_a_redirect_is_not_followed(app: Flask, hook: Hook) -> None:
    with listening(Hook()) as elsewhere:
        hook.answer, hook.location = lambda _sms: 307, elsewhere.url
        deliver(app, hook)
        assert elsewhere.bodies == []


@pytest.mark.usefixtures("due")
def test_a_hook_that_is_silent_or_away_holds_nothing_up(
    app: Flask, hook: Hook, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text message waits, mail goes on leaving."""
    asked(cast.client(), cast.email("host"))
    with writing():
        fan_out(100)
    monkeypatch.setattr(sms, "ANSWER_WITHIN", 0.2)
    hook.pause = lambda: time.sleep(0.6)
    deliver(app, hook)
    assert [(one.state, one.fault) for one in messages()] == [
        (MessageState.DUE, "SMS hook: ReadTimeout"),
        (MessageState.SENT, None),
    ]
    assert [mail.to for mail in kept_mails(app.config["KIERTO"])] == [cast.email("host")]


@pytest.mark.usefixtures("due")
def test_while_the_hook_is_down_the_others_wait_without_losing_an_attempt(app: Flask, cast: Cast) -> None:
    for _ in range(3):
        asked(cast.client(), PHONE)
    with writing():
        fan_out(100)
    down = replace(app.config["KIERTO"], sms_url="http://127.0.0.1:1/", sms_key=KEY)
    delivery = Delivery(down, LEASE)
    delivery.run(lambda: True)
    delivery.run(lambda: True)
    assert sorted(one.attempts for one in messages()) == [0, 0, 0, 1]
    assert delivery.pauses[Channel.SMS].length == 1
    assert not delivery.pauses[Channel.EMAIL].left


@pytest.mark.usefixtures("due")
def test_without_a_hook_and_with_a_mail_server_a_phone_is_out_of_reach(app: Flask) -> None:
    Delivery(replace(app.config["KIERTO"], mail_url="smtp://127.0.0.1:1"), LEASE).run(lambda: True)
    assert outcome()[0] is MessageState.UNREACHABLE


def test_who_has_only_a_phone_is_told_of_meetings_and_seats(app: Flask, cast: Cast, hook: Hook) -> None:
    """The cast's bookings: those of the host, who has lost the e-mail address, come as text messages."""
    with writing():
        host = session.get_one(Person, cast.id("host"))
        host.email, host.phone = None, PHONE
        fan_out(100)
    deliver(app, hook)
    assert hook.came
    for came in hook.came:
        assert came["language"] == "fi"
        assert parts(came["text"]) <= 2
        assert came["text"].isprintable()
        assert "–" not in came["text"], "one such character would halve what fits into a text message"
    (booked,) = [came["text"] for came in hook.came if "varattu" in came["text"]]
    assert "Kallion terveysasema" in booked
    assert f"/meetings/{cast.held.ref}" in booked
