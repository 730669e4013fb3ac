"""A real SMTP server that takes, defers or refuses as a test wishes, and keeps what it took."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.running import free_port

OK = "250 OK"


def take(_address: str) -> str:
    return OK


@dataclass
class Sink:
    """What the server took. `rcpt` and `data` give its answers to an address and to a whole mail.

    `pause` gives the seconds between taking a mail and saying so.
    """

    rcpt: Callable[[str], str] = take
    data: Callable[[str], str] = take
    pause: Callable[[], float] = float
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.rcpt(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        answer = self.data(envelope.rcpt_tos[0])
        if answer == OK:
            content = cast(bytes, envelope.content)
            self.mails.append(BytesParser(policy=modern).parsebytes(content))
            assert server.transport
            implicit = server.transport.get_extra_info("ssl_object")
            self.encrypted.append(session.ssl is not None or implicit is not None)
            await asyncio.sleep(self.pause())
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Whoever knows the password."""
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"p@ss word", handled=data.password == b"p@ss word")


@contextmanager
def listening(
    sink: Sink, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[Sink]:
    """Run the server until the block ends; `sink.port` says where."""
    sink.port = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ssl_context=tls,
        tls_context=starttls,
        authenticator=sink.authenticate if login else None,
        auth_required=login,
        auth_require_tls=tls is None,  # aiosmtpd knows no other TLS than STARTTLS
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
