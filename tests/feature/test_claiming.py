"""An address that Kierto knows already: the applicant learns nothing, and its owner joins the application."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.experts import queries
from kierto.experts.codes import claim_token, going_on_code
from kierto.experts.models import Application
from kierto.people.actions import approve_expert
from kierto.people.models import Expert, ExpertState, Person
from kierto.settings import Settings
from tests.cast import Cast
from tests.client import Page
from tests.scenes_applying import (
    applied,
    consented,
    filled_in,
    latest_expert,
    letters,
    link_in,
    newest,
    nothing_queued,
    stored,
    text_of,
)


@pytest.fixture
def settings(app: Flask) -> Settings:
    return nothing_queued(app)


# ---- letters ----


def test_the_link_to_go_on_is_mailed_once_the_address_is_given(settings: Settings, cast: Cast) -> None:
    client = consented(cast)
    for address in ("sirpa@example.fi", "sirpa@example.fi", "Sirpa@Example.fi"):
        client.get("/apply/reach").form().submit(303, email=address)
    (mail,) = letters(settings, "application.link_wished")
    assert mail["To"] == "sirpa@example.fi"
    application = newest()
    assert application is not None
    link = link_in(mail, settings, "/apply/go-on/")
    assert link == f"/apply/go-on/{going_on_code(application, settings.secret_key)}"
    other = cast.client()
    page = other.get(link)
    assert page.form().submit(303).follow(302).follow().path == "/apply/name"


def test_nobodys_mailbox_is_flooded(settings: Settings, cast: Cast) -> None:
    client = consented(cast)
    for number in range(6):
        client.get("/apply/reach").form().submit(303, email=f"sirpa{number}@example.fi")
    for _number in range(5):
        consented(cast, cast.client()).get("/apply/reach").form().submit(303, email="maija@example.fi")
    with reading():
        sent = session.scalars(select(Event).where(Event.kind == "application.link_wished")).all()
    assert len(sent) == 3 + 3
    assert stored().email == "maija@example.fi"


def test_who_applied_is_told_so(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast))
    (mail,) = letters(settings, "expert.applied")
    assert mail["To"] == "sirpa@example.fi"
    assert "Your application has arrived. Thank you." in text_of(mail)
    assert "/apply/claim/" not in text_of(mail)
    for word in ("Hissi", "encounter", "Kurssi"):
        assert word not in mail.as_string()


# ---- known addresses ----


@pytest.mark.parametrize("known", ["outsider", "expert", "neighbour"])
def test_the_applicant_sees_the_same_whether_the_address_is_known_or_not(
    settings: Settings, cast: Cast, known: str
) -> None:
    pages = []
    for email in ("nobody@example.fi", cast.email(known)):
        client = filled_in(cast, email=email, phone="")
        summary = client.get("/apply/check").text.replace(email, "…")
        pages.append((summary, applied(client).text))
    assert pages[0] == pages[1]


def test_an_unproved_address_is_not_the_new_persons(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast, email=cast.email("outsider")))
    expert = latest_expert()
    with reading():
        person = session.get_one(Person, expert.person_id)
        assert (person.email, person.phone) == (None, "+358401234567")
        assert queries.typed_addresses([expert.id])[expert.id][:2] == (cast.email("outsider"), "")
    (mail,) = letters(settings, "expert.applied")
    assert mail["To"] == cast.email("outsider")
    assert "Kierto knows this address already." in text_of(mail)


def test_its_owner_joins_the_application(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast, email=cast.email("outsider"), phone=""))
    made = latest_expert()
    (mail,) = letters(settings, "expert.applied")
    link = link_in(mail, settings, "/apply/claim/")
    owner = cast.client("outsider")
    page = owner.get(link)
    assert page.heading == "Is this application yours?"
    assert latest_expert().person_id == made.person_id, "opening the link does nothing"
    page = page.form().submit(303).follow()
    assert page.path == "/me"
    assert "The application is joined to you." in page.message
    with reading():
        expert = session.get_one(Expert, made.id)
        assert (expert.person_id, expert.state) == (cast.id("outsider"), ExpertState.APPLIED)
        assert len(queries.themes_of(expert.id)) == 1
        assert session.get_one(Person, made.person_id).erased_at is not None
        assert queries.typed_addresses([expert.id]) == {}
    assert owner.get(link, 410).heading == "This link no longer works"
    session.remove()
    with reading():
        assert session.scalars(select(Event.kind).where(Event.kind == "application.claimed")).all()


def test_joining_brings_back_who_was_in_the_register_before(settings: Settings, cast: Cast) -> None:
    with writing():
        expert = approve_expert(SYSTEM, cast.people["outsider"].load(), cast.organisation.id)
        expert.state = ExpertState.LEFT
        before = expert.id
    applied(filled_in(cast, email=cast.email("outsider"), phone=""))
    made = latest_expert()
    claim(settings, cast)
    with reading():
        expert = session.get_one(Expert, before)
        assert expert.state is ExpertState.APPLIED
        assert expert.training == "Kurssi 2024"
        assert len(queries.themes_of(before)) == 1
        assert len(queries.consents_of(before)) == 3
        assert session.get(Expert, made.id) is None


def test_who_is_in_the_register_already_is_left_to_the_coordinator(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast, email=cast.email("expert"), phone=""))
    made = latest_expert()
    page = claim(settings, cast)
    assert page.message == "Thank you. The coordinator sees now that the application is yours."
    page = cast.client("coordinator").get(f"/experts/{made.ref}")
    assert "The owner of this address has said that the application is theirs." in page.text
    assert "Is this the same person? Matti Virtanen" in page.text
    with reading():
        assert session.get_one(Expert, made.id).person_id == made.person_id
        application = session.scalars(select(Application).where(Application.expert_id == made.id)).one()
        assert application.claimed_at is not None


def test_what_was_decided_meanwhile_is_not_moved(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast, email=cast.email("outsider"), phone=""))
    made = latest_expert()
    with writing():
        session.get_one(Expert, made.id).state = ExpertState.APPROVED
    claim(settings, cast)
    with reading():
        assert session.get_one(Expert, made.id).person_id == made.person_id


def test_a_link_lasts_fourteen_days_and_is_guessed_by_nobody(settings: Settings, cast: Cast) -> None:
    applied(filled_in(cast, email=cast.email("outsider"), phone=""))
    application = newest()
    assert application is not None
    token = claim_token(application, settings.secret_key)
    for wrong in (token[:-1], f"{application.id}-{'0' * 64}", going_on_code(application, settings.secret_key), "x"):
        cast.client().get(f"/apply/claim/{wrong}", 410)
        cast.client().post(f"/apply/claim/{wrong}", 410)
    with clock.at(clock.now() + timedelta(days=14, hours=1)):
        page = cast.client().get(f"/apply/claim/{token}", 410)
        assert "Call the coordinator." in page.text


def claim(settings: Settings, cast: Cast) -> Page:
    application = newest()
    assert application is not None
    link = f"/apply/claim/{claim_token(application, settings.secret_key)}"
    page = cast.client().get(link).form().submit(303).follow()
    session.remove()
    return page
