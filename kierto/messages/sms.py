"""Text messages: what one is, and the HTTP hook that takes them (docs/sms.md)."""

import hmac
import json
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple, Protocol

from kierto import clock
from kierto.messages.transport import MaildirTransport, NotSent
from kierto.settings import Settings

CONNECT_WITHIN = 5
ANSWER_WITHIN = 15
"""Seconds."""

KEPT_AS = "X-Kierto-SMS-To"
"""The header of a text message among kept mails; it holds the number."""

# These say that the hook is not well or not set up well, whatever the message: it is tried again.
_NOT_THE_MESSAGE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)
# What stands outside the alphabet of text messages (GSM 03.38) would make each of them hold 70 characters, not 160.
_PLAIN = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{NO-BREAK SPACE}": " ",
    }
)

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_PARTS = 2 * 153
_TWO_PARTS_OTHERWISE = 2 * 67
"""So many characters two text messages hold in that alphabet (GSM 03.38), and in any other (3GPP TS 23.040)."""


class Sms(NamedTuple):
    """A text message. `id` is the same at every attempt, so that the hook sends it once."""

    id: str
    to: str
    text: str
    language: str


class SmsTransport(Protocol):
    """Takes text messages."""

    def send(self, sms: Sms) -> None:
        """Hand one over.

        Raises:
            NotSent: it was not accepted.
        """


def plain(text: str) -> str:
    """The text on one line, in the characters that a text message holds most of."""
    return " ".join(text.translate(_PLAIN).split())


def with_help(text: str, help_: str) -> str:
    """The text with where help is reached, if two text messages hold both."""
    longer = plain(f"{text} {help_}")
    most = _TWO_PARTS if _ALPHABET.issuperset(longer) else _TWO_PARTS_OTHERWISE
    return longer if len(longer) <= most else text


class KeptSms:
    """Keeps text messages beside the mails that are kept in files."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.files = MaildirTransport(folder)
        self.sender = settings.mail_from

    def send(self, sms: Sms) -> None:
        """See `SmsTransport`."""
        mail = EmailMessage(policy=SMTP)
        mail["Date"] = format_datetime(clock.now())
        mail["From"] = self.sender
        mail[KEPT_AS] = sms.to
        mail["Subject"] = sms.text.partition("http")[0][:80].rstrip()
        mail.set_content(sms.text)
        mail["Content-Language"] = sms.language
        self.files.send(mail)


class SmsHook:
    """Posts each text message to the address that the settings name, signed with the key that both know."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.sms_url
        self.key = settings.sms_key

    def send(self, sms: Sms) -> None:
        """See `SmsTransport`."""
        import requests  # only whoever sends text messages needs it

        body = json.dumps(sms._asdict(), ensure_ascii=False).encode()
        at = str(int(clock.now().timestamp()))
        try:
            with requests.post(
                self.url,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "Kierto-Timestamp": at,
                    "Kierto-Signature": signature(self.key, at, body),
                    "User-Agent": "Kierto",
                },
                timeout=(CONNECT_WITHIN, ANSWER_WITHIN),
                allow_redirects=False,  # the number and the text are for this address only
                stream=True,  # the status says everything; whatever follows it is not read
            ) as answer:
                status = answer.status_code
        except requests.RequestException as fault:
            raise NotSent(f"SMS hook: {type(fault).__name__}", server_down=True) from fault
        if 200 <= status < 300:
            return
        final = 400 <= status < 500 and status not in _NOT_THE_MESSAGE
        raise NotSent(f"SMS hook: {status}", permanent=final, server_down=not final)


def signature(key: str, at: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256, in hexadecimal, of the timestamp, a dot and the body."""
    return "v1=" + hmac.new(key.encode(), at.encode() + b"." + body, "sha256").hexdigest()
