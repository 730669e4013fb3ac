"""The pages an invitation leads through, on good days and bad ones."""

from datetime import timedelta

import pytest
from flask import Flask

from kierto import clock
from kierto.actor import Membership, Role
from kierto.database import reading, writing
from kierto.people import inviting
from kierto.people.inviting import invitee
from kierto.people.models import Invitation
from kierto.people.queries import person_with_email
from kierto.people.rules import INVITATION_LASTS
from kierto.sign_in.tokens import invitation_token
from kierto.words import LANGUAGES
from tests.cast import Cast, Thing
from tests.client import Client
from tests.scenes_staff import invite_staff

NEW = "uusi.tyontekija@kierto.test"


def address_of(cast: Cast, invitation: Thing[Invitation]) -> str:
    with reading():
        return f"/invitation/{invitation_token(invitation.load(), str(cast.app.secret_key))}"


@pytest.fixture
def invitation(cast: Cast) -> Thing[Invitation]:
    return invite_staff(cast, NEW)


@pytest.fixture
def address(cast: Cast, invitation: Thing[Invitation]) -> str:
    return address_of(cast, invitation)


def test_two_pages_and_one_press_from_the_message_to_the_unit(cast: Cast, address: str) -> None:
    client = cast.client()
    page = client.get(address)
    assert page.heading == "You are invited to Kierto"
    for said in ("Päivi Lahtinen", "Kallion terveysasema", "Worker in a unit", "seat in your unit’s meetings"):
        assert said in page.text
    assert page.form().values["name"] == ["Kutsuttu Kaija"]
    there = page.form().submit(303).follow()
    assert there.path == f"/units/{cast.unit.ref}"
    assert there.message == "Welcome! You are in."
    assert "Kutsuttu Kaija" in there.whole_text


def test_the_page_speaks_every_language(cast: Cast, address: str) -> None:
    for language in LANGUAGES:
        assert cast.client(language=language).get(address).heading
        assert cast.client().get(f"{address}?lang={language}").heading


def test_a_scanner_that_follows_the_link_accepts_nothing(
    cast: Cast, address: str, invitation: Thing[Invitation]
) -> None:
    for _ in range(3):
        cast.client().get(address)
    with reading():
        assert invitation.load().usable
        assert person_with_email(NEW) is None


def test_the_name_can_be_changed_but_not_left_out(cast: Cast, address: str) -> None:
    page = cast.client().get(address).form().submit(422, name=" ")
    assert page.field_errors["name"] == "This is needed. Fill it in."
    page.form().submit(303, name="Ihan Oma Nimi")
    with reading():
        person = person_with_email(NEW)
        assert person is not None
        assert person.name == "Ihan Oma Nimi"


def test_a_known_person_is_asked_nothing(cast: Cast) -> None:
    address = address_of(cast, invite_staff(cast, cast.email("neighbour")))
    page = cast.client().get(address)
    assert "name" not in page.form().fields
    assert "Riitta Korhonen" not in page.whole_text, "a scanner that opens the link learns no name"
    there = page.form().submit(303).follow()
    assert "Riitta Korhonen" in there.whole_text


def test_accepted_twice_is_said_calmly(cast: Cast, address: str) -> None:
    client = cast.client()
    second = client.get(address).form()
    client.get(address).form().submit(303)
    same_origin = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    again = client.request("POST", second.action, 400, data=second.values, **same_origin)
    assert again.heading == "Press once more to send", "the other tab's form is of before the signing in"
    assert again.form().submit(410).heading == "This invitation was accepted already"
    assert "All is well" in client.get(address, 410).text
    assert cast.client().get(address, 410).links["Sign in"] == "/sign-in"


def test_expired_and_withdrawn_are_said_calmly(cast: Cast, address: str, invitation: Thing[Invitation]) -> None:
    with clock.at(clock.now() + INVITATION_LASTS + timedelta(minutes=1)):
        assert cast.client().get(address, 410).heading == "This invitation has ended"
        cast.client().post(address, 410)
    with writing():
        inviting.withdraw_invitation(cast.actor("host"), invitation.load())
    assert cast.client().get(address, 410).heading == "This invitation has ended"
    cast.client().get("/invitation/nonsense", 410)


def test_a_forwarded_message_lets_in_as_its_address_and_once(cast: Cast, address: str) -> None:
    """A bad day: whoever holds the mail is who its address belongs to; the rightful reader sees that it was used."""
    cast.client().get(address).form().submit(303, name="Väärä Henkilö")
    assert cast.client().get(address, 410).heading == "This invitation was accepted already"


def test_somebody_else_on_the_device_is_told_and_chooses(cast: Cast, address: str) -> None:
    client = cast.client("expert")
    page = client.get(address)
    assert "Matti Virtanen is signed in on this device now." in page.text
    assert page.links["Do not accept. Go on as Matti Virtanen"] == "/me"
    there = page.form().submit(303).follow()
    assert "Matti Virtanen" not in there.whole_text
    assert "Matti Virtanen" not in Client(cast.app, cast.token("expert"), "en").get("/").whole_text, "signed out"
    assert cast.actor("expert", strongly=True).units == frozenset(), "the role is the address's, not Matti's"


def test_the_right_person_on_the_device_stays_signed_in(cast: Cast) -> None:
    address = address_of(cast, invite_staff(cast, cast.email("outsider")))
    client = cast.client("outsider")
    page = client.get(address)
    assert "is signed in on this device now" not in page.text
    page.form().submit(303)
    assert cast.actor("outsider").units == {cast.unit.id}, "the session from before goes on"


def test_the_session_is_weakly_identified(cast: Cast, address: str, app: Flask) -> None:
    """Rule secret-behind-strong-id: a message proves a mailbox and no more."""
    client = cast.client()
    client.get(address).form().submit(303)
    assert "stored" not in client.get("/me").text


@pytest.mark.parametrize(
    ("role", "leads"), [(Role.COORDINATOR, "/me"), (Role.DECISION_MAKER, "/me"), (None, "/admin/")]
)
def test_every_role_leads_to_its_place(cast: Cast, role: Role | None, leads: str) -> None:
    to = Membership(cast.organisation.id, role) if role else None
    with writing():
        found = Thing(inviting.invite(cast.actor("administrator"), invitee("Uusi", NEW, "fi"), to))
    there = cast.client().get(address_of(cast, found)).form().submit(303)
    assert there.location == leads
    there.follow()


def test_an_address_with_a_plus_and_one_in_other_letters(cast: Cast) -> None:
    """Bad days: plus-addresses are mailboxes of their own, and a domain is the same in its own letters and in ASCII."""
    for typed, kept in (("uusi+kierto@kierto.test", None), ("väinö@lääkäri.example.fi", "väinö@lääkäri.example.fi")):
        form = cast.client("host").get(f"/units/{cast.unit.ref}/people/invite").form()
        form.submit(303, name="Väinö", address=typed)
        with reading():
            asked = inviting.open_invitations(cast.actor("host"), cast.unit.load())[-1]
            assert asked.email == (kept or typed)
