"""Single sign-on: at a real provider, from the sign-in page to being in; the mailbox proved the first time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from kierto import clock
from kierto.actor import Identified, Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.experts.rules import may_read_secrets
from kierto.people.actions import give_role
from kierto.people.models import Person
from kierto.sign_in.models import Identity, PersonSession, SessionBy, SignInRequest
from kierto.sign_in.providers import offered_one, retire_provider
from kierto.sign_in.queries import actor_of
from kierto.sign_in.tokens import code
from kierto.web.guard import SESSION_TOKEN
from tests.cast import NAMES, Cast
from tests.client import Client, Page
from tests.openid import Misbehaving, agreed, denied, misbehaving_provider, passed_through, real_provider
from tests.scenes_passes import secret_key
from tests.scenes_providers import begun, provider_added

EXPERT = "a7c1-expert"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The real provider, the same for all of these tests."""
    with real_provider({"sub": EXPERT, "email": "expert@kierto.test"}) as issuer:
        yield issuer


@pytest.fixture
def odd() -> Iterator[Misbehaving]:
    with misbehaving_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def real_time(cast: Cast) -> Iterator[None]:
    """The real provider's clock is the machine's."""
    with clock.at(datetime.now(UTC)):
        yield


def come(client: Client, ref: str, subject: str = EXPERT) -> Page:
    """Through the provider and back."""
    return client.get(agreed(begun(client, ref), subject), 303)


def typed_code(cast: Cast) -> str:
    """The code of the message that was asked for last."""
    with reading():
        request = session.scalars(select(SignInRequest).order_by(SignInRequest.id.desc()).limit(1)).one()
        return code(request, secret_key(cast))


def joined(cast: Cast, client: Client, ref: str, subject: str = EXPERT, name: str = "expert") -> Page:
    """Come for the first time: prove the mailbox, and be in."""
    page = come(client, ref, subject).follow()
    assert page.path == "/sign-in/join"
    waits = page.form().submit(303, address=cast.email(name)).follow()
    return waits.form("/sign-in/code").submit(303, code=typed_code(cast))


def how(client: Client, cast: Cast) -> tuple[SessionBy, Identified] | None:
    """How the browser's session came to be and how strongly it identifies; None when it is in none."""
    with cast.app.app_context(), client.browser.session_transaction() as own:
        token = own.get(SESSION_TOKEN)
    if token is None:
        return None
    with reading():
        found = actor_of(token)
        assert found is not None
        by = session.scalars(select(PersonSession.by).where(PersonSession.id == found.session_id)).one()
        return by, found.identified


def identities() -> list[tuple[int, str, str]]:
    with reading():
        rows = session.execute(select(Identity.person_id, Identity.issuer, Identity.subject).order_by(Identity.id))
        return [(row[0], row[1], row[2]) for row in rows]


# The first time and after


def test_the_first_time_the_mailbox_is_proved_and_then_it_is_enough(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    client = cast.client()
    press = client.get("/sign-in").links["Sign in: Rannikon kirjautuminen"]
    assert press == f"/sign-in/with/{ref}"
    page = come(client, ref).follow()
    assert page.form().values["address"] == ["expert@kierto.test"]  # filled in from the claim, never trusted
    assert identities() == []
    page.form().submit(303).follow().form("/sign-in/code").submit(303, code=typed_code(cast))
    assert identities() == [(cast.id("expert"), issuer, EXPERT)]
    assert NAMES["expert"][0] in client.get("/me").whole_text
    again = cast.client()
    assert come(again, ref).location == "/me"
    assert NAMES["expert"][0] in again.get("/me").whole_text
    assert how(again, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.STRONGLY)


def test_the_claimed_address_alone_lets_nobody_in(cast: Cast, issuer: str) -> None:
    """Whoever may choose an e-mail address at a provider is not who has it in Kierto."""
    ref = provider_added(cast, issuer)
    client = cast.client()
    page = come(client, ref).follow()
    client.get("/me", 403)
    waits = page.form().submit(303).follow()
    waits.form("/sign-in/code").submit(422, code="000000")
    client.get("/me", 403)
    assert identities() == []


def test_an_address_that_nobody_has_gets_the_same_answer(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    pages = []
    for address in (cast.email("host"), "nobody@kierto.test"):
        client = cast.client()
        pages.append(come(client, ref).follow().form().submit(303, address=address).follow().text)
    assert pages[0].replace(cast.email("host"), "") == pages[1].replace("nobody@kierto.test", "")


def test_joining_needs_that_one_has_just_come(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    assert cast.client().get("/sign-in/join", 303).location == "/sign-in"
    client = cast.client()
    come(client, ref).follow()
    with clock.at(clock.now() + timedelta(minutes=31)):
        page = client.get("/sign-in/join", 303).follow()
    assert page.message == "Sign in again: half an hour has passed."


def test_it_leads_to_where_one_was_going(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    joined(cast, cast.client(), ref)
    client = cast.client()
    address = client.get(f"/sign-in/with/{ref}?next=/meetings/", 303).headers["Location"]
    assert client.get(agreed(str(address), EXPERT), 303).location == "/meetings/"
    astray = client.get(f"/sign-in/with/{ref}?next=https://evil.example/", 303).headers["Location"]
    assert client.get(agreed(str(astray), EXPERT), 303).location == "/me"


def test_who_was_signed_in_before_is_signed_out(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    joined(cast, cast.client(), ref)
    client = cast.client("host")
    come(client, ref)
    assert NAMES["expert"][0] in client.get("/me").whole_text
    with reading():
        assert actor_of(cast.token("host")) is None


def test_two_providers_are_two_worlds(cast: Cast, issuer: str, odd: Misbehaving) -> None:
    """The same subject at another issuer is somebody else (OpenID Connect Core §5.7)."""
    first = provider_added(cast, issuer)
    second = provider_added(cast, odd.issuer, name="Toinen")
    odd.claims["sub"] = EXPERT
    joined(cast, cast.client(), first)
    client = cast.client()
    assert client.get(passed_through(begun(client, second)), 303).location == "/sign-in/join"
    assert set(cast.client().get("/sign-in").links) >= {
        "Sign in: Rannikon kirjautuminen",
        "Sign in: Toinen",
    }


def test_a_retired_provider_lets_nobody_in(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    client = cast.client()
    back = agreed(begun(client, ref), EXPERT)
    with reading():
        provider = offered_one(cast.actor("visitor"), ref)
    with writing():
        retire_provider(cast.actor("administrator"), provider)
    client.get(back, 404)
    client.get(f"/sign-in/with/{ref}", 404)
    assert "Sign in: Rannikon kirjautuminen" not in client.get("/sign-in").links


def test_an_erased_person_is_nobodys_identity(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    joined(cast, cast.client(), ref)
    with writing():
        session.execute(update(Person).where(Person.id == cast.id("expert")).values(erased_at=clock.now()))
    assert come(cast.client(), ref).location == "/sign-in/join"


def test_a_taken_away_sign_in_needs_the_mailbox_again(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    client = cast.client()
    joined(cast, client, ref)
    page = client.get("/me/sign-ins")
    assert "Rannikon kirjautuminen" in page.text
    assert EXPERT not in page.html
    form = page.form()
    assert form.submit(303).follow().message == "Taken away. It lets nobody in any more."
    form.submit(404)
    assert identities() == []
    assert come(cast.client(), ref).location == "/sign-in/join"
    with reading():
        kinds = session.scalars(select(Event.kind).where(Event.kind.like("identity.%")).order_by(Event.id)).all()
        assert kinds == ["identity.joined", "identity.removed"]


def test_nobody_takes_anothers_away(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    client = cast.client()
    joined(cast, client, ref)
    handle = client.get("/me/sign-ins").form().values["identity"][0]
    cast.client("host").post("/me/sign-ins/remove", 404, {"identity": handle})
    assert len(identities()) == 1


# What is sent, and what comes back twice


def test_what_the_provider_is_asked(cast: Cast, odd: Misbehaving) -> None:
    """PKCE with S256 (RFC 7636), a state and a nonce of each attempt's own, as little of the person as will do."""
    ref = provider_added(cast, odd.issuer, secret=odd.client_secret)
    client = cast.client()
    first, second = begun(client, ref), begun(client, ref)
    asked = parse_qs(urlsplit(first).query)
    other = parse_qs(urlsplit(second).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid email"]
    assert asked["client_id"] == ["kierto"]
    assert asked["redirect_uri"] == [f"http://localhost/sign-in/with/{ref}/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != other[name]
    client.get(passed_through(first), 303)
    assert odd.exchanged["redirect_uri"] == asked["redirect_uri"][0]
    assert len(odd.exchanged["code_verifier"]) >= 43
    assert odd.authorization.startswith("Basic ")
    assert "client_secret" not in odd.exchanged


def test_two_tabs_both_come_back(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    joined(cast, cast.client(), ref)
    client = cast.client()
    tabs = [begun(client, ref), begun(client, ref)]
    assert client.get(agreed(tabs[1], "new-person"), 303).location == "/sign-in/join"
    assert client.get(agreed(tabs[0], EXPERT), 303).location == "/me"


@pytest.mark.parametrize("who", ["the same device", "another device"])
def test_a_callback_works_once_and_where_it_was_begun(cast: Cast, issuer: str, who: str) -> None:
    ref = provider_added(cast, issuer)
    joined(cast, cast.client(), ref)
    client = cast.client()
    back = agreed(begun(client, ref), EXPERT)
    if who == "the same device":
        client.get(back, 303)
        client.browser.delete_cookie("kierto_language")  # it speaks the person's language now; the tests read English
        page = client.get(back, 400)
    else:
        page = cast.client().get(back, 400)
    assert page.heading == "Begin the sign-in again"
    assert page.links["Try again"] == f"/sign-in/with/{ref}"
    assert page.links["Sign in with a message"] == "/sign-in"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_answer_at_another_providers_address_is_none(cast: Cast, issuer: str, odd: Misbehaving) -> None:
    """RFC 9700 §4.4: each provider has a callback of its own, and its state is good there alone."""
    first, second = provider_added(cast, issuer), provider_added(cast, odd.issuer, name="Toinen")
    client = cast.client()
    back = agreed(begun(client, first), EXPERT)
    client.get(back.replace(first, second), 400)
    client.get(passed_through(begun(client, second)).replace("iss=http", "iss=https"), 400)


# When it comes to nothing


def test_who_changes_their_mind_is_told_so(cast: Cast, issuer: str) -> None:
    ref = provider_added(cast, issuer)
    client = cast.client()
    page = client.get(denied(begun(client, ref)).replace("?", f"?state={state_of(client, cast)}&"))
    assert page.heading == "You did not sign in"
    client.get("/me", 403)


def state_of(client: Client, cast: Cast) -> str:
    """The mock leaves the state out of its refusals; real providers send it (RFC 6749 §4.1.2.1)."""
    with cast.app.app_context(), client.browser.session_transaction() as own:
        return str(own["attempts"][-1][1])


def test_nothing_waits_in_the_database_while_the_provider_thinks(app: Flask, cast: Cast, odd: Misbehaving) -> None:
    """No transaction is open during the network: somebody else writes meanwhile, on SQLite too."""
    ref = provider_added(cast, odd.issuer)
    written = []

    def write() -> None:
        with app.app_context(), writing():
            session.execute(update(Person).where(Person.id == cast.id("host")).values(language="sv"))
            written.append(True)

    odd.meanwhile = write
    client = cast.client()
    assert client.get(passed_through(begun(client, ref)), 303).location == "/sign-in/join"
    assert written == [True]


# Strength: rule secret-behind-strong-id


def test_a_session_by_link_stays_weak(cast: Cast, issuer: str) -> None:
    """Rule secret-behind-strong-id: having a strong way in makes no other session strong."""
    ref = provider_added(cast, issuer)
    client = cast.client()
    joined(cast, client, ref)
    assert how(client, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.STRONGLY)
    weak = cast.actor("expert")
    assert weak.identified is Identified.WEAKLY
    assert not may_read_secrets(weak, None)
    assert may_read_secrets(weak, "a recorded reason")


@pytest.mark.parametrize(
    ("strong", "own", "works_elsewhere", "expected"),
    [
        (True, True, False, Identified.STRONGLY),
        (False, True, False, Identified.WEAKLY),
        (True, False, False, Identified.WEAKLY),
        (True, True, True, Identified.WEAKLY),
    ],
)
def test_what_one_organisation_vouches_for_opens_no_others_secrets(
    cast: Cast, issuer: str, strong: bool, own: bool, works_elsewhere: bool, expected: Identified
) -> None:
    of = cast.organisation if own else cast.other_organisation
    ref = provider_added(cast, issuer, strong=strong, of=of)
    if works_elsewhere:
        with writing():
            expert = cast.people["expert"].load()
            give_role(cast.actor("neighbour"), expert, cast.other_organisation.id, Role.COORDINATOR)
    first, later = cast.client(), cast.client()
    joined(cast, first, ref)
    come(later, ref)
    assert how(first, cast) == how(later, cast) == (SessionBy.SINGLE_SIGN_ON, expected)


@pytest.mark.parametrize("of_weak", ["own", "other"])
def test_a_weak_provider_stays_weak_beside_a_strong_one_of_its_issuer(cast: Cast, issuer: str, of_weak: str) -> None:
    """Rule secret-behind-strong-id: the provider that was used counts, the first time and after."""
    strong = provider_added(cast, issuer, name="Vahva")
    of = cast.organisation if of_weak == "own" else cast.other_organisation
    weak = provider_added(cast, issuer, strong=False, name="Tavallinen", of=of)
    first, later, strongly = cast.client(), cast.client(), cast.client()
    joined(cast, first, weak)
    come(later, weak)
    come(strongly, strong)
    assert how(first, cast) == how(later, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.WEAKLY)
    assert how(strongly, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.STRONGLY)


def test_a_message_sent_again_is_as_weak_as_the_first(cast: Cast, issuer: str) -> None:
    provider_added(cast, issuer, name="Vahva")
    weak = provider_added(cast, issuer, strong=False, name="Tavallinen")
    client = cast.client()
    waits = come(client, weak).follow().form().submit(303, address=cast.email("expert")).follow()
    waits = waits.form("/sign-in/again").submit(303).follow()
    waits.form("/sign-in/code").submit(303, code=typed_code(cast))
    assert how(client, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.WEAKLY)


def test_an_issuer_that_both_organisations_hold_strong_is_strong_for_both(cast: Cast, issuer: str) -> None:
    """Suomi.fi is the same everywhere."""
    ref = provider_added(cast, issuer)
    provider_added(cast, issuer, of=cast.other_organisation)
    with writing():
        expert = cast.people["expert"].load()
        give_role(cast.actor("neighbour"), expert, cast.other_organisation.id, Role.COORDINATOR)
    client = cast.client()
    joined(cast, client, ref)
    assert how(client, cast) == (SessionBy.SINGLE_SIGN_ON, Identified.STRONGLY)
