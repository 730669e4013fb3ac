"""Calls that coordinators make: a number long silent, an old address that is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.people.actions import give_role
from kierto.sign_in.calls import call_to_make, calls_to_make
from kierto.sign_in.contacts import change_contact, confirm_new, number_called
from kierto.sign_in.models import Channel
from kierto.sign_in.tokens import confirming_code
from tests.cast import NOW, Cast
from tests.client import Page, statements
from tests.scenes_sign_in import (
    HERE,
    NEW,
    PHONE,
    address,
    asked,
    begun,
    delivered,
    key,
    quiet,
    signed_in_now,
    typed,
    with_phone,
)


@pytest.fixture(autouse=True)
def calm(cast: Cast) -> None:
    quiet()


def above(page: Page) -> list[str]:
    return [link.attr("href") or "" for link in page.document.select(".ds-breadcrumbs a")]


def ask_with_a_silent_number(cast: Cast) -> None:
    with_phone(cast, "expert", proved=False)
    asked(cast.client(), PHONE)
    assert delivered(cast.app) == []


def test_a_number_given_lately_lets_its_person_in_at_once(cast: Cast) -> None:
    """Who has applied with only a phone needs no call to sign in."""
    with_phone(cast, "expert")
    with writing():
        cast.people["expert"].load().phone_proved_at = None
    asked(cast.client(), PHONE)
    assert [sms.to for sms in delivered(cast.app)] == [PHONE]


def test_a_silent_number_waits_for_a_coordinators_call(cast: Cast) -> None:
    ask_with_a_silent_number(cast)
    with reading():
        (call,) = calls_to_make(cast.actor("coordinator"))
        assert (call.person.id, call.organisation_id) == (cast.id("expert"), cast.organisation.id)
        assert call.number_asked_at is not None
        assert call.changes == []
        assert calls_to_make(cast.actor("neighbour")) == []
        assert calls_to_make(cast.actor("expert")) == []
    coordinator = cast.client("coordinator")
    page = coordinator.get(f"/calls/{cast.people['expert'].ref}")
    assert "048 0000001" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert above(page) == ["/", "/desk", f"/calls/{cast.people['expert'].ref}"], "where the call waits"
    page.form(button="I called, and it was them").submit(303)
    with reading():
        assert calls_to_make(cast.actor("coordinator")) == []
        event = session.scalars(select(Event).where(Event.kind == "contact.number_called")).one()
        assert (event.actor_id, event.subject_id) == (cast.id("coordinator"), cast.id("expert")), "who and how"
    asked(cast.client(), PHONE)
    assert [sms.to for sms in delivered(cast.app)] == [PHONE]


@pytest.mark.parametrize(("proved", "words"), [(False, "the number is theirs."), (True, "the number is still theirs.")])
def test_still_theirs_is_said_only_of_a_number_that_was_once_confirmed(cast: Cast, proved: bool, words: str) -> None:
    ask_with_a_silent_number(cast)
    if proved:
        with writing():
            cast.people["expert"].load().phone_proved_at = NOW - timedelta(days=400)
    assert f"To be sure that {words}" in cast.client("coordinator").get("/desk").text


@pytest.mark.parametrize(("days", "reached"), [(364, True), (366, False)])
def test_a_number_is_silent_after_a_year(cast: Cast, days: int, reached: bool) -> None:
    with_phone(cast, "expert", proved=False)
    with writing():
        number_called(cast.actor("coordinator"), call_to_make(cast.actor("coordinator"), cast.people["expert"].ref))
    with clock.at(NOW + timedelta(days=days)):
        asked(cast.client(), PHONE)
        assert [sms.to for sms in delivered(cast.app)] == [PHONE] * reached


def test_who_has_lost_the_old_address_calls_and_the_coordinator_confirms(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client)
    with reading():
        assert calls_to_make(cast.actor("coordinator")) == [], "first the new end"
    typed(cast, client)
    assert "Call your coordinator" in client.get("/me/contact").text
    coordinator = cast.client("coordinator")
    page = coordinator.get(f"/calls/{cast.people['expert'].ref}")
    assert NEW in page.text
    done = page.form(button="We spoke, and they want it the e-mail address").submit(303).follow()
    assert "No call is needed" in done.text
    assert address(cast)[0] == NEW
    with reading():
        confirmed = session.scalars(select(Event).where(Event.kind == "contact.end_confirmed")).all()
        assert [(event.actor_id, event.data["end"], event.data["how"]) for event in confirmed] == [
            (cast.id("expert"), "new", "code"),
            (cast.id("coordinator"), "old", "call"),
        ]
    page.form(button="We spoke, and they want it the e-mail address").submit(422)


@pytest.mark.parametrize(
    ("channel", "about", "told"),
    [
        ("email", "the e-mail address", "Recorded. The address was removed."),
        ("sms", "the phone number", "Recorded. The number was removed."),
    ],
)
def test_a_call_after_which_an_address_goes_says_so(cast: Cast, channel: str, about: str, told: str) -> None:
    with_phone(cast, "expert", email=True)
    cast.client("expert").get("/me/contact").form(action=f"/me/contact/{channel}/remove").submit(303)
    page = cast.client("coordinator").get(f"/calls/{cast.people['expert'].ref}")
    assert page.form(button=f"We spoke, and they want it {about}").submit(303).follow().message == told


@pytest.mark.parametrize("proved", [False, True])
def test_a_number_never_confirmed_is_not_called_silent_for_a_year(cast: Cast, proved: bool) -> None:
    with_phone(cast, "expert", proved=proved)
    with clock.at(NOW + timedelta(days=400)):
        page = signed_in_now(cast, "coordinator").get(f"/calls/{cast.people['expert'].ref}")
    assert ("for a year" in page.text) is proved
    assert ("Nobody has confirmed yet that the number is theirs" in page.text) is not proved


def test_a_coordinator_sees_whoever_belongs_to_the_organisation_and_nobody_else(cast: Cast) -> None:
    client = cast.client("coordinator")
    for name in ("expert", "applicant", "host", "decision_maker"):
        assert "No call is needed" in client.get(f"/calls/{cast.people[name].ref}").text
    for name in ("neighbour", "outsider", "administrator"):
        client.get(f"/calls/{cast.people[name].ref}", expect=404)
    client.get("/calls/0000000000", expect=404)


def test_nobody_confirms_their_own_address_in_a_call(cast: Cast) -> None:
    """Rule call-another."""
    ref = cast.people["coordinator"].ref
    client = cast.client("coordinator")
    page = client.get(f"/calls/{ref}")
    assert "Ask another coordinator." in page.text
    assert [form.action for form in page.forms] == ["/sign-out"]
    for verb in ("number", "change"):
        assert "own address" in client.post(f"/calls/{ref}/{verb}", expect=422).text


def test_the_number_of_queries_does_not_grow_with_the_calls(cast: Cast) -> None:
    def queries_for() -> int:
        with reading(), statements() as ran:
            calls_to_make(cast.actor("coordinator"))
        return ran.total()

    with writing():
        give_role(SYSTEM, cast.people["outsider"].load(), cast.organisation.id, Role.DECISION_MAKER)
    ask_with_a_silent_number(cast)
    few = queries_for()
    for name in ("other_expert", "third_expert", "host"):
        with writing():
            change = change_contact(cast.actor(name), Channel.EMAIL, f"{name}2@kierto.test", HERE, key(cast))
            confirm_new(cast.actor(name), change, confirming_code(change, key(cast)), key(cast))
    assert queries_for() == few
    with reading():
        assert len(calls_to_make(cast.actor("coordinator"))) == 4
