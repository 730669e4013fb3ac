"""A message in the reader's language: as a mail (subject, plain text, the same as plain HTML) or as a text message."""

from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from kierto import clock
from kierto.database import session
from kierto.messages.letters import Address, Facts, told
from kierto.messages.models import Message
from kierto.messages.sms import Sms, plain, with_help
from kierto.messages.ways import reaches
from kierto.people.addresses import mailable
from kierto.people.helping import help_at
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
        facts = letter.facts(written_from)
        facts |= _help(message, facts, settings) | {"lang": current()}
        written = _written(letter.words or message.kind.replace(".", "_"), facts)
        id_ = message_id_of(message.id, message.created_at, settings)
        return _sms(id_, address, written) if address.channel is Channel.SMS else _mail(id_, address, written, settings)


def _help(message: Message, facts: Facts, settings: Settings) -> Facts:
    """The nearest help, of one body: of whose matter the letter is, else the reader's own, else everybody's."""
    phone, email = facts.get("phone"), facts.get("email")
    if not phone and not email:
        phone, email = help_at(message.person_id, settings)
    return {"help_phone": phone, "help_email": email}


class _Written(NamedTuple):
    """What a letter's templates make of its facts."""

    subject: str
    text: str
    html: str
    sms: str


def _written(name: str, facts: Facts) -> _Written:
    """From the kind's words, said once for the plain text as for the HTML, or from templates of its own."""
    environment = _environment()
    found = environment.select_template([f"{name}.words.txt", f"{name}.subject.txt"])
    if found.name == f"{name}.words.txt":
        words = {"before": [], "after": []} | vars(found.make_module(facts))
        subject, sms = words["subject"], f"{words['sms']} {facts['link']}"
        if words.get("calls") and facts["help_phone"]:
            sms = with_help(sms, gettext("Help: %(phone)s", phone=facts["help_phone"]))
        facts, name = facts | {"words": words}, "letter"
    else:
        subject = found.render(facts)
        sms = _short(name, subject, facts)
    subject = " ".join(subject.split())
    text = environment.get_template(f"{name}.txt").render(facts)
    html = environment.get_template(f"{name}.html").render(facts | {"subject": subject})
    return _Written(subject, text, html, sms)


def _short(name: str, subject: str, facts: Facts) -> str:
    """A kind's own text message, else its subject and link."""
    try:
        return _environment().get_template(f"{name}.sms.txt").render(facts)
    except TemplateNotFound:
        return f"{subject} {facts.get('link', '')}"


def _sms(id_: str, address: Address, written: _Written) -> Sms:
    """One or two text messages long."""
    return Sms(id_.strip("<>"), address.value, plain(written.sms), current())


def _mail(id_: str, address: Address, written: _Written, settings: Settings) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = id_
    mail["Date"] = format_datetime(clock.now())
    mail["From"] = MailAddress("Kierto", addr_spec=settings.mail_from)
    mail["To"] = MailAddress(addr_spec=mailable(address.value))
    mail["Subject"] = written.subject
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence replies stay away
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
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
