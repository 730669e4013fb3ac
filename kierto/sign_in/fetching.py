"""Asking sign-in providers: only where it is safe, within limits of time and size, and calmly when one is down."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from kierto import clock
from kierto.sign_in.reaching import Inside, PublicOnly, is_inside, is_own_machine

TIMEOUT_SECONDS = (5.0, 10.0)
"""To connect, and between two pieces of an answer. Somebody waits at the screen."""

_LONGEST_SECONDS = 15.0
"""For a whole answer, however often another piece of it comes."""

_MOST_BYTES = 512 * 1024
_PIECE = 16 * 1024
_KEPT = timedelta(hours=1)

DOWN_FOR = timedelta(seconds=30)
"""So long nobody asks a server again that has not answered."""

MOST_AT_ONCE = 4
"""So many threads of a process wait for one server at most; whoever comes meanwhile is told at once."""

Document = TypeVar("Document")


class Source(NamedTuple):
    """An address of a provider, and the issuer that the provider is."""

    issuer: str
    address: str


class NotFetched(Exception):
    """The document could not be had; the words are for the log and name nobody. `answered`: something was there."""

    def __init__(self, words: str, *, answered: bool) -> None:
        super().__init__(words)
        self.answered = answered


def is_safe(address: str, issuer: str) -> bool:
    """Whether the issuer's metadata may lead there: what goes there cannot be read on the way, and it is public.

    So HTTPS, and no address inside a network: nobody reaches what stands behind Kierto's firewall by writing it into
    their metadata. An issuer on this very machine (tests, trials) may be asked by plain HTTP, and only it.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.fragment:
        return False
    if is_own_machine(parts.hostname):
        return parts.scheme in ("http", "https") and is_own_machine(urlsplit(issuer).hostname or "")
    return parts.scheme == "https" and not is_inside(parts.hostname)


def fetched(source: Source) -> dict[str, Any]:
    """The JSON object at the address.

    Raises:
        NotFetched: nobody answers in time, or with something else.
    """
    with requests.Session() as session:
        return answered(session, "GET", source)


def answered(session: requests.Session, method: str, source: Source, **sent: Any) -> dict[str, Any]:
    """The JSON object that a provider's server answers with; redirects are not followed.

    Raises:
        NotFetched: nobody answers in time (now, or a moment ago), or with something else.
    """
    if not is_safe(source.address, source.issuer):
        raise NotFetched("an address that is not safe", answered=True)
    where = urlsplit(source.address)
    if not is_own_machine(where.hostname or ""):
        session.mount("https://", PublicOnly())
    with _servers.asking(where.netloc):
        status, body = _exchanged(session, method, source.address, sent)
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


def ask_anew(issuer: str) -> None:
    """Ask the issuer's server the next time, even when it has not answered a moment ago."""
    _servers.forget(urlsplit(issuer).netloc)


def _exchanged(session: requests.Session, method: str, address: str, sent: dict[str, Any]) -> tuple[int, bytes]:
    """The status, and as much of the body as anybody may send, and a little more."""
    until = monotonic() + _LONGEST_SECONDS
    body = bytearray()
    headers = {"Accept": "application/json"}
    try:
        with session.request(
            method, address, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True, **sent
        ) as answer:
            while len(body) <= _MOST_BYTES and (piece := answer.raw.read1(_PIECE, decode_content=True)):
                body += piece
                if monotonic() > until:
                    raise NotFetched("too slow", answered=False)
            return answer.status_code, bytes(body)
    except Inside as fault:
        raise NotFetched("an address inside a network", answered=True) from fault
    except (requests.exceptions.RequestException, HTTPError, OSError) as fault:
        raise NotFetched(type(fault).__name__, answered=False) from fault


class _Servers:
    """Which servers are waited for now, and which have not answered lately; in each process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: Counter[str] = Counter()
        self._down: dict[str, datetime] = {}

    @contextmanager
    def asking(self, server: str) -> Iterator[None]:
        """Ask it, unless it has not answered a moment ago, or too many wait for it already.

        Raises:
            NotFetched
        """
        with self._lock:
            down = self._down.get(server)
            if down is not None and timedelta(0) <= clock.now() - down < DOWN_FOR:
                raise NotFetched("did not answer a moment ago", answered=False)
            if self._asked[server] >= MOST_AT_ONCE:
                raise NotFetched("too many wait for it", answered=False)
            self._asked[server] += 1
        try:
            yield
        except NotFetched as fault:
            if not fault.answered:
                with self._lock:
                    self._down[server] = clock.now()
            raise
        else:
            self.forget(server)
        finally:
            with self._lock:
                self._asked[server] -= 1

    def forget(self, server: str) -> None:
        """Ask it the next time."""
        with self._lock:
            self._down.pop(server, None)


_servers = _Servers()


class Kept(Generic[Document]):
    """Documents by address, each fetched again after an hour, or when it is asked for anew."""

    def __init__(self, fetch: Callable[[Source], Document]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._kept: dict[Source, tuple[datetime, Document]] = {}

    def of(self, source: Source, *, at_most: timedelta = _KEPT) -> Document:
        """The document, at most so old. Two who ask at one moment may both fetch it: nobody waits for another."""
        now = clock.now()
        with self._lock:
            found = self._kept.get(source)
        if found is not None and timedelta(0) <= now - found[0] < at_most:
            return found[1]
        document = self._fetch(source)
        with self._lock:
            self._kept[source] = now, document
        return document

    def forget(self, source: Source) -> None:
        """Fetch it the next time."""
        with self._lock:
            self._kept.pop(source, None)
