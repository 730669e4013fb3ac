"""Reading messages: what is due, what waits, what the maildir keeps."""

import sys
from collections.abc import Collection
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Select, exists, false, func, or_, select

from kierto import clock
from kierto.database import session
from kierto.errors import NotFound
from kierto.events.models import QueuedEvent
from kierto.messages.models import Message, MessageState
from kierto.messages.rules import HOURS_OF_KINDS, hours_of, leaves_at, may_leave
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


def due(now: datetime, *, at_any_hour: bool = False) -> Select[Message]:
    """The messages to send now: due, not resting until their hours, and not in another worker's hands.

    What is urgent does not rest; `at_any_hour` (a demonstration, where no telephone rings) nothing does.
    """
    statement = select(Message).where(
        Message.state == MessageState.DUE,
        Message.next_attempt_at <= now,
        or_(Message.lease_until.is_(None), Message.lease_until < now),
    )
    if at_any_hour:
        return statement
    resting = [kind for kind, hours in HOURS_OF_KINDS.items() if not may_leave(now, hours)]
    leaving = Message.kind.not_in(resting) if may_leave(now) else false()
    return statement.where(or_(Message.urgent, leaving))


def any_due(*, at_any_hour: bool = False) -> bool:
    """Whether there is a message to send now."""
    return bool(session.scalar(select(due(clock.now(), at_any_hour=at_any_hour).exists())))


def any_event_queued(leaving: Collection[int] = ()) -> bool:
    """Whether an event waits to be turned into messages, but for some queue rows."""
    return bool(session.scalar(select(exists().where(QueuedEvent.id.not_in(leaving)))))


def mail_backlog() -> Backlog:
    """How much mail waits, for `/health`. A message between two attempts waits too; one that rests is not late."""
    events = session.scalar(select(func.count()).select_from(QueuedEvent)) or 0
    rows = session.execute(
        select(Message.kind, Message.urgent, func.count(), func.min(Message.created_at))
        .where(Message.state == MessageState.DUE)
        .group_by(Message.kind, Message.urgent)
    ).all()
    since = [made if urgent else leaves_at(made, hours_of(kind)) for kind, urgent, _count, made in rows]
    now = clock.now()
    return Backlog(
        events,
        sum(count for _kind, _urgent, count, _made in rows),
        min((at for at in since if at <= now), default=None),
    )


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
