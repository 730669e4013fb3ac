"""What a device remembers while its person waits for a sign-in message: what it asked for, and where it was going.

It stands in the signed cookie: ids of requests and a path of Kierto's own, nothing secret and nothing of a person.
"""

from urllib.parse import urlsplit

from flask import request, session

from kierto.web.guard import actor

_ASKED = "waiting"
_WANTED = "wanted"
_MOST = 3
"""So many requests of one device, each perhaps in a tab of its own, can be waited for."""

HOME = "/me"


def remember(request_id: int) -> None:
    """Wait for the request's link or code on this device."""
    session[_ASKED] = [*asked(), request_id][-_MOST:]


def asked() -> list[int]:
    """The ids of what this device has asked for, the oldest first."""
    kept = session.get(_ASKED)
    return [one for one in kept if isinstance(one, int)] if isinstance(kept, list) else []


def want(path: str | None) -> None:
    """Remember where to lead the person once they are in; what is no path of ours is forgotten."""
    session.pop(_WANTED, None)
    if path and (own := local_path(path)):
        session[_WANTED] = own


def wanted() -> str:
    """Where the person wanted to go, else their own page. Read it before `guard.sign_in`, which empties the cookie."""
    kept = session.get(_WANTED)
    return (local_path(kept) if isinstance(kept, str) else None) or HOME


def local_path(text: str) -> str | None:
    """The text if it is a path within Kierto that a person can be led to, else None: no way leads to a stranger's page.

    Browsers take a backslash for a slash, and leave control characters out.
    """
    if not text.startswith("/") or text[1:2] in ("/", "\\") or len(text) > 1000:
        return None
    if any(ord(one) <= 32 or one in "\\\x7f" for one in text):
        return None
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path.startswith(("/sign-in", "/sign-out")):
        return None
    return text


def way_back() -> str | None:
    """The path of the page that was asked for and needs signing in first; None when it cannot be asked for again."""
    if request.method != "GET" or "token" in (request.view_args or {}) or actor().signed_in:
        return None
    return local_path(request.full_path.rstrip("?"))
