"""Codes by which an application is gone on with elsewhere, and tokens by which an address claims one.

Both are derived from the row and the secret key, so that a mail sent again carries the same and the database holds
nothing that lets anybody in. The row's beginning goes in with its id, since a database may give an id again.
"""

import hmac

from kierto.database.types import CROCKFORD
from kierto.experts.models import Application
from kierto.sign_in.tokens import keyed

_LENGTH = 10
"""50 bits: written on paper in a moment, guessed by nobody who must ask a web server."""

_MISREAD = str.maketrans("ilo", "110")
"""What Crockford's letters leave out, since people take it for a digit."""


def going_on_code(application: Application, secret_key: str) -> str:
    """The code, as people write it down: "12-k7m29-qxw3p"."""
    code = _letters(_keyed(application, "go-on", secret_key))
    return f"{application.id}-{code[:5]}-{code[5:]}"


def claim_token(application: Application, secret_key: str) -> str:
    """What the letter to a known address carries."""
    return f"{application.id}-{_keyed(application, 'claim', secret_key)}"


def going_on_with(typed: str) -> int | None:
    """Which application a code speaks of, however it was written; whether it is right is told by `opens`."""
    return _number(_plain(typed).decode()[:-_LENGTH])


def claimed_by(token: str) -> int | None:
    """Which application a claiming token speaks of; whether it is right is told by `claims`."""
    return _number(token.partition("-")[0])


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def opens(typed: str, application: Application, secret_key: str) -> bool:
    """Whether this is the application's code, however it was written; the time it takes tells nothing."""
    return hmac.compare_digest(_plain(typed), _plain(going_on_code(application, secret_key)))


def claims(token: str, application: Application, secret_key: str) -> bool:
    """Whether this is the application's claiming token."""
    return hmac.compare_digest(token.encode(), claim_token(application, secret_key).encode())


def _plain(code: str) -> bytes:
    return "".join(code.lower().translate(_MISREAD).replace("-", "").split()).encode()


def _keyed(application: Application, use: str, secret_key: str) -> str:
    return keyed(f"kierto.application.{use}:{application.id}:{int(application.created_at.timestamp())}", secret_key)


def _letters(digest: str) -> str:
    number = int(digest, 16)
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(_LENGTH))
