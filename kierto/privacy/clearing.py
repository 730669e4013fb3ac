"""What time deletes. Each step takes a few rows in one transaction, and begins where the last one, or a crash, ended.

Nothing of a person whom a message reaches is deleted before they were told of it (`announce`, a month later `due`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import NO_ORGANISATION, session
from kierto.events.actions import record
from kierto.events.catalogue.privacy import RetentionAnnounced, RetentionDeleted
from kierto.events.models import Event, QueuedEvent, Reading
from kierto.experts.blanking import delete_expert
from kierto.experts.busy_times import of_no_use
from kierto.experts.models import Application, BusySpan
from kierto.experts.rules import CLAIM_LASTS
from kierto.jobs.forgetting import forget_ended
from kierto.messages.models import Message, MessageState
from kierto.people.models import Expert, ExpertState, Invitation, JoiningLink, Member, Person
from kierto.privacy.erasing import erase_person
from kierto.privacy.models import RetentionNotice
from kierto.privacy.queries import months_kept
from kierto.privacy.rules import LEFT_BEHIND, TOLD_BEFORE, DataKind, months_before
from kierto.seats.leaving import hold
from kierto.sign_in.actions import forget_old
from kierto.sign_in.models import ContactChange, PaperPass, PersonSession
from kierto.statements.models import AccessibilityFeedback
from kierto.units.models import Organisation

BATCH = 200

Step = Callable[[], bool]
"""One small transaction's work; returns whether there may be more of it."""

_STATES = {
    DataKind.EXPERTS_LEFT: (ExpertState.LEFT,),
    DataKind.APPLICATIONS_DECLINED: (ExpertState.DECLINED, ExpertState.WITHDRAWN),
}
"""Which experts' data a kind is."""


def steps() -> list[Step]:
    """Everything that is done once a day, in its order. Called in `reading()`."""
    organisations: list[int] = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
    found: list[Step] = [_forget_requests, lambda: forget_ended(clock.now() - LEFT_BEHIND, BATCH) == BATCH]
    found += [_cleared(table, over) for table, over in _over(clock.now())]
    for organisation_id in [*organisations, NO_ORGANISATION]:
        found += [_cleared(table, over) for table, over in _old(organisation_id, months_kept(organisation_id))]
    for organisation_id in organisations:
        for kind in _STATES:
            found.append(_cleared(RetentionNotice, _came_back(organisation_id, kind)))
            found.append(_for(announce, organisation_id, kind))
    return [*found, *(_for_one(notice_id) for notice_id in due())]


def announce(organisation_id: int, kind: DataKind) -> bool:
    """Tell people that their data of the kind will be deleted 30 days from now, or later."""
    today = clock.today()
    last = months_before(today + TOLD_BEFORE, months_kept(organisation_id)[kind])
    found = session.execute(
        select(Expert, RetentionNotice)
        .outerjoin(RetentionNotice, _notice_of(kind))
        .where(
            Expert.organisation_id == organisation_id,
            Expert.state.in_(_STATES[kind]),
            or_(
                and_(RetentionNotice.id.is_(None), _since() < _end_of(last)),
                and_(RetentionNotice.told_at.is_(None), RetentionNotice.due_on <= today + TOLD_BEFORE),
            ),
        )
        .order_by(Expert.id)
        .limit(BATCH)
    )
    rows: list[tuple[Expert, RetentionNotice | None]] = [(expert, known) for expert, known in found]
    for expert, known in rows:
        notice = known or RetentionNotice(organisation_id=organisation_id, person_id=expert.person_id, kind=kind)
        notice.due_on, notice.told_at = today + TOLD_BEFORE, clock.now()
        session.add(notice)
        deleted_at = clock.instant(notice.due_on, time(0))
        record(SYSTEM, notice, RetentionAnnounced(person_id=notice.person_id, deleted_at=deleted_at))
    return len(rows) == BATCH


def due() -> Sequence[int]:
    """The notices whose day has come: their letters have left, or nothing reaches the person."""
    return session.scalars(
        select(RetentionNotice.id).where(*_is_due(), ~_letter_waits()).order_by(RetentionNotice.id)
    ).all()


def delete_due(notice_id: int) -> None:
    """Delete the data that the notice is about; one person at a time, so that locks are few.

    Who has come back or put it off in the meantime stays; who has no part anywhere any more is erased altogether.
    """
    notice = session.get(RetentionNotice, notice_id)
    if notice is None:
        return  # another worker was first
    hold([notice.person_id])
    if session.scalar(select(RetentionNotice.id).where(RetentionNotice.id == notice_id, *_is_due())) is None:
        return
    expert = session.scalar(
        select(Expert).where(
            Expert.organisation_id == notice.organisation_id,
            Expert.person_id == notice.person_id,
            Expert.state.in_(_STATES[notice.kind]),
            _since() <= notice.told_at,
        ),
        execution_options={"populate_existing": True},
    )
    if expert is not None:
        record(SYSTEM, expert, RetentionDeleted())
        delete_expert(expert)
        if _has_no_part(notice.person_id):
            erase_person(SYSTEM, notice.person_id)
    session.execute(delete(RetentionNotice).where(RetentionNotice.id == notice_id))


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return (RetentionNotice.due_on <= clock.today(), RetentionNotice.told_at.is_not(None))


def _letter_waits() -> ColumnElement[bool]:
    """The letter is still to be written, or to be sent."""
    waiting = exists().where(
        Message.kind == RetentionAnnounced.kind,
        Message.subject_id == RetentionNotice.id,
        Message.state == MessageState.DUE,
    )
    unwritten = exists().where(
        QueuedEvent.event_id == Event.id,
        Event.organisation_id == RetentionNotice.organisation_id,
        Event.subject == RetentionNotice.__tablename__,
        Event.subject_id == RetentionNotice.id,
    )
    return or_(waiting, unwritten)


def _has_no_part(person_id: int) -> bool:
    person = session.get_one(Person, person_id)
    parts = (
        select(Member.id)
        .where(Member.person_id == person_id)
        .union_all(select(Expert.id).where(Expert.person_id == person_id))
    )
    return not person.administrator and session.scalar(parts.limit(1)) is None


def _over(now: datetime) -> Sequence[tuple[type[Any], ColumnElement[bool]]]:
    """What is of no use after a while, whoever's it is."""
    before = now - LEFT_BEHIND
    return (
        (PersonSession, or_(PersonSession.expires_at < before, PersonSession.ended_at < before)),
        (ContactChange, ContactChange.expires_at < before),
        (PaperPass, or_(PaperPass.expires_at < before, PaperPass.ended_at < before)),
        (BusySpan, of_no_use(now)),
        (Application, and_(Application.expert_id.is_(None), Application.expires_at < now)),
        (Application, Application.sent_at < now - CLAIM_LASTS),
        (
            Invitation,
            or_(Invitation.expires_at < before, Invitation.accepted_at < before, Invitation.withdrawn_at < before),
        ),
        (JoiningLink, or_(JoiningLink.expires_at < before, JoiningLink.ended_at < before)),
    )


def _old(organisation_id: int, months: dict[DataKind, int]) -> Sequence[tuple[type[Any], ColumnElement[bool]]]:
    """What an organisation (0: nobody's) keeps for so many months."""
    since = {kind: _end_of(months_before(clock.today(), number)) for kind, number in months.items()}
    return (
        (
            Message,
            and_(
                Message.organisation_id == organisation_id,
                Message.state != MessageState.DUE,
                Message.created_at < since[DataKind.MESSAGES],
            ),
        ),
        (Reading, and_(Reading.organisation_id == organisation_id, Reading.at < since[DataKind.READINGS])),
        (
            AccessibilityFeedback,
            and_(
                AccessibilityFeedback.organisation_id == organisation_id,
                AccessibilityFeedback.answered_at < since[DataKind.FEEDBACK],
            ),
        ),
    )


def _forget_requests() -> bool:
    """Requests of sign-in links, and counted tries: few lie, so all that are over go at once."""
    forget_old()
    return False


def _cleared(table: type[Any], over: ColumnElement[bool]) -> Step:
    """Delete a batch of rows that are over."""

    def clear() -> bool:
        ids = session.scalars(select(table.id).where(over).order_by(table.id).limit(BATCH)).all()
        session.execute(delete(table).where(table.id.in_(ids)))
        return len(ids) == BATCH

    return clear


def _for(step: Callable[[int, DataKind], bool], organisation_id: int, kind: DataKind) -> Step:
    return lambda: step(organisation_id, kind)


def _for_one(notice_id: int) -> Step:
    def delete_one() -> bool:
        delete_due(notice_id)
        return False

    return delete_one


def _notice_of(kind: DataKind) -> ColumnElement[bool]:
    return and_(
        RetentionNotice.organisation_id == Expert.organisation_id,
        RetentionNotice.person_id == Expert.person_id,
        RetentionNotice.kind == kind,
    )


def _came_back(organisation_id: int, kind: DataKind) -> ColumnElement[bool]:
    """Notices of people who are not what the notice was about any more."""
    still = exists().where(
        Expert.organisation_id == RetentionNotice.organisation_id,
        Expert.person_id == RetentionNotice.person_id,
        Expert.state.in_(_STATES[kind]),
    )
    return and_(RetentionNotice.organisation_id == organisation_id, RetentionNotice.kind == kind, ~still)


def _since() -> ColumnElement[datetime]:
    """When the expert came to the state they are in."""
    return func.coalesce(Expert.decided_at, Expert.created_at)


def _end_of(day: date) -> datetime:
    return clock.instant(day + timedelta(days=1), time(0))
