"""A message in the reader's language: as a mail (subject, plain text, the same as plain HTML) or as a text message."""

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
from kierto.messages.letters import Address, Facts, told
from kierto.messages.models import Message
from kierto.messages.sms import Sms, plain
from kierto.messages.ways import reaches
from kierto.people.addresses import mailable
from kierto.settings import Settings, resources
from kierto.sign_in.models import Channel
from kierto.words import current, gettext, plural, speaking


def rendered(message_id: int, settings: Settings) -> EmailMessage | Sms | None:
    """What leaves, None when the person cannot be reached any more. Called in `reading()`.

    Raises:
        Outdated: what it tells is not so any more.
        KeyError: this version of Kierto does not know the kind.
    """
    message = session.get_one(Message, message_id)
    letter, written_from = told(message, settings)
    address = letter.to(written_from)
    if address is None or not reaches(settings, address.channel):
        return None
    with speaking(address.language):
        facts = letter.facts(written_from) | {
            "help_phone": settings.help_phone,
            "help_email": settings.help_email,
            "lang": current(),
        }
        if address.channel is Channel.SMS:
            return _sms(message, address, facts, settings)
        return _mail(message, address, facts, settings)


def _sms(message: Message, address: Address, facts: Facts, settings: Settings) -> Sms:
    """One or two text messages long: a kind's own words, else its subject and link."""
    name = message.kind.replace(".", "_")
    template = _environment().select_template([f"{name}.sms.txt", f"{name}.subject.txt"])
    text = template.render(facts)
    if template.name == f"{name}.subject.txt" and "link" in facts:
        text = f"{text} {facts['link']}"
    id_ = message_id_of(message.id, message.created_at, settings).strip("<>")
    return Sms(id_, address.value, plain(text), current())


def _mail(message: Message, address: Address, facts: Facts, settings: Settings) -> EmailMessage:
    name = message.kind.replace(".", "_")
    subject = _environment().get_template(f"{name}.subject.txt").render(facts)
    text = _environment().get_template(f"{name}.txt").render(facts)
    html = _environment().get_template(f"{name}.html").render(facts | {"subject": " ".join(subject.split())})
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = message_id_of(message.id, message.created_at, settings)
    mail["Date"] = format_datetime(clock.now())
    mail["From"] = MailAddress("Kierto", addr_spec=settings.mail_from)
    mail["To"] = MailAddress(addr_spec=mailable(address.value))
    mail["Subject"] = " ".join(subject.split())
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence replies stay away
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    mail["Content-Language"] = current()
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
