"""Providers of OpenID Connect for tests: a real one in a process of its own, and one that misbehaves as it is told."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep, time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from kierto.sign_in.openid import forget
from tests.running import free_port

STARTS_WITHIN = 30.0
"""Seconds; a laden machine is slow."""


@contextmanager
def real_provider(*users: dict[str, str]) -> Iterator[str]:
    """`oidc-provider-mock` in a process of its own until the block ends; gives its issuer."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    claims = [part for user in users for part in ("--user-claims", json.dumps(user))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *claims],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = monotonic() + STARTS_WITHIN
        while True:
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                assert monotonic() < until, "the provider does not answer"
                assert process.poll() is None, "the provider has ended"
                sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(30)


def agreed(address: str, subject: str) -> str:
    """What a person does at the real provider: says who they are; gives the path and query they are sent back to."""
    return _path(requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10))


def denied(address: str) -> str:
    """The same for who changes their mind."""
    return _path(requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=10))


def passed_through(address: str) -> str:
    """The same at the misbehaving provider, which asks nothing."""
    return _path(requests.get(address, allow_redirects=False, timeout=10))


def _path(answer: requests.Response) -> str:
    assert answer.is_redirect, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


class Misbehaving:
    """A provider of which a test may change anything: what its tokens claim, who signs them, what it answers."""

    client_id, client_secret = "kierto", "a secret & more: ä"

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.published = [self.key]
        self.header: dict[str, str] = {"alg": "RS256", "kid": "first"}
        self.claims: dict[str, Any] = {"sub": "subject-1", "email": "expert@kierto.test"}
        self.without: set[str] = set()
        self.metadata: dict[str, Any] = {}
        self.signed: Callable[[dict[str, Any]], str] = self._signed
        self.token_status = 200
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked: dict[str, str] = {}
        self.exchanged: dict[str, str] = {}
        self.authorization = ""
        self.requests = 0
        self.issuer = ""

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, str], bytes]:
        """What it says to a request."""
        self.requests += 1
        parts = urlsplit(path)
        if parts.path == "/authorize":
            self.asked = dict(parse_qsl(parts.query))
            back = urlencode({"code": "code-1", "state": self.asked["state"], "iss": self.issuer})
            return 302, {"Location": f"{self.asked['redirect_uri']}?{back}"}, b""
        if parts.path == "/token":
            self.exchanged, self.authorization = form, authorization
            self.meanwhile()
            return self._exchange(form)
        if parts.path == "/keys":
            return _json(200, {"keys": [key.as_dict(private=False) for key in self.published]})
        if parts.path == "/.well-known/openid-configuration":
            return _json(200, self._metadata())
        return 404, {}, b""

    def _metadata(self) -> dict[str, Any]:
        own = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return own | self.metadata

    def _exchange(self, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.asked.get("code_challenge"):
            return _json(400, {"error": "invalid_grant"})
        if self.token_status != 200:
            return _json(self.token_status, {"error": "invalid_client"})
        return _json(200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(self.claimed())})

    def claimed(self) -> dict[str, Any]:
        """The claims of the next token: right ones, but for what the test has changed."""
        now = int(time())
        right = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce", ""),
        }
        return {name: value for name, value in (right | self.claims).items() if name not in self.without}

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(self.header, claims, self.key)

    def signed_with_secret(self, claims: dict[str, Any]) -> str:
        """By HMAC with the client secret, which the client knows too."""
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.client_secret), algorithms=["HS256"])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """By nobody: alg "none"."""
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
        )

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on, and publish only that."""
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})
        self.published = [self.key]
        self.header = {"alg": "RS256", "kid": kid}


def _json(status: int, content: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


@contextmanager
def misbehaving_provider(port: int = 0, *, forgotten: bool = True) -> Iterator[Misbehaving]:
    """The provider, answering until the block ends. Unless `forgotten`, what is known of the port stays known."""
    provider = Misbehaving()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*provider.answer(self.path, {}, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.answer(self.path, form, self.headers.get("Authorization", "")))

        def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_message: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    if forgotten:
        forget(provider.issuer)  # another test's, which is down, may have had the port
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
