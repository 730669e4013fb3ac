"""Tokens of sessions and sign-in links: what is derived, what is stored as a hash."""

import hashlib
import secrets

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "kierto.sign-in-link"


def new_token() -> str:
    """32 random bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """How a token is stored. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_token(link_id: int, secret_key: str) -> str:
    """The token of a sign-in link: derived from its id, so that a mail sent again carries the same."""
    return str(URLSafeSerializer(secret_key, salt=_SALT).dumps(link_id))


def link_id(token: str, secret_key: str) -> int | None:
    """The id behind a sign-in link's token, None when it is not ours."""
    try:
        value = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature:
        return None
    return value if isinstance(value, int) else None
