"""ID tokens that prove nothing: each is refused with a calm page, and nobody is signed in (OIDC Core §3.1.3.7)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kierto import clock
from kierto.database import reading, session
from kierto.sign_in.models import Identity
from tests.cast import Cast
from tests.client import Client, Page
from tests.openid import Misbehaving, misbehaving_provider, passed_through
from tests.scenes_providers import begun, provider_added

Mischief = Callable[[Misbehaving], object]


@pytest.fixture
def odd() -> Iterator[Misbehaving]:
    with misbehaving_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def real_time(cast: Cast) -> Iterator[None]:
    """The provider answers from a thread of its own, which knows nothing of the tests' time."""
    with clock.at(datetime.now(UTC)):
        yield


def seconds(**away: float) -> int:
    """An instant some time away from now, as tokens write it."""
    return int((clock.now() + timedelta(**away)).timestamp())


def claiming(**claims: object) -> Mischief:
    return lambda odd: odd.claims.update(claims)


def without(name: str) -> Mischief:
    return lambda odd: odd.without.add(name)


def signing(how: str) -> Mischief:
    return lambda odd: setattr(odd, "signed", getattr(odd, how))


def tampered(odd: Misbehaving) -> None:
    """Somebody has changed what it claims after it was signed."""
    right, other = odd.signed, {"sub": "somebody-else"}

    def sign(claims: dict[str, object]) -> str:
        head, _body, signature = right(claims).split(".")
        return f"{head}.{right(claims | other).split('.')[1]}.{signature}"

    odd.signed = sign


def by_a_stranger(odd: Misbehaving) -> None:
    """Signed with a key that has the right name and is not the published one."""
    published = odd.published
    odd.rotate("first")
    odd.published = published


def by_nobody_known(odd: Misbehaving) -> None:
    published = odd.published
    odd.rotate("unheard-of")
    odd.published = published


WRONG: dict[str, Mischief] = {
    "of another issuer": claiming(iss="https://evil.example"),
    "of no issuer": without("iss"),
    "for another client": claiming(aud="another"),
    "for others too, without saying to whom it was given": claiming(aud=["kierto", "another"]),
    "given to another": claiming(aud=["kierto", "another"], azp="another"),
    "for one, given to another": claiming(azp="another"),
    "for nobody": without("aud"),
    "of another attempt": claiming(nonce="another"),
    "of no attempt": without("nonce"),
    "of nobody": without("sub"),
    "of an empty name": claiming(sub=""),
    "of a number": claiming(sub=7),
    "of somebody far too long": claiming(sub="x" * 256),
    "of a national identity number": claiming(sub="131052-308T"),
    "without an end": without("exp"),
    "without a beginning": without("iat"),
    "with an end that is no time": claiming(exp="tomorrow"),
    "that is unsigned": signing("unsigned"),
    "signed with the client secret": signing("signed_with_secret"),
    "changed after it was signed": tampered,
    "signed by a stranger": by_a_stranger,
    "signed with a key that is not published": by_nobody_known,
    "that is none": lambda odd: setattr(odd, "signed", lambda _claims: "not.a.token"),
    "that is nothing": lambda odd: setattr(odd, "signed", lambda _claims: ""),
}

ILL_TIMED: dict[str, dict[str, float]] = {
    "run out": {"exp": -3},
    "of the future": {"iat": 3},
    "not good yet": {"nbf": 3},
    "made long ago": {"iat": -16},
}
"""Claims, in minutes from now; two minutes are forgiven."""


def came_back(cast: Cast, odd: Misbehaving, expect: int) -> tuple[Client, Page]:
    ref = provider_added(cast, odd.issuer)
    client = cast.client()
    return client, client.get(passed_through(begun(client, ref)), expect)


def nobody_is_in(client: Client) -> None:
    client.get("/me", 403)
    client.get("/sign-in/join", 303)
    with reading():
        assert session.query(Identity).count() == 0


@pytest.mark.parametrize("name", WRONG)
def test_a_token(cast: Cast, odd: Misbehaving, name: str) -> None:
    WRONG[name](odd)
    client, page = came_back(cast, odd, 400)
    assert page.heading == "The sign-in did not work"
    assert list(page.links)[:2] == ["Sign in with a message", "Try again"]
    nobody_is_in(client)


@pytest.mark.parametrize("name", ILL_TIMED)
def test_a_token_that_is(cast: Cast, odd: Misbehaving, name: str) -> None:
    odd.claims |= {claim: seconds(minutes=minutes) for claim, minutes in ILL_TIMED[name].items()}
    client, page = came_back(cast, odd, 400)
    assert page.heading == "The clocks do not agree"
    nobody_is_in(client)


@pytest.mark.parametrize(
    "claims",
    [{"iat": 1}, {"exp": -1}, {"nbf": 1}],
)
def test_clocks_may_differ_a_little(cast: Cast, odd: Misbehaving, claims: dict[str, float]) -> None:
    odd.claims |= {claim: seconds(minutes=minutes) for claim, minutes in claims.items()}
    _client, page = came_back(cast, odd, 303)
    assert page.location == "/sign-in/join"


@pytest.mark.parametrize("claims", [{"aud": ["kierto"]}, {"aud": ["kierto", "another"], "azp": "kierto"}])
def test_audiences_that_are_right(cast: Cast, odd: Misbehaving, claims: dict[str, object]) -> None:
    odd.claims |= claims
    came_back(cast, odd, 303)


def test_a_token_without_an_address_lets_the_person_give_it(cast: Cast, odd: Misbehaving) -> None:
    odd.without.add("email")
    _client, page = came_back(cast, odd, 303)
    assert page.follow().form().values["address"] == [""]


def test_a_new_key_is_found_at_the_provider(cast: Cast, odd: Misbehaving) -> None:
    """Providers change their keys: an unknown one is looked for, at most once a minute."""
    ref = provider_added(cast, odd.issuer)
    client = cast.client()
    client.get(passed_through(begun(client, ref)), 303)
    odd.rotate("second")
    client.get(passed_through(begun(client, ref)), 400)
    with clock.at(clock.now() + timedelta(minutes=1, seconds=1)):
        odd.claims |= {"iat": seconds(), "exp": seconds(minutes=5)}
        client.get(passed_through(begun(client, ref)), 303)


def test_keys_of_unknown_kinds_stand_beside(cast: Cast, odd: Misbehaving) -> None:
    right = odd.answer

    def answer(path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = right(path, form, authorization)
        return status, headers, body.replace(b'{"keys": [', b'{"keys": [{"kty": "XYZ", "kid": "odd"}, {}, ')

    odd.answer = answer  # type: ignore[method-assign]  # for this test only
    came_back(cast, odd, 303)


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        ({"issuer": "https://evil.example"}, 400),
        ({"token_endpoint": "http://evil.example/token"}, 400),
        ({"jwks_uri": None}, 400),
        ({"authorization_endpoint": "javascript:alert(1)"}, 400),
    ],
)
def test_metadata_that_cannot_be_used(cast: Cast, odd: Misbehaving, metadata: dict[str, object], status: int) -> None:
    odd.metadata |= metadata
    ref = provider_added(cast, odd.issuer)
    cast.client().get(f"/sign-in/with/{ref}", status)


def test_a_provider_that_takes_the_secret_in_the_form(cast: Cast, odd: Misbehaving) -> None:
    odd.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    came_back(cast, odd, 303)
    assert odd.exchanged["client_secret"] == "secret"
    assert odd.authorization == ""
