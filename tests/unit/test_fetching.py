"""Asking providers' servers: where nobody may lead us, how much and how long we listen, and when one is down."""

import json
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from socket import SHUT_RDWR, create_server, socket
from threading import Event, Thread
from time import monotonic, sleep

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kierto import clock
from kierto.sign_in import fetching, reaching
from kierto.sign_in.fetching import DOWN_FOR, MOST_AT_ONCE, NotFetched, Source, answered, ask_anew, fetched

SOON = 5.0
"""Seconds in which what does not wait has come about, on a laden machine too."""


class Server:
    """Says to everyone what `say` says, byte by byte; `came` counts those who connected."""

    def __init__(self, say: Callable[[socket], None]) -> None:
        self._say = say
        self._listening = create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.came = 0
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.source = Source(self.issuer, f"{self.issuer}/x")

    def run(self) -> None:
        while True:
            try:
                caller, _address = self._listening.accept()
            except OSError:
                return
            self.came += 1
            Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket) -> None:
        with caller:
            try:
                self._say(caller)
            except OSError:
                return  # who asked has gone

    def close(self) -> None:
        self._listening.shutdown(SHUT_RDWR)  # wakes who waits in `accept`
        self._listening.close()


@contextmanager
def serving(say: Callable[[socket], None]) -> Iterator[Server]:
    server = Server(say)
    ask_anew(server.issuer)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(SOON)


def saying(body: bytes) -> Callable[[socket], None]:
    """An answer of HTTP with the body."""

    def say(caller: socket) -> None:
        caller.recv(65536)
        caller.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)

    return say


def hanging_up(_caller: socket) -> None:
    """Down, for whoever asks."""


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "localhost."])
def test_a_name_that_leads_inside_is_not_connected_to(host: str) -> None:
    """What metadata of another machine's issuer calls its token endpoint; the name tells nothing, its address does."""
    with serving(saying(b"{}")) as server:
        source = Source("https://login.example.fi", f"https://{host}:{server.port}/token")
        with requests.Session() as session:
            session.trust_env = False  # a proxy would resolve the name itself
            with pytest.raises(NotFetched, match="inside a network"):
                answered(session, "POST", source, data={"code": "x"})
        assert server.came == 0


def test_only_who_is_on_this_machine_leads_to_it() -> None:
    with serving(saying(b'{"a": 1}')) as server:
        assert fetched(server.source) == {"a": 1}
        with pytest.raises(NotFetched, match="not safe"):
            fetched(Source("https://login.example.fi", server.source.address))
        assert server.came == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_sends_more_than_we_want_to_hear(method: str) -> None:
    endless = b'{"id_token": "' + b"x" * (4 * 1024 * 1024) + b'"}'
    with serving(saying(endless)) as server, requests.Session() as session:
        with pytest.raises(NotFetched, match="too large") as fault:
            answered(session, method, server.source)
        assert fault.value.answered


def test_nobody_talks_longer_than_somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece now and then keeps the connection alive; the whole has its time, too."""
    monkeypatch.setattr(fetching, "_LONGEST_SECONDS", 0.3)

    def drip(caller: socket) -> None:
        caller.recv(65536)
        caller.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{")
        while True:
            caller.sendall(b" ")
            sleep(0.05)

    with serving(drip) as server, pytest.raises(NotFetched, match="too slow"):
        fetched(server.source)


def test_who_has_not_answered_is_left_in_peace_for_a_while() -> None:
    now = datetime(2027, 1, 12, 8, tzinfo=UTC)
    with serving(hanging_up) as server:
        for later, came in ((0, 1), (1, 1), (29, 1), (31, 2), (32, 2)):
            with clock.at(now + timedelta(seconds=later)), pytest.raises(NotFetched) as fault:
                fetched(server.source)
            assert not fault.value.answered
            assert server.came == came
        with clock.at(now + timedelta(seconds=33)), requests.Session() as session, pytest.raises(NotFetched):
            answered(session, "POST", Source(server.issuer, f"{server.issuer}/token"))
        assert server.came == 2, "it is the server that is down, not the page"
        ask_anew(server.issuer)
        with clock.at(now + timedelta(seconds=33)), pytest.raises(NotFetched):
            fetched(server.source)
        assert server.came == 3
    assert timedelta(seconds=29) < DOWN_FOR < timedelta(seconds=31)


def test_who_answers_badly_is_asked_again() -> None:
    """Else whoever sends a provider nonsense that it stumbles over would close it to everybody."""

    def stumble(caller: socket) -> None:
        caller.recv(65536)
        caller.sendall(b"HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    with serving(stumble) as server:
        for came in (1, 2):
            with pytest.raises(NotFetched, match="status 500"):
                fetched(server.source)
            assert server.came == came


def test_only_a_few_wait_for_one_server() -> None:
    """Else one that hangs would have every thread of the web server."""
    done = Event()

    def hang(caller: socket) -> None:
        done.wait(30)
        saying(b'{"a": 1}')(caller)

    with serving(hang) as server, ThreadPoolExecutor(MOST_AT_ONCE) as threads:
        waiting = [threads.submit(fetched, server.source) for _ in range(MOST_AT_ONCE)]
        until = monotonic() + SOON
        while server.came < MOST_AT_ONCE and monotonic() < until:
            sleep(0.01)
        began = monotonic()
        with pytest.raises(NotFetched, match="too many wait"):
            fetched(server.source)
        assert monotonic() - began < 1
        done.set()
        assert [one.result() for one in waiting] == [{"a": 1}] * MOST_AT_ONCE
        assert fetched(server.source) == {"a": 1}


def test_what_is_public_is_reached_by_https(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The way there, with this machine taken for a public one: the certificate is of the name and is looked at."""
    monkeypatch.setattr(reaching, "_is_public", lambda _address: True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(tmp_path))

    def say(caller: socket) -> None:
        with tls.wrap_socket(caller, server_side=True) as secret:
            secret.recv(65536)
            secret.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + json.dumps({"a": 1}).encode())

    with serving(say) as server, requests.Session() as session:
        source = Source("https://login.example.fi", f"https://127.1:{server.port}/keys")
        session.trust_env = False
        with pytest.raises(NotFetched, match="SSLError"):
            answered(session, "GET", source)
        ask_anew(source.address)
        session.verify = str(tmp_path / "own.pem")
        assert answered(session, "GET", source) == {"a": 1}


def certificate(folder: Path) -> Path:
    """A certificate of the name 127.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.1")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("127.1"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file
