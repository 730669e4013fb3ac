"""How a mail leaves: SMTP, or files in a maildir; `KIERTO_MAIL_URL` says which."""

import contextlib
import mailbox
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Protocol, Self
from urllib.parse import SplitResult, unquote, urlsplit

from kierto.settings import Settings

TIMEOUT = 20
"""Seconds that a server may be silent."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FULL_MAILBOX = 552  # on RCPT it means "later" (RFC 5321 §4.5.3.1.10)


class NotSent(Exception):
    """The mail did not leave. `fault` names no person and no address; `permanent` says that repeating is no use."""

    def __init__(self, fault: str, *, permanent: bool = False, server_down: bool = False) -> None:
        super().__init__(fault)
        self.fault = fault
        self.permanent = permanent
        self.server_down = server_down


class Transport(Protocol):
    """Open while a worker sends a few mails."""

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            NotSent: it was not accepted.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def transport(settings: Settings) -> Transport:
    """The way that the settings name."""
    folder = maildir_path(settings)
    return MaildirTransport(folder) if folder else SmtpTransport(urlsplit(settings.mail_url))


def server_address(settings: Settings) -> tuple[str, int]:
    """The host and port of the server that takes mail; the port is the usual one where none is given."""
    return _address(urlsplit(settings.mail_url))


def maildir_path(settings: Settings) -> Path | None:
    """The folder that keeps mail, None when a server takes it."""
    parts = urlsplit(settings.mail_url)
    return Path(unquote(parts.path)) if parts.scheme == "maildir" else None


class MaildirTransport:
    """Keeps mail in files, for the demo and for trying out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def send(self, mail: EmailMessage) -> None:
        """See `Transport`."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self.folder, create=True).add(mail)
        except OSError as fault:
            raise NotSent(f"maildir: {fault.strerror}", server_down=True) from fault


class SmtpTransport:
    """One connection for several mails, opened when the first one leaves.

    STARTTLS is used where it is offered. A password goes only over TLS with a certificate that holds, or to this very
    machine; without one, any certificate is better than none (RFC 7435).
    """

    def __init__(self, parts: SplitResult) -> None:
        self.parts = parts
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def send(self, mail: EmailMessage) -> None:
        """See `Transport`."""
        server = self.server or self._connect()
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as fault:
            code, words = next(iter(fault.recipients.values()))
            raise NotSent(_said(code, words), permanent=_is_final(code)) from fault
        except smtplib.SMTPDataError as fault:
            raise NotSent(_said(fault.smtp_code, fault.smtp_error), permanent=_is_final(fault.smtp_code)) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise NotSent("SMTPUTF8: the server takes no such address", permanent=True) from fault
        except (smtplib.SMTPException, OSError) as fault:
            self._give_up(fault)

    def _connect(self) -> smtplib.SMTP:
        (host, port), user = _address(self.parts), self.parts.username
        verified = _verified() if user or self.parts.scheme == "smtps" else _unverified()
        try:
            if self.parts.scheme == "smtps":
                server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=verified)
                self.server = server
            else:
                server = smtplib.SMTP(host, port, timeout=TIMEOUT)
                self.server = server
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=verified)
                elif user and host not in _LOOPBACK:
                    raise NotSent("SMTP: no STARTTLS, so no password", server_down=True)
            if user:
                server.login(unquote(user), unquote(self.parts.password or ""))
        except NotSent:
            self._leave()
            raise
        except (smtplib.SMTPException, OSError) as fault:
            self._give_up(fault)
        return server

    def _give_up(self, fault: Exception) -> NoReturn:
        """The connection, or the server for everyone: a mail is not to blame."""
        self._leave()
        if isinstance(fault, smtplib.SMTPResponseException):
            said = _said(fault.smtp_code, fault.smtp_error)
        else:
            said = f"SMTP: {getattr(fault, 'strerror', None) or type(fault).__name__}"
        raise NotSent(said, server_down=True) from fault

    def _leave(self) -> None:
        server, self.server = self.server, None
        if server:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


def _address(parts: SplitResult) -> tuple[str, int]:
    usual = 465 if parts.scheme == "smtps" else 587 if parts.username else 25
    return parts.hostname or "", parts.port or usual


def _is_final(code: int) -> bool:
    return code >= 500 and code != _FULL_MAILBOX


def _said(code: int, words: bytes | str) -> str:
    """The server's codes only (RFC 3463): its words often repeat the address."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    detail = first if first.count(".") == 2 and first.replace(".", "").isdecimal() else ""
    return f"SMTP {code} {detail}".strip()


def _verified() -> ssl.SSLContext:
    return ssl.create_default_context()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
