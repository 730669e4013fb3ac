"""The ways out: mail by a server or into files, text messages by a hook or into the same files."""

from email.message import EmailMessage
from types import TracebackType
from typing import Self

from kierto.messages.sms import KeptSms, Sms, SmsHook, SmsTransport
from kierto.messages.transport import maildir_path, transport
from kierto.settings import Settings
from kierto.sign_in.models import Channel


def reaches(settings: Settings, channel: Channel) -> bool:
    """Whether messages can be sent by the channel here."""
    return channel is Channel.EMAIL or _sms(settings) is not None


def channel_of(text: EmailMessage | Sms) -> Channel:
    """By which way it leaves."""
    return Channel.SMS if isinstance(text, Sms) else Channel.EMAIL


class Ways:
    """Every way out, open while a worker sends a few messages. `channels` are those that there are."""

    def __init__(self, settings: Settings) -> None:
        self.mail = transport(settings)
        self.sms = _sms(settings)
        self.channels = tuple(channel for channel in Channel if reaches(settings, channel))

    def __enter__(self) -> Self:
        self.mail.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mail.__exit__(kind, fault, trace)

    def send(self, text: EmailMessage | Sms) -> None:
        """Hand one message over.

        Raises:
            NotSent: it was not accepted.
        """
        if not isinstance(text, Sms):
            self.mail.send(text)
        elif self.sms is not None:
            self.sms.send(text)


def _sms(settings: Settings) -> SmsTransport | None:
    if settings.sms_url:
        return SmsHook(settings)
    folder = maildir_path(settings)
    return KeptSms(folder, settings) if folder else None
