"""A unit's joining link: made, printed, used from the coffee room's wall, ended."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.people.joining import check_work_address, joining_link_behind, joining_link_of, make_joining_link
from kierto.people.models import Invitation
from kierto.people.queries import person_with_email
from kierto.people.rules import JOINING_ASKED_LASTS
from kierto.seats.working import leave_unit
from kierto.settings import Settings
from kierto.sign_in.joining import ask_to_join
from kierto.sign_in.rules import REQUESTS_TO_ADDRESS
from kierto.words import LANGUAGES
from tests.cast import Cast
from tests.refusals import refused
from tests.scenes_staff import delivered, invitations_sent, link_of

NEW = "uusi.tyontekija@ranta.example.fi"


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture
def token(cast: Cast) -> str:
    """The unit's link; the organisation's people have addresses under two domains."""
    with writing():
        cast.organisation.load().mail_domains = ["ranta.example.fi", "lääkäri.example.fi"]
    with writing():
        return make_joining_link(cast.actor("host"), cast.unit.load(), 30)


def link_page(cast: Cast) -> str:
    return f"/units/{cast.unit.ref}/people/joining-link"


def test_a_contact_person_makes_the_link_and_prints_it(cast: Cast, token: str) -> None:
    client = cast.client("host")
    page = client.get(f"/units/{cast.unit.ref}/people").click("Look at the joining link")
    assert "cannot be shown again" in page.text
    page = page.form(link_page(cast)).submit(303, days="7").follow()
    address = page.document.select_one(".k-paper-address")
    assert address is not None
    assert "/join/" in address.text
    assert "data:image/png" in page.html
    paper = page.document.select_one(".k-paper")
    assert paper is not None
    assert "@ranta.example.fi, @lääkäri.example.fi" in paper.text, "whose addresses can join"
    assert "09 310 10000" in paper.text, "whom to call"
    cast.client().get(f"/join/{address.text.rpartition('/')[2]}")
    assert "/join/" not in cast.client("coordinator").get(link_page(cast)).html, "shown where it was made"
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert "k-paper-address" not in client.get(link_page(cast)).html
    cast.client().get(f"/join/{token}", 410)


def test_without_mail_domains_the_page_says_who_can_set_them(cast: Cast) -> None:
    """Rule joining-domains-set."""
    page = cast.client("host").get(link_page(cast))
    assert "Ask your coordinator to set the organisation’s mail domains." in page.text
    assert not [form for form in page.forms if form.action == link_page(cast)]
    assert cast.client("coordinator").get(link_page(cast)).links["Set the organisation’s mail domains"]
    with refused("joining-domains-set"):
        make_joining_link(cast.actor("host"), cast.unit.load(), 30)


def test_from_the_wall_to_the_unit(cast: Cast, token: str, settings: Settings) -> None:
    client = cast.client()
    page = client.get(f"/join/{token}")
    assert "Kallion terveysasema" in page.text
    sent = page.form().submit(303, name="Uusi Työntekijä", email=NEW).follow()
    assert sent.heading == "Look at your work e-mail"
    with reading():
        assert person_with_email(NEW) is None, "before the mailbox is proved there is nobody"
    (mail,) = delivered(settings, to=NEW)
    page = client.get(link_of(mail))
    assert page.heading == "Confirm that this is your work e-mail address"
    there = page.form().submit(303).follow()
    assert there.path == f"/units/{cast.unit.ref}"
    assert "Uusi Työntekijä" in there.whole_text


def test_the_contact_person_hears_of_it_and_takes_out_with_one_press(
    cast: Cast, token: str, settings: Settings
) -> None:
    joined(cast, token, settings)
    mail = delivered(settings, to=cast.email("host"))[-1]
    assert "Uusi Työntekijä" in mail.text
    assert f"/units/{cast.unit.ref}/people" in mail.text
    page = cast.client("host").get(f"/units/{cast.unit.ref}/people")
    page.form(button="Remove Uusi Työntekijä").submit(303)


def test_without_a_contact_person_the_coordinator_hears_of_it(cast: Cast, token: str, settings: Settings) -> None:
    with writing():
        leave_unit(cast.actor("host"), cast.unit.id, cast.id("host"))
    joined(cast, token, settings)
    assert "Uusi Työntekijä" in delivered(settings, to=cast.email("coordinator"))[-1].text


def test_every_language(cast: Cast, token: str) -> None:
    for language in LANGUAGES:
        cast.client(language=language).get(f"/join/{token}")
        cast.client(language=language).get(f"/join/{token}/sent")
        cast.client("host", language=language).get(link_page(cast))
        cast.client(language=language).get("/join/nonsense", 410)


@pytest.mark.parametrize(
    "address",
    [
        "maija@ranta.example.fi",
        "maija@terveys.ranta.example.fi",
        "MAIJA@Lääkäri.example.fi",
        "m@xn--lkri-loaab.example.fi",
    ],
)
def test_work_addresses(cast: Cast, token: str, address: str) -> None:
    """Sub-domains belong to who has the domain; a domain is the same in its own letters and in ASCII."""
    cast.client().get(f"/join/{token}").form().submit(303, name="Maija", email=address)


@pytest.mark.parametrize(
    "address",
    ["maija@gmail.example", "maija@notranta.example.fi", "maija@example.fi", "m@ranta.example.fi.evil.example"],
)
def test_other_addresses_are_refused(cast: Cast, token: str, address: str) -> None:
    """Rule joining-work-address."""
    page = cast.client().get(f"/join/{token}").form().submit(422, name="Maija", email=address)
    assert "@ranta.example.fi" in page.field_errors["email"]
    assert page.form().values["name"] == ["Maija"]
    with refused("joining-work-address"):
        check_work_address(cast.organisation.load(), address, field="email")


def test_what_is_no_address_is_refused(cast: Cast, token: str) -> None:
    page = cast.client().get(f"/join/{token}").form().submit(422, name="", email="maija@")
    assert "name" in page.field_errors


def test_a_known_person_keeps_their_name_and_the_page_tells_nothing(cast: Cast, token: str, settings: Settings) -> None:
    """A bad day: the address is known to another organisation."""
    with writing():
        cast.people["neighbour"].load().email = NEW
    page = cast.client().get(f"/join/{token}").form().submit(303, name="Joku", email=NEW).follow()
    assert "Riitta" not in page.whole_text
    cast.client().get(link_of(invitations_sent(settings, to=NEW)[-1])).form().submit(303)
    assert cast.unit.id in cast.actor("neighbour").units
    assert cast.actor("neighbour").name == "Riitta Korhonen"


def test_asking_is_limited_like_signing_in(cast: Cast, token: str) -> None:
    form = cast.client().get(f"/join/{token}").form()
    for _ in range(REQUESTS_TO_ADDRESS.most):
        form.submit(303, name="Maija", email=NEW)
    form.submit(429, name="Maija", email=NEW)


def test_an_ended_link_lets_nobody_in_and_its_letters_neither(cast: Cast, token: str, settings: Settings) -> None:
    """Rule joining-link-works."""
    cast.client().get(f"/join/{token}").form().submit(303, name="Maija", email=NEW)
    (mail,) = delivered(settings, to=NEW)
    client = cast.client("host")
    page = client.get(link_page(cast)).form(button="End the link").submit(303).follow()
    assert "has ended" in page.message
    cast.client().get(f"/join/{token}", 410)
    cast.client().get(link_of(mail), 410)
    with reading():
        assert joining_link_of(cast.unit.load()) is None
    with refused("joining-link-works"):
        link = joining_link_behind(token)
        assert link is not None
        ask_to_join(link, "Maija", NEW, "fi", "127.0.0.1", settings.secret_key)
    client.post(f"{link_page(cast)}/end", 303)


def test_the_link_and_its_letter_expire(cast: Cast, token: str, settings: Settings) -> None:
    cast.client().get(f"/join/{token}").form().submit(303, name="Maija", email=NEW)
    (mail,) = delivered(settings, to=NEW)
    with clock.at(clock.now() + JOINING_ASKED_LASTS + timedelta(minutes=1)):
        cast.client().get(link_of(mail), 410)
    with clock.at(clock.now() + timedelta(days=31)):
        cast.client().get(f"/join/{token}", 410)


def test_who_only_asked_is_not_shown_to_the_unit(cast: Cast, token: str) -> None:
    cast.client().get(f"/join/{token}").form().submit(303, name="Maija Muu", email=NEW)
    assert "Maija Muu" not in cast.client("host").get(f"/units/{cast.unit.ref}/people").text
    with reading():
        assert session.scalars(select(Invitation)).one().created_by is None


def test_joining_twice_is_told_once(cast: Cast, token: str, settings: Settings) -> None:
    joined(cast, token, settings)
    before = len(delivered(settings, to=cast.email("host")))
    joined(cast, token, settings)
    assert len(delivered(settings, to=cast.email("host"))) == before


def joined(cast: Cast, token: str, settings: Settings) -> None:
    client = cast.client()
    client.get(f"/join/{token}").form().submit(303, name="Uusi Työntekijä", email=NEW)
    client.get(link_of(invitations_sent(settings, to=NEW)[-1])).form().submit(303)
