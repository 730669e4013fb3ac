"""Sign-in providers in administration: asked before they are saved, secrets never shown, retired for good."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from kierto.database import reading, session
from kierto.events.models import Event
from kierto.sign_in.models import IdentityProvider
from tests.cast import Cast
from tests.client import Page, PageForm
from tests.openid import Misbehaving, misbehaving_provider
from tests.scenes_providers import provider_added

SECRET = "a very secret secret"


@pytest.fixture
def odd() -> Iterator[Misbehaving]:
    with misbehaving_provider() as provider:
        yield provider


def address(cast: Cast) -> str:
    return f"/admin/organisations/{cast.organisation.ref}/providers/"


def new(cast: Cast) -> PageForm:
    return cast.client("administrator").get(f"{address(cast)}new").form()


def added(cast: Cast, odd: Misbehaving) -> Page:
    """The list after one was added."""
    filled = {"name_fi": "Rannikko", "issuer": odd.issuer, "client_id": "kierto", "client_secret": SECRET}
    return new(cast).submit(303, **filled).follow()


def stored() -> tuple[str, str, bool, bool]:
    """The one provider's name, secret, strength, and whether it is retired."""
    with reading():
        row = session.scalars(select(IdentityProvider)).one()
        return row.name.fi, row.client_secret.decode(), row.strong, row.retired_at is not None


def test_a_provider_is_added_and_offered(cast: Cast, odd: Misbehaving) -> None:
    page = added(cast, odd)
    assert page.message == "The provider was added. It is on the sign-in page now."
    assert odd.issuer in page.text
    assert stored() == ("Rannikko", SECRET, False, False)
    assert "Sign in: Rannikko" in cast.client().get("/sign-in").links


def test_its_page_tells_where_the_provider_sends_people_back_to(cast: Cast, odd: Misbehaving) -> None:
    page = added(cast, odd).click("Rannikko")
    with reading():
        ref = session.scalars(select(IdentityProvider.ref)).one()
    assert f"http://localhost/sign-in/with/{ref}/callback" in page.text


def test_its_secret_is_kept_encrypted_and_never_shown(cast: Cast, odd: Misbehaving) -> None:
    page = added(cast, odd).click("Rannikko")
    assert SECRET not in page.html
    refused = page.form(button="Check and save").submit(422, name_fi="", client_secret="another secret")
    assert "another secret" not in refused.html
    with reading():
        raw = session.execute(text("SELECT client_secret FROM identity_providers")).scalar_one()
        data = session.scalars(select(Event.data).where(Event.kind.like("provider.%"))).all()
    assert SECRET.encode() not in bytes(raw)
    assert data == [{"strong": False}]


def test_a_change_keeps_the_secret_unless_there_is_a_new_one(cast: Cast, odd: Misbehaving) -> None:
    page = added(cast, odd).click("Rannikko")
    page.form(button="Check and save").submit(303, name_fi="Rannikon väki", strong="y")
    assert stored() == ("Rannikon väki", SECRET, True, False)
    page.client.get(page.path).form(button="Check and save").submit(303, client_secret="new")
    assert stored()[1] == "new"


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("http://login.example.fi", "Give the whole address. It begins with https://"),
        ("login.example.fi", "Give the whole address. It begins with https://"),
        ("http://127.0.0.1:9", "Nobody answers there."),
        ("odd/realms/other", "There is no OpenID Connect provider of this name there."),
        ("odd/", "There is no OpenID Connect provider of this name there."),
    ],
)
def test_an_address_with_no_provider_is_told_and_nothing_saved(
    cast: Cast, odd: Misbehaving, issuer: str, words: str
) -> None:
    issuer = issuer.replace("odd", odd.issuer)
    page = new(cast).submit(422, name_fi="X", issuer=issuer, client_id="kierto", client_secret=SECRET)
    assert page.field_errors["issuer"].startswith(words)
    assert page.form(button="Check and add").values["issuer"] == [issuer]
    with reading():
        assert session.scalars(select(IdentityProvider)).all() == []


def test_a_provider_that_has_gone_is_not_changed(cast: Cast) -> None:
    with misbehaving_provider() as gone:
        page = added(cast, gone).click("Rannikko")
    refused = page.form(button="Check and save").submit(422, name_fi="Toinen")
    assert refused.field_errors["client_id"].startswith("Nobody answers there.")
    assert stored()[0] == "Rannikko"


def test_retiring_it_is_for_good(cast: Cast, odd: Misbehaving) -> None:
    page = added(cast, odd).click("Rannikko")
    form = page.form(button="Retire the provider")
    after = form.submit(303).follow()
    form.submit(303)
    assert after.message == "The provider was retired. Nobody signs in through it any more."
    assert stored()[3]
    assert "Sign in: Rannikko" not in cast.client().get("/sign-in").links
    assert page.client.get(f"{page.path}/retire", 303).location == address(cast)
    with reading():
        kinds = session.scalars(select(Event.kind).where(Event.kind.like("provider.%")).order_by(Event.id)).all()
    assert kinds == ["provider.added", "provider.retired"]


def test_another_organisations_provider_is_not_there(cast: Cast) -> None:
    ref = provider_added(cast, "http://127.0.0.1:9", of=cast.other_organisation)
    cast.client("administrator").get(f"{address(cast)}{ref}", 404)


def test_many_providers_take_no_more_queries(cast: Cast) -> None:
    client = cast.client()
    provider_added(cast, "http://127.0.0.1:9")
    client.get("/sign-in")
    few = client.queries
    for number in range(5):
        provider_added(cast, f"http://127.0.0.1:9/{number}", name=f"Kirjautuminen {number}")
    client.get("/sign-in")
    assert client.queries == few
