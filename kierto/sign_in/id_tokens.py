"""ID tokens: whether one is genuine, fresh and meant for Kierto (OpenID Connect Core §3.1.3.7), and whom it names."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from kierto import clock
from kierto.sign_in.fetching import Kept, Source, fetched

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a key pair. Neither "none" nor HMAC: the client secret is no key of the provider's."""

LEEWAY = timedelta(minutes=2)
"""So much two clocks may differ."""

OLDEST = timedelta(minutes=15)
"""A token older than this was not made for the person who came back just now."""

_FRESH_KEYS = timedelta(minutes=1)
"""An unknown key is looked for at the provider, at most once a minute."""

_ENTRA_HOSTS = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "sts.windows.net",
)
_LONGEST = 255
_NATIONAL_ID = re.compile(r"(?<![0-9A-Z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Z])", re.IGNORECASE)
"""Finland's; it stands by itself, so that no part of a GUID is taken for one."""


class Reason(StrEnum):
    """What is wrong with a token."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    CLOCK = "clock"
    SUBJECT = "subject"


class InvalidToken(Exception):
    """The token proves nothing; `reason` is for the log."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Expected(NamedTuple):
    """What a genuine token says."""

    issuer: str
    client_id: str
    nonce: str


def _key_set(source: Source) -> KeySet:
    found = []
    for data in fetched(source).get("keys", ()):
        try:
            found.append(KeySet.import_key_set({"keys": [data]}).keys[0])
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue  # a kind of key that we do not know is no reason to refuse the others
    return KeySet(found)


_key_sets: Kept[KeySet] = Kept(_key_set)


def validated(token: str, expected: Expected, keys: Source) -> Mapping[str, Any]:
    """The claims of a genuine token.

    Raises:
        InvalidToken: it is not genuine, not fresh, or not for Kierto.
        NotFetched: the provider's keys cannot be had.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError) as fault:
        raise InvalidToken(Reason.MALFORMED) from fault
    if header.get("alg") not in ALGORITHMS:
        raise InvalidToken(Reason.ALGORITHM)
    key = _key(header.get("kid"), keys)
    try:
        claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError) as fault:
        raise InvalidToken(Reason.SIGNATURE) from fault
    _check(claims, expected)
    return claims


def _key(kid: object, source: Source) -> Key:
    """The key that the token names; one that the kept set does not have may be new there."""
    for at_most in (None, _FRESH_KEYS):
        keys = _key_sets.of(source) if at_most is None else _key_sets.of(source, at_most=at_most)
        signing = [key for key in keys if key.get("use", "sig") == "sig" and key.key_type != "oct"]
        found = [key for key in signing if key.kid == kid] if kid is not None else signing
        if len(found) == 1:
            return found[0]
    raise InvalidToken(Reason.KEY)


def _check(claims: Mapping[str, Any], expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != expected.issuer:
        raise InvalidToken(Reason.ISSUER)
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise InvalidToken(Reason.AUDIENCE)
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise InvalidToken(Reason.AUDIENCE)
    if claims.get("nonce") != expected.nonce:
        raise InvalidToken(Reason.NONCE)
    now = clock.now().timestamp()
    leeway = LEEWAY.total_seconds()
    begins = [_instant(claims, "iat"), *([_instant(claims, "nbf")] if "nbf" in claims else [])]
    if _instant(claims, "exp") <= now - leeway or max(begins) > now + leeway:
        raise InvalidToken(Reason.CLOCK)
    if begins[0] < now - OLDEST.total_seconds():
        raise InvalidToken(Reason.CLOCK)


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(Reason.MALFORMED)
    return float(value)


def is_entra(issuer: str) -> bool:
    """Whether it is one of Microsoft's."""
    return urlsplit(issuer).hostname in _ENTRA_HOSTS


def subject(issuer: str, claims: Mapping[str, Any]) -> str:
    """By what the person is known again: the subject; of Entra, the tenant and the object, which stay.

    A national identity number is refused, whoever sends it: Kierto keeps none.

    Raises:
        InvalidToken: there is none that can be used.
    """
    names = ("tid", "oid") if is_entra(issuer) else ("sub",)
    parts = [part for name in names if isinstance(part := claims.get(name), str) and 0 < len(part) <= _LONGEST]
    if len(parts) != len(names) or any(_NATIONAL_ID.search(part) for part in parts):
        raise InvalidToken(Reason.SUBJECT)
    return "/".join(parts)
