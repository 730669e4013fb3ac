"""Tokens of sessions, links and codes: what is derived, what is stored as a hash.

What a message carries is derived from a row and the secret key: sent again it is the same, and the database holds
nothing that lets anybody in. The row's beginning goes in with its id, since a database may give an id again.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import NamedTuple, Protocol

from itsdangerous import BadSignature, URLSafeSerializer

CODE_DIGITS = 6

_LINK = "kierto.sign-in-link"
_CODE = "kierto.sign-in-code"
_CONFIRMING = "kierto.contact-change-link"
_INVITATION = "kierto.invitation"
_ANSWER = "kierto.answer"
_CONFIRMING_CODE = "kierto.contact-change-code"


class Begun(Protocol):
    """A row that a link and a code are derived from."""

    @property
    def id(self) -> int: ...

    @property
    def created_at(self) -> datetime: ...


class LinkTo(NamedTuple):
    """What a link's token says: a row's id, and when the row began (seconds since 1970)."""

    id: int
    began: int

    def leads_to(self, row: Begun) -> bool:
        """Whether the row is the one that the link was made for."""
        return (row.id, _began(row)) == self


def new_token() -> str:
    """32 random bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """How a token is stored. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_token(request: Begun, secret_key: str) -> str:
    """The token of a sign-in link."""
    return _token(request, secret_key, _LINK)


def link_of(token: str, secret_key: str) -> LinkTo | None:
    """The request behind a sign-in link's token, None when the token is not ours."""
    return _link(token, secret_key, _LINK)


def code(request: Begun, secret_key: str) -> str:
    """The six digits that do what the sign-in link does."""
    return _digits(request, secret_key, _CODE)


def confirming_token(change: Begun, secret_key: str) -> str:
    """The token of the link that goes to a person's old address when it is to be changed."""
    return _token(change, secret_key, _CONFIRMING)


def confirming_link(token: str, secret_key: str) -> LinkTo | None:
    """The change behind such a token, None when the token is not ours."""
    return _link(token, secret_key, _CONFIRMING)


def confirming_code(change: Begun, secret_key: str) -> str:
    """The six digits that go to a new address."""
    return _digits(change, secret_key, _CONFIRMING_CODE)


def invitation_token(invitation: Begun, secret_key: str) -> str:
    """The token of the link in an invitation."""
    return _token(invitation, secret_key, _INVITATION)


def invitation_link(token: str, secret_key: str) -> LinkTo | None:
    """The invitation behind such a token, None when the token is not ours."""
    return _link(token, secret_key, _INVITATION)


def answer_token(seat: Begun, secret_key: str) -> str:
    """The token of the link by which a seat's person answers."""
    return _token(seat, secret_key, _ANSWER)


def answer_link(token: str, secret_key: str) -> LinkTo | None:
    """The seat behind such a token, None when the token is not ours."""
    return _link(token, secret_key, _ANSWER)


def is_code(typed: str, right: str) -> bool:
    """Whether these are the digits, however they were spaced; the time it takes tells nothing."""
    return hmac.compare_digest("".join(typed.split()).encode(), right.encode())


def keyed(text: str, secret_key: str) -> str:
    """A hash that tells nothing without the key, however few texts there are to guess from."""
    return hmac.new(secret_key.encode(), text.encode(), "sha256").hexdigest()


def _began(row: Begun) -> int:
    return int(row.created_at.timestamp())


def _token(row: Begun, secret_key: str, salt: str) -> str:
    return str(URLSafeSerializer(secret_key, salt=salt).dumps([row.id, _began(row)]))


def _link(token: str, secret_key: str, salt: str) -> LinkTo | None:
    try:
        value = URLSafeSerializer(secret_key, salt=salt).loads(token)
    except BadSignature:
        return None
    whole = isinstance(value, list) and len(value) == 2 and all(isinstance(one, int) for one in value)
    return LinkTo(*value) if whole else None


def _digits(row: Begun, secret_key: str, salt: str) -> str:
    number = int(keyed(f"{salt}:{row.id}:{_began(row)}", secret_key), 16)
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"
