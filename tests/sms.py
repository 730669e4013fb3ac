"""A real HTTP hook for text messages, which answers as a test wishes and keeps what it was sent.

It verifies as docs/sms.md shows: `verified` is that example, taken from the page.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

DOCS = Path(__file__).parent.parent / "docs" / "sms.md"
KEY = "a key of the tests that both of them know"


BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = "^{}\\[~]|€"
"""The alphabet of text messages (GSM 03.38), and what takes two places in it."""


def parts(text: str) -> int:
    """As how many text messages it is sent and paid."""
    if set(text) <= set(BASIC + TWICE):
        length = sum(2 if letter in TWICE else 1 for letter in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)


def example() -> Callable[..., bool]:
    """The verifying function of the documentation."""
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert found, "docs/sms.md shows how to verify"
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - our own documentation, run so that it stays true
    verified: Callable[..., bool] = names["verified"]
    return verified


@dataclass
class Hook:
    """What came. `answer` gives the status for a message, `pause` the seconds before it."""

    answer: Callable[[dict[str, str]], int] = lambda _sms: 202
    location: str = ""
    pause: Callable[[], None] = lambda: None
    came: list[dict[str, str]] = field(default_factory=list)
    bodies: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    url: str = ""


@contextmanager
def listening(hook: Hook) -> Iterator[Hook]:
    """Run the hook until the block ends; `hook.url` says where."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.bodies.append((body, dict(self.headers)))
            sms = json.loads(body)
            hook.pause()
            status = hook.answer(sms)
            if 200 <= status < 300:
                hook.came.append(sms)
            self.send_response(status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_port}/kierto"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
