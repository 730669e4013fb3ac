"""Setting how long data is kept, and putting off the deletion of one's own."""

from collections.abc import Sequence

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.privacy import RetentionChanged, RetentionPutOff
from kierto.people.models import Person
from kierto.privacy.models import Retention, RetentionNotice
from kierto.privacy.queries import months_kept
from kierto.privacy.rules import MONTHS_FROM, MONTHS_TO, RETENTION_WITHIN, DataKind, months_after


def keep_for(actor: Actor, organisation_id: int, kind: DataKind, months: int) -> None:
    """Set how long the organisation keeps a kind of data; as long as before is no change.

    Who has been told a day already is deleted on that day, not sooner.

    Raises:
        Refused: retention-within.
    """
    if not MONTHS_FROM <= months <= MONTHS_TO:
        raise Refused(RETENTION_WITHIN, field=kind.value)
    if months_kept(organisation_id)[kind] == months:
        return
    retention = session.scalar(
        select(Retention).where(Retention.organisation_id == organisation_id, Retention.kind == kind)
    )
    if retention is None:
        retention = Retention(organisation_id=organisation_id, kind=kind)
        session.add(retention)
    retention.months, retention.changed_at = months, clock.now()
    record(actor, retention, RetentionChanged(months=months))


def put_off(actor: Actor, notices: Sequence[RetentionNotice]) -> None:
    """Keep one's data for as long again, from today; before that ends, one is told anew. Twice changes nothing."""
    for person_id in {notice.person_id for notice in notices}:
        lock_one(Person, person_id)
    for notice in notices:
        due_on = months_after(clock.today(), months_kept(notice.organisation_id)[notice.kind])
        if notice.due_on < due_on:
            notice.due_on, notice.told_at = due_on, None
            record(actor, notice, RetentionPutOff())
