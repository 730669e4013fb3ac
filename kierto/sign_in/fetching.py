"""Fetching the documents of sign-in providers: within limits of time and size, kept for a while in each process."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import requests

from kierto import clock

TIMEOUT_SECONDS = (5.0, 10.0)
"""To connect, and between two pieces of an answer. Somebody waits at the screen."""

_MOST_BYTES = 512 * 1024
_KEPT = timedelta(hours=1)
_OWN_MACHINE = ("127.0.0.1", "::1", "localhost")

Document = TypeVar("Document")


class NotFetched(Exception):
    """The document could not be had; the words are for the log and name nobody. `answered`: something was there."""

    def __init__(self, words: str, *, answered: bool) -> None:
        super().__init__(words)
        self.answered = answered


def is_safe(address: str) -> bool:
    """Whether what goes there cannot be read on the way: HTTPS, or this very machine (for tests and trials)."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in _OWN_MACHINE
    return (parts.scheme == "https" or plain) and bool(parts.hostname) and not (parts.username or parts.fragment)


def fetched(address: str) -> dict[str, Any]:
    """The JSON object at the address; redirects are not followed.

    Raises:
        NotFetched: nobody answers in time, or with something else.
    """
    if not is_safe(address):
        raise NotFetched("an address that is not HTTPS", answered=True)
    try:
        with requests.get(
            address,
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = answer.status_code
            body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
    except (requests.exceptions.RequestException, OSError) as fault:
        raise NotFetched(type(fault).__name__, answered=False) from fault
    if status != requests.codes.ok:
        raise NotFetched(f"status {status}", answered=status < requests.codes.server_error)
    if len(body) > _MOST_BYTES:
        raise NotFetched("too large", answered=True)
    try:
        document = json.loads(body)
    except ValueError as fault:
        raise NotFetched("no JSON", answered=True) from fault
    if not isinstance(document, dict):
        raise NotFetched("no JSON object", answered=True)
    return document


class Kept(Generic[Document]):
    """Documents by address, each fetched again after an hour, or when it is asked for anew."""

    def __init__(self, fetch: Callable[[str], Document]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._kept: dict[str, tuple[datetime, Document]] = {}

    def of(self, address: str, *, at_most: timedelta = _KEPT) -> Document:
        """The document, at most so old. Two who ask at one moment may both fetch it: nobody waits for another."""
        now = clock.now()
        with self._lock:
            found = self._kept.get(address)
        if found is not None and timedelta(0) <= now - found[0] < at_most:
            return found[1]
        document = self._fetch(address)
        with self._lock:
            self._kept[address] = now, document
        return document

    def forget(self, address: str) -> None:
        """Fetch it the next time."""
        with self._lock:
            self._kept.pop(address, None)
