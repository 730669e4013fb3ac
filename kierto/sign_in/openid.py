"""Single sign-on as OpenID Connect has it: the code flow with PKCE. Asks providers over the network; no database here.

Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 9700 (a
callback for each provider). ID tokens are validated in `id_tokens`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import requests
from authlib.integrations.requests_client import OAuth2Session

from kierto.errors import KiertoError
from kierto.sign_in import id_tokens
from kierto.sign_in.fetching import Kept, NotFetched, Source, answered, ask_anew, fetched, is_safe
from kierto.sign_in.id_tokens import Expected, InvalidToken, Reason


class Fault(StrEnum):
    """Why signing in at a provider came to nothing; each has its own page."""

    CANCELLED = "cancelled"
    DOWN = "down"
    STALE = "stale"
    CLOCK = "clock"
    WRONG = "wrong"


class ProviderFault(KiertoError):
    """It came to nothing; `fault` says why, `detail` is for the log and names nobody."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True)
class Relying:
    """What Kierto is to a provider: whose issuer, and by which client id and secret it is known there."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


class Metadata(NamedTuple):
    """What a provider says of itself (OpenID Connect Discovery §3), as far as Kierto needs it."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    basic: bool


class Attempt(NamedTuple):
    """What the device keeps until the provider sends its person back. One of it for each tab."""

    state: str
    nonce: str
    verifier: str


class Claimed(NamedTuple):
    """Who the provider says it is. The e-mail address only fills a form in; it proves nothing."""

    issuer: str
    subject: str
    email: str


def discover(issuer: str) -> Metadata:
    """The provider's metadata, kept for an hour.

    Raises:
        ProviderFault: DOWN when it does not answer, WRONG when it answers something else.
    """
    return _metadata.of(_source(issuer))


def forget(issuer: str) -> None:
    """Ask the provider anew the next time: an administrator checks what they have changed."""
    _metadata.forget(_source(issuer))
    ask_anew(issuer)


def begin(relying: Relying) -> tuple[str, Attempt]:
    """The provider's address to send the person to, and what the device keeps meanwhile.

    Raises:
        ProviderFault: DOWN, WRONG.
    """
    metadata = discover(relying.issuer)
    attempt = Attempt(secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48))
    with _session(relying) as session:
        address, _state = session.create_authorization_url(
            metadata.authorization_endpoint,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return address, attempt


def finish(relying: Relying, attempt: Attempt, answer: Mapping[str, str]) -> Claimed:
    """Who it is, by the provider's answer at the callback: its code is exchanged for an ID token, which is validated.

    Raises:
        ProviderFault: CANCELLED, DOWN, CLOCK, WRONG.
    """
    if "error" in answer:
        raise ProviderFault(_CANCELLED.get(answer["error"], Fault.WRONG), "error in the answer")
    if answer.get("iss", relying.issuer) != relying.issuer:  # RFC 9207 §2.4
        raise ProviderFault(Fault.WRONG, "answer of another issuer")
    if not answer.get("code"):
        raise ProviderFault(Fault.WRONG, "no code")
    metadata = discover(relying.issuer)
    token = _exchanged(relying, metadata, attempt, answer["code"])
    try:
        claims = id_tokens.validated(
            token,
            Expected(relying.issuer, relying.client_id, attempt.nonce),
            Source(relying.issuer, metadata.jwks_uri),
        )
        subject = id_tokens.subject(relying.issuer, claims)
    except InvalidToken as fault:
        why = Fault.CLOCK if fault.reason is Reason.CLOCK else Fault.WRONG
        raise ProviderFault(why, f"ID token: {fault.reason}") from fault
    except NotFetched as fault:
        raise _not_fetched(fault, "keys") from fault
    email = claims.get("email")
    return Claimed(relying.issuer, subject, email if isinstance(email, str) else "")


_CANCELLED = {
    "access_denied": Fault.CANCELLED,
    "login_required": Fault.CANCELLED,
    "interaction_required": Fault.CANCELLED,
    "consent_required": Fault.CANCELLED,
    "temporarily_unavailable": Fault.DOWN,
    "server_error": Fault.DOWN,
}


def _session(relying: Relying) -> OAuth2Session:
    return OAuth2Session(
        client_id=relying.client_id,
        scope=_scope(relying.issuer),
        redirect_uri=relying.redirect_uri,
        code_challenge_method="S256",
    )


def _scope(issuer: str) -> str:
    """As little as will do. Entra tells its `oid` only to who asks for the profile."""
    return "openid profile email" if id_tokens.is_entra(issuer) else "openid email"


def _exchanged(relying: Relying, metadata: Metadata, attempt: Attempt, code: str) -> str:
    """The ID token (RFC 6749 §4.1.3, §2.3.1)."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": attempt.verifier,
        "redirect_uri": relying.redirect_uri,
    }
    how: dict[str, Any] = {"auth": (relying.client_id.encode(), relying.client_secret.encode())}
    if not metadata.basic:
        how = {}
        asked |= {"client_id": relying.client_id, "client_secret": relying.client_secret}
    source = Source(relying.issuer, metadata.token_endpoint)
    try:
        with requests.Session() as session:
            answer = answered(session, "POST", source, data=asked, **how)
    except NotFetched as fault:
        raise _not_fetched(fault, "token endpoint") from fault
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderFault(Fault.WRONG, "no ID token")
    return token


def _source(issuer: str) -> Source:
    return Source(issuer, issuer.rstrip("/") + "/.well-known/openid-configuration")


def _document(source: Source) -> Metadata:
    try:
        found = fetched(source)
    except NotFetched as fault:
        raise _not_fetched(fault, "metadata") from fault
    if found.get("issuer") != source.issuer:  # OpenID Connect Discovery §4.3
        raise ProviderFault(Fault.WRONG, "metadata of another issuer")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        _address(source.issuer, found, "authorization_endpoint"),
        _address(source.issuer, found, "token_endpoint"),
        _address(source.issuer, found, "jwks_uri"),
        basic="client_secret_basic" in methods,
    )


def _address(issuer: str, document: Mapping[str, Any], name: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not is_safe(address, issuer):
        raise ProviderFault(Fault.WRONG, f"metadata without {name}")
    return address


def _not_fetched(fault: NotFetched, what: str) -> ProviderFault:
    return ProviderFault(Fault.WRONG if fault.answered else Fault.DOWN, f"{what}: {fault}")


_metadata: Kept[Metadata] = Kept(_document)
