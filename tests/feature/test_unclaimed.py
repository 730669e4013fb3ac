"""Addresses that wait in applications to be claimed: numbers long silent, erasure, the copy of own data, their end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.experts import queries
from kierto.experts.claiming import Claimed, claim
from kierto.experts.codes import claim_token
from kierto.experts.models import Application
from kierto.experts.rules import CLAIM_LASTS
from kierto.messages import actions
from kierto.messages.letters.told import Outdated
from kierto.messages.models import Message
from kierto.messages.rendering import rendered
from kierto.people.models import Person
from kierto.privacy.erasing import erase_person
from kierto.privacy.experts_own import sent_with_addresses_of
from kierto.settings import Settings
from kierto.sign_in.rules import NUMBER_SILENT_AFTER
from kierto.worker.clearing import Clearing
from tests.cast import Cast
from tests.scenes_applying import applied, filled_in, latest_expert, newest, nothing_queued

NUMBER = "+358401234567"
"""What `filled_in` gives."""


@pytest.fixture
def settings(app: Flask) -> Settings:
    return nothing_queued(app)


def has_number(cast: Cast, proved_at: datetime | None, name: str = "outsider") -> None:
    """The person has the number that somebody will apply with."""
    with writing():
        person = cast.people[name].load()
        person.phone, person.phone_proved_at = NUMBER, proved_at
        if proved_at is None:  # given long ago, and never seen to reach them
            person.created_at = clock.now() - NUMBER_SILENT_AFTER - timedelta(days=1)


def told(kind: str = "expert.applied") -> list[int | None]:
    """To whom messages of the kind go: the ids of persons, None for an address that was typed."""
    session.remove()
    with writing():
        actions.fan_out(100)
        return list(session.scalars(select(Message.person_id).where(Message.kind == kind).order_by(Message.id)))


def sent() -> Application:
    application = newest()
    assert application is not None
    assert application.sent_at is not None
    return application


# ---- numbers that may be somebody else's by now ----


def test_a_number_that_reaches_its_owner_is_asked(settings: Settings, cast: Cast) -> None:
    has_number(cast, clock.now() - timedelta(days=300))
    applied(filled_in(cast, email=""))
    assert told() == [None]
    made = latest_expert()
    assert "Applied with a number" not in cast.client("coordinator").get("/desk").text
    cast.client().get(f"/apply/claim/{claim_token(sent(), settings.secret_key)}").form().submit(303)
    assert latest_expert().person_id == cast.id("outsider") != made.person_id


@pytest.mark.parametrize("proved", ["long ago", "never"])
def test_by_a_silent_number_nobody_is_joined_to_a_stranger(settings: Settings, cast: Cast, proved: str) -> None:
    """Operators give numbers again: whoever applies with one may not be who Kierto knows by it."""
    has_number(cast, clock.now() - NUMBER_SILENT_AFTER - timedelta(days=1) if proved == "long ago" else None)
    page = applied(filled_in(cast, email=""))
    assert page.heading == "Your application has been sent"
    assert told() == []
    made, link = latest_expert(), f"/apply/claim/{claim_token(sent(), settings.secret_key)}"
    cast.client().get(link, 410)
    cast.client().post(link, 410)
    id_ = sent().id
    with writing():
        assert claim(session.get_one(Application, id_)) is Claimed.APART
    with reading():
        assert queries.typed_addresses([made.id])[made.id].phone == NUMBER
        assert session.scalars(select(Event).where(Event.kind == "application.claimed")).all() == []
        assert cast.people["outsider"].load().phone == NUMBER
    assert latest_expert().person_id == made.person_id


def test_the_coordinator_sees_that_a_call_is_needed(settings: Settings, cast: Cast) -> None:
    """Until the application is decided. Another organisation's coordinator sees nothing of it."""
    has_number(cast, None)
    applied(filled_in(cast, email=""))
    coordinator, ref = cast.client("coordinator"), latest_expert().ref
    page = coordinator.get("/desk")
    assert "Applied with a number that was another person’s." in page.text
    page = coordinator.get(f"/experts/{ref}")
    assert "The person gave a number that was another person’s in Kierto" in page.text
    assert "tel:" + NUMBER in page.html
    assert "Applied with a number" not in cast.client("neighbour").get("/desk").text
    page.form(f"/experts/{ref}/approve").submit()
    assert "Applied with a number" not in coordinator.get("/desk").text


def test_a_number_that_falls_silent_before_its_letter_leaves_is_not_asked(settings: Settings, cast: Cast) -> None:
    has_number(cast, clock.now())
    applied(filled_in(cast, email=""))
    assert told() == [None]
    has_number(cast, None)
    session.remove()
    with reading():
        id_ = session.scalars(select(Message.id).where(Message.kind == "expert.applied")).one()
        with pytest.raises(Outdated):
            rendered(id_, sms(settings))


@pytest.mark.parametrize("known", ["nobody", "reached", "silent"])
def test_who_types_a_strangers_number_learns_nothing_by_mail(settings: Settings, cast: Cast, known: str) -> None:
    if known != "nobody":
        has_number(cast, clock.now() if known == "reached" else None)
    applied(filled_in(cast))
    made = latest_expert()
    assert told()[0] == made.person_id
    assert told()[1:] == ([None] if known == "reached" else [])


def sms(settings: Settings) -> Settings:
    """The settings of a Kierto that sends text messages."""
    return replace(settings, sms_url="http://127.0.0.1:9/", sms_key="k" * 40)


# ---- erasure, own data, time ----


def test_erasing_takes_the_address_out_of_a_strangers_application(settings: Settings, cast: Cast) -> None:
    """erase-person: the rest of the application is its sender's, and stays."""
    applied(filled_in(cast, email=cast.email("outsider")))
    made = latest_expert()
    with writing():
        erase_person(cast.actor("outsider"), cast.id("outsider"))
    with reading():
        assert queries.typed_addresses([made.id]) == {}
        assert session.get_one(Person, made.person_id).phone == NUMBER


def test_erasing_leaves_the_addresses_of_others(settings: Settings, cast: Cast) -> None:
    has_number(cast, clock.now(), "staff")
    applied(filled_in(cast, email=cast.email("outsider")))
    made = latest_expert()
    with writing():
        erase_person(cast.actor("outsider"), cast.id("outsider"))
    with reading():
        assert queries.typed_addresses([made.id])[made.id][:2] == ("", NUMBER)


def test_the_copy_of_own_data_tells_of_it(settings: Settings, cast: Cast) -> None:
    """That the address was given, when and where; nothing of who gave it."""
    applied(filled_in(cast, email=cast.email("outsider")))
    application, made = sent(), latest_expert()
    with reading():
        (found,) = sent_with_addresses_of(cast.people["outsider"].load())
        assert found == {
            "organisation": "Rannikon hyvinvointialue",
            "sent_at": application.sent_at,
            "claimed_at": None,
            "address": [cast.email("outsider")],
        }
        assert sent_with_addresses_of(cast.people["staff"].load()) == []
        assert sent_with_addresses_of(session.get_one(Person, made.person_id)) == []


def test_what_nobody_has_claimed_in_fourteen_days_is_deleted(settings: Settings, cast: Cast) -> None:
    """The expert stays; only what the application kept is gone."""
    applied(filled_in(cast, email=cast.email("outsider")))
    made, id_ = latest_expert(), sent().id
    page = cast.client("coordinator").get(f"/experts/{made.ref}")
    assert f"Shown here until: {clock.local(clock.now() + CLAIM_LASTS):%-d %b}" in page.text.replace("Tue ", "")
    for wait, kept in ((CLAIM_LASTS - timedelta(hours=1), True), (CLAIM_LASTS + timedelta(hours=1), False)):
        with clock.at(sent_at(id_) + wait if kept else clock.now() + wait):
            Clearing().run(lambda: True)
        session.remove()
        with reading():
            assert (session.get(Application, id_) is not None) is kept
    assert latest_expert().id == made.id


def sent_at(id_: int) -> datetime:
    session.remove()
    with reading():
        found = session.get_one(Application, id_).sent_at
    assert found is not None
    return found
