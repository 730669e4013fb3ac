"""Single sign-on when providers are down, lead astray or say too much, and when somebody begins for ever."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kierto import clock
from kierto.database import writing
from kierto.sign_in.limits import single_sign_on_tried
from kierto.sign_in.rules import SIGN_ONS_OF_CLIENT
from tests.cast import Cast
from tests.openid import Misbehaving, misbehaving_provider, passed_through
from tests.running import free_port
from tests.scenes_passes import secret_key
from tests.scenes_providers import begun, provider_added


@pytest.fixture
def odd() -> Iterator[Misbehaving]:
    with misbehaving_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def real_time(cast: Cast) -> Iterator[None]:
    """The provider answers from a thread of its own, which knows nothing of the tests' time."""
    with clock.at(datetime.now(UTC)):
        yield


def enough(cast: Cast, left: int = 0) -> None:
    """Who calls from this machine has begun, or come back, as often as anybody may."""
    with writing():
        for _ in range(SIGN_ONS_OF_CLIENT.most - left):
            single_sign_on_tried("127.0.0.1", secret_key(cast))


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["https://10.0.0.1/x", "https://169.254.169.254/x", "http://login.example.fi/x"])
def test_metadata_that_leads_astray_is_not_followed(cast: Cast, odd: Misbehaving, name: str, address: str) -> None:
    odd.metadata = {name: address}
    page = cast.client().get(f"/sign-in/with/{provider_added(cast, odd.issuer)}", 400)
    assert page.heading == "The sign-in did not work"


def test_a_token_endpoint_that_says_too_much_is_not_listened_to(cast: Cast, odd: Misbehaving) -> None:
    odd.signed = lambda _claims: "x" * (1024 * 1024)
    client, ref = cast.client(), provider_added(cast, odd.issuer)
    assert client.get(passed_through(begun(client, ref)), 400).heading == "The sign-in did not work"


def test_a_provider_may_want_the_secret_in_the_form(cast: Cast, odd: Misbehaving) -> None:
    odd.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    client, ref = cast.client(), provider_added(cast, odd.issuer, secret=odd.client_secret)
    client.get(passed_through(begun(client, ref)), 303)
    assert (odd.exchanged["client_id"], odd.exchanged["client_secret"]) == ("kierto", odd.client_secret)
    assert odd.exchanged["redirect_uri"] == f"http://localhost/sign-in/with/{ref}/callback"
    assert odd.authorization == ""


def test_a_provider_that_is_down(cast: Cast) -> None:
    with misbehaving_provider() as gone:
        ref = provider_added(cast, gone.issuer)
    page = cast.client().get(f"/sign-in/with/{ref}", 502)
    assert page.heading == "The sign-in does not answer right now"
    assert page.links["Sign in with a message"] == "/sign-in"


@pytest.mark.parametrize(("status", "expected"), [(500, 502), (400, 400), (401, 400)])
def test_a_provider_that_fails_meanwhile(cast: Cast, odd: Misbehaving, status: int, expected: int) -> None:
    ref = provider_added(cast, odd.issuer)
    client = cast.client()
    odd.token_status = status
    client.get(passed_through(begun(client, ref)), expected)


def test_who_was_down_is_asked_again_in_half_a_minute_or_by_an_administrator(cast: Cast) -> None:
    port = free_port()
    ref = provider_added(cast, f"http://127.0.0.1:{port}")
    client, now = cast.client(), clock.now()
    client.get(f"/sign-in/with/{ref}", 502)
    with misbehaving_provider(port, forgotten=False) as back:
        with clock.at(now + timedelta(seconds=29)):
            assert client.get(f"/sign-in/with/{ref}", 502).heading == "The sign-in does not answer right now"
        assert back.requests == 0
        with clock.at(now + timedelta(seconds=31)):
            client.get(f"/sign-in/with/{ref}", 303)
        assert back.requests == 1


def test_an_administrators_check_asks_at_once(cast: Cast) -> None:
    port = free_port()
    ref = provider_added(cast, f"http://127.0.0.1:{port}")
    cast.client().get(f"/sign-in/with/{ref}", 502)
    with misbehaving_provider(port, forgotten=False):
        page = cast.client("administrator").get(f"/admin/organisations/{cast.organisation.ref}/providers/{ref}")
        page.form(button="Check and save").submit(303)
        cast.client().get(f"/sign-in/with/{ref}", 303)


def test_who_begins_for_ever_waits(cast: Cast, odd: Misbehaving) -> None:
    ref = provider_added(cast, odd.issuer)
    client = cast.client()
    enough(cast)
    page = client.get(f"/sign-in/with/{ref}", 429)
    assert page.heading == "That was too many tries"
    assert odd.requests == 0
    elsewhere = cast.client()
    elsewhere.browser.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    elsewhere.get(f"/sign-in/with/{ref}", 303)
    with clock.at(clock.now() + timedelta(minutes=16)):
        client.get(f"/sign-in/with/{ref}", 303)


def test_a_callback_repeated_for_ever_waits_too(cast: Cast, odd: Misbehaving) -> None:
    """Whoever keeps the cookie of an attempt may come back with it again and again."""
    ref = provider_added(cast, odd.issuer)
    client = cast.client()
    back = passed_through(begun(client, ref))
    asked = odd.requests
    enough(cast, left=1)
    client.get(back, 429)
    assert odd.requests == asked
