"""Signing in with the link or the code of a message, from the page to the person's own."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Identified
from kierto.database import reading, session
from kierto.events.models import Event
from kierto.messages.models import MessageState
from kierto.people.models import Person
from kierto.sign_in.models import PersonSession, SessionBy
from kierto.sign_in.tokens import code, link_token
from tests.cast import NOW, Cast
from tests.client import Client
from tests.scenes_sign_in import (
    PHONE,
    asked,
    code_in,
    delivered,
    delivered_to,
    key,
    link_in,
    messages,
    quiet,
    requests,
    who,
    with_phone,
    without_sms,
    wrong_for,
)


@pytest.fixture(autouse=True)
def calm(cast: Cast) -> None:
    quiet()


# From the page to one's own


def test_the_link_of_the_message_signs_in(cast: Cast) -> None:
    client = cast.client()
    assert asked(client, cast.email("expert")).heading == "Open the message"
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    page = client.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    assert page.location == "/me"
    assert who(client) == "Matti Virtanen"


def test_the_code_signs_in_on_the_device_where_it_was_asked_for(cast: Cast) -> None:
    client = cast.client()
    page = asked(client, cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    typed = code_in(mail)
    page = page.form(action="/sign-in/code").submit(303, code=f" {typed[:3]} {typed[3:]} ")
    assert page.location == "/me"
    assert who(client) == "Matti Virtanen"
    with reading():
        own = session.scalars(select(PersonSession).order_by(PersonSession.id.desc())).first()
        assert own is not None
        assert (own.by, own.identified) == (SessionBy.CODE, Identified.WEAKLY)
        assert session.get_one(Person, cast.id("expert")).email_proved_at is not None


def test_the_link_and_the_code_are_one_thing(cast: Cast) -> None:
    first, second = cast.client(), cast.client()
    page = asked(first, cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    second.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    assert page.form(action="/sign-in/code").submit(303, code=code_in(mail)).location == "/sign-in"
    assert who(first) == ""


def test_the_field_for_the_code_helps(cast: Cast) -> None:
    page = asked(cast.client(), cast.email("expert"))
    field = page.document.select_one("input[name=code]")
    assert field is not None
    assert (field.attr("autocomplete"), field.attr("inputmode")) == ("one-time-code", "numeric")
    for typed, told in (("12a", "A code has only digits."), ("123", "The code has 6 digits. Check it.")):
        assert told in page.form(action="/sign-in/code").submit(422, code=typed).errors[0]
    assert [one.wrong_codes for one in requests()] == [0], "what cannot be a code is no try"


@pytest.mark.parametrize(
    ("typed", "channel", "address"),
    [
        (" Expert@Kierto.TEST ", "email", "expert@kierto.test"),
        ("matti. virtanen@example.fi", "email", "matti.virtanen@example.fi"),
        ("matti+kierto@example.fi", "email", "matti+kierto@example.fi"),
        ("äijä@PÄIVÄKOTI.fi", "email", "äijä@päiväkoti.fi"),
        ("a@xn--pivkoti-5wac.fi", "email", "a@päiväkoti.fi"),
        ("048 000 0001", "sms", "+358480000001"),
        ("+358 (0)48-0000001", "sms", "+358480000001"),
        ("00358 48 000 0001", "sms", "+358480000001"),
        ("+46 70 123 45 67", "sms", "+46701234567"),
    ],
)
def test_addresses_are_understood_as_people_write_them(cast: Cast, typed: str, channel: str, address: str) -> None:
    asked(cast.client(), typed)
    (request,) = requests()
    assert (request.channel, request.address) == (channel, address)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("matti", "Write your whole e-mail address"),
        ("matti@", "This e-mail address is not whole."),
        ("matti@example", "This e-mail address is not whole."),
        ("0401", "This is not a whole phone number."),
        ("", "This is needed."),
    ],
)
def test_what_is_no_address_is_told_how_to_mend(cast: Cast, typed: str, told: str) -> None:
    """Rule address-understood."""
    page = cast.client().get("/sign-in").form(action="/sign-in").submit(422, address=typed)
    assert told in page.errors[0]
    assert page.form(action="/sign-in").values["address"] == [typed], "what was typed is kept"
    assert requests() == []


def test_where_no_text_messages_are_sent_phones_are_told_so(cast: Cast) -> None:
    """Rule phone-unreached."""
    with without_sms(cast):
        page = cast.client().get("/sign-in")
        assert "no text messages" in page.text
        answers = {
            page.form(action="/sign-in").submit(422, address=number).errors[0] for number in (PHONE, "+358401234567")
        }
    assert len(answers) == 1
    assert "e-mail address" in answers.pop()


def test_no_new_message_is_promised_where_text_messages_are_sent_no_more(cast: Cast) -> None:
    """Rule phone-unreached."""
    client = cast.client()
    waits = asked(client, PHONE)
    with without_sms(cast):
        assert "cannot send text messages here" in waits.form("/sign-in/again").submit(422).text
    assert len(requests()) == 1


# The same answer for everybody


def test_nobody_learns_whether_an_address_is_known(cast: Cast) -> None:
    answers, work = [], []
    for address in (cast.email("expert"), "nobody@example.fi"):
        client = cast.client()
        sent = client.get("/sign-in").form(action="/sign-in").submit(303, address=address)
        work.append(client.queries)
        answers.append(sent.follow().text.replace(address, "…"))
    assert answers[0] == answers[1]
    assert work[0] == work[1]
    known, unknown = requests()
    with reading():
        kinds = session.scalars(select(Event.kind).where(Event.subject_id.in_([known.id, unknown.id]))).all()
    assert kinds.count("sign_in.asked") == 2
    assert [mail.to for mail in delivered(cast.app)] == [cast.email("expert")], "only the worker looks"
    assert {one.state for one in messages()} == {MessageState.SENT, MessageState.UNREACHABLE}
    assert all(one.urgent and one.person_id is None for one in messages())


def test_a_wrong_code_for_a_known_and_an_unknown_address_is_answered_alike(cast: Cast) -> None:
    answers = []
    for address in (cast.email("expert"), "nobody@example.fi"):
        page = asked(cast.client(), address)
        refused = page.form(action="/sign-in/code").submit(422, code=wrong_for(cast, requests()[-1]))
        answers.append(refused.text.replace(address, "…"))
    assert answers[0] == answers[1]
    assert [one.wrong_codes for one in requests()] == [1, 1], "a wrong code is counted though it is refused"


def test_the_right_code_of_an_address_that_nobody_has_lets_nobody_in(cast: Cast) -> None:
    client = cast.client()
    page = asked(client, "nobody@example.fi")
    page.form(action="/sign-in/code").submit(422, code=code(requests()[0], key(cast)))
    client.post(f"/sign-in/{link_token(requests()[0], key(cast))}", expect=410)
    assert who(client) == ""


# Where to


def test_who_had_to_sign_in_first_comes_back_to_where_they_were_going(cast: Cast) -> None:
    client = cast.client()
    client.get("/me/sessions", expect=403).click("Sign in").form(action="/sign-in").submit(
        303, address=cast.email("expert")
    )
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    assert client.get(link_in(mail)).form(action=link_in(mail)).submit(303).location == "/me/sessions"


@pytest.mark.parametrize(
    "path", ["//example.fi", "https://example.fi", "/\\example.fi", "/a\\b", "javascript:x", "/sign-out", "/\t/x", "x"]
)
def test_nobody_is_led_out_of_kierto(cast: Cast, path: str) -> None:
    client = cast.client()
    page = client.get("/sign-in", query_string={"next": path})
    assert page.form(action="/sign-in").values["next"] == [""]
    client.post("/sign-in", expect=303, data={"address": cast.email("expert"), "next": path})
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    assert client.get(link_in(mail)).form(action=link_in(mail)).submit(303).location == "/me"


def test_the_page_speaks_on_as_it_was_asked(cast: Cast) -> None:
    client = cast.client(language="sv")
    asked(client, cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    assert mail.language == "sv"
    sent = client.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    assert "kierto_language=sv" in "; ".join(sent.headers.getlist("Set-Cookie"))


# Several requests


def test_a_new_message_does_not_end_the_one_before_until_either_is_used(cast: Cast) -> None:
    client = cast.client()
    page = asked(client, cast.email("expert"))
    page = page.form(action="/sign-in/again").submit(303).follow()
    assert "A new message is on its way." in page.message
    newer, older = delivered_to(cast.app, cast.email("expert"))
    other = cast.client()
    other.get(link_in(newer))
    other.get(link_in(older)).form(action=link_in(older)).submit(303)
    cast.client().get(link_in(newer), expect=410)
    assert all(one.used_at for one in requests())


def test_two_tabs_may_mix_their_codes_up(cast: Cast) -> None:
    client = cast.client()
    asked(client, cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    second = asked(client, cast.email("expert"))
    assert second.form(action="/sign-in/code").submit(303, code=code_in(mail)).location == "/me"
    assert who(client) == "Matti Virtanen"


def test_a_code_is_of_no_use_on_another_device(cast: Cast) -> None:
    asked(cast.client(), cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    thief = cast.client()
    thief.post("/sign-in/code", expect=303, data={"code": code_in(mail)})
    assert asked(thief, "nobody@example.fi").form(action="/sign-in/code").submit(422, code=code_in(mail)).errors
    assert who(thief) == ""


def test_whose_earlier_session_the_device_had_is_out(cast: Cast) -> None:
    client = cast.client("host")
    asked_by = cast.client("host")
    page = client.post("/sign-in", expect=303, data={"address": cast.email("expert"), "next": ""}).follow()
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    page.form(action="/sign-in/code").submit(303, code=code_in(mail))
    asked_by.get("/me", expect=403)


# Phones


def test_a_phone_gets_a_text_message(cast: Cast) -> None:
    with_phone(cast, "expert")
    client = cast.client()
    page = asked(client, "048 000 0001")
    assert "048 0000001" in page.text
    (sms,) = delivered(cast.app)
    assert (sms.to, sms.sms) == (PHONE, True)
    assert len(sms.text) <= 306, "two text messages at most"
    assert link_in(sms).startswith("/sign-in/")
    page.form(action="/sign-in/code").submit(303, code=code_in(sms))
    assert who(client) == "Matti Virtanen"
    with reading():
        proved = session.get_one(Person, cast.id("expert")).phone_proved_at
    assert proved is not None
    assert proved >= NOW


@pytest.mark.parametrize("proved", [False, True])
def test_a_number_long_silent_gets_no_message_and_the_page_says_the_same(cast: Cast, proved: bool) -> None:
    with_phone(cast, "expert", proved=proved)
    with clock.at(NOW + timedelta(days=400)):
        known, unknown = (
            asked(cast.client(), number).text.replace(number, "…") for number in ("048 0000001", "048 0000002")
        )
        assert "Then the message may not come. Your coordinator calls you first." in known
        assert known == unknown
        assert delivered(cast.app) == []
    assert {one.state for one in messages()} == {MessageState.UNREACHABLE}


def test_the_demo_has_both_ways(cast: Cast, demo_client: Client) -> None:
    page = demo_client.get("/sign-in")
    assert {"/demo", "/demo/mail"} <= set(page.links.values())
    page.form(action="/sign-in").submit(303, address=cast.email("expert"))


@pytest.fixture
def demo_client(cast: Cast, app: Flask, request: pytest.FixtureRequest) -> Client:
    return cast.client(app=request.getfixturevalue("database").another_app(demo=True))
