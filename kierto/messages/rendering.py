"""A message as a mail in the reader's language: subject, plain text, and the same as plain HTML."""

from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from kierto import clock
from kierto.database import session
from kierto.messages.letters import told
from kierto.messages.models import Message
from kierto.settings import Settings, resources
from kierto.sign_in.models import Channel
from kierto.words import current, gettext, plural, speaking


def rendered(message_id: int, settings: Settings) -> EmailMessage | None:
    """The mail of a message, None when its person has no address any more. Called in `reading()`.

    Raises:
        Outdated: what it tells is not so any more.
        KeyError: this version of Kierto does not know the kind.
    """
    message = session.get_one(Message, message_id)
    letter, written_from = told(message, settings)
    address = letter.to(written_from)
    if address is None or address.channel is not Channel.EMAIL:
        return None
    with speaking(address.language):
        name = message.kind.replace(".", "_")
        facts = letter.facts(written_from) | {
            "help_phone": settings.help_phone,
            "help_email": settings.help_email,
            "lang": current(),
        }
        subject = _environment().get_template(f"{name}.subject.txt").render(facts)
        text = _environment().get_template(f"{name}.txt").render(facts)
        html = _environment().get_template(f"{name}.html").render(facts | {"subject": " ".join(subject.split())})
        language = current()
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = message_id_of(message.id, message.created_at, settings)
    mail["Date"] = format_datetime(clock.now())
    mail["From"] = MailAddress("Kierto", addr_spec=settings.mail_from)
    mail["To"] = MailAddress(addr_spec=address.value)
    mail["Subject"] = " ".join(subject.split())
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence replies stay away
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    mail["Content-Language"] = language
    return mail


def message_id_of(id_: int, created_at: datetime, settings: Settings) -> str:
    """The same at every attempt, so that a mail sent twice is seen to be one (RFC 5322 §3.6.4)."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"<{id_}.{int(created_at.timestamp())}@{'localhost' if ':' in host else host}>"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resources("templates") / "mail"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext, plural, newstyle=True
    )
    return environment
