"""Reading messages: what is due, what waits, what the maildir keeps."""

import sys
from collections.abc import Collection
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Select, exists, func, or_, select

from kierto import clock
from kierto.database import session
from kierto.errors import NotFound
from kierto.events.models import QueuedEvent
from kierto.messages.models import Message, MessageState
from kierto.messages.sms import KEPT_AS
from kierto.messages.transport import maildir_path
from kierto.settings import Settings


class Backlog(NamedTuple):
    """What has not left yet: events not yet turned into messages, messages due, and since when the oldest waits."""

    events: int
    due: int
    oldest_at: datetime | None


class KeptMail(NamedTuple):
    """A mail, or a text message, as the maildir keeps it; `key` names its file."""

    key: str
    at: datetime | None
    sender: str
    to: str
    subject: str
    text: str
    html: str
    language: str | None
    sms: bool


def due(now: datetime) -> Select[Message]:
    """The messages to send now: due, and not in another worker's hands."""
    return select(Message).where(
        Message.state == MessageState.DUE,
        Message.next_attempt_at <= now,
        or_(Message.lease_until.is_(None), Message.lease_until < now),
    )


def any_due() -> bool:
    """Whether there is a message to send now."""
    return bool(session.scalar(select(due(clock.now()).exists())))


def any_event_queued(leaving: Collection[int] = ()) -> bool:
    """Whether an event waits to be turned into messages, but for some queue rows."""
    return bool(session.scalar(select(exists().where(QueuedEvent.id.not_in(leaving)))))


def mail_backlog() -> Backlog:
    """How much mail waits, for `/health`. A message between two attempts waits too."""
    events = session.scalar(select(func.count()).select_from(QueuedEvent)) or 0
    due_count, oldest = session.execute(
        select(func.count(), func.min(Message.created_at)).where(Message.state == MessageState.DUE)
    ).one()
    return Backlog(events, due_count, oldest)


def kept_mails(settings: Settings, limit: int = 100) -> list[KeptMail]:
    """The mails kept in the maildir, newest first; none when mail goes to a server."""
    folder = maildir_path(settings)
    if folder is None:
        return []
    files = [file for part in ("new", "cur") for file in (folder / part).glob("*")]
    files.sort(key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [_kept(file) for file in files[:limit]]


def kept_mail(settings: Settings, key: str) -> KeptMail:
    """One kept mail.

    Raises:
        NotFound: there is none with this key.
    """
    for mail in kept_mails(settings, limit=sys.maxsize):
        if mail.key == key:
            return mail
    raise NotFound


def _kept(file: Path) -> KeptMail:
    mail = BytesParser(policy=modern).parsebytes(file.read_bytes())
    date = mail["Date"]
    return KeptMail(
        key=file.name.partition(":")[0],
        at=date.datetime if date else None,
        sender=str(mail["From"] or ""),
        to=str(mail[KEPT_AS] or mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        language=str(mail["Content-Language"] or "") or None,
        sms=KEPT_AS in mail,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
