"""The import of experts from an old register. Themes and needs are never read: they need the person's own consent.

Whoever an organisation has in its register is approved. A consent to the register is recorded when the file says on
what day it was given: on paper, in the organisation's own words of then. Kierto sends nobody a message.
"""

from collections.abc import Callable, Sequence
from datetime import time
from itertools import groupby

from sqlalchemy import insert, select

from kierto import clock
from kierto.database import lock, session
from kierto.events.actions import record, record_all, record_new
from kierto.events.catalogue.applications import ConsentGiven as ConsentRecorded
from kierto.events.catalogue.experts import ExpertAdded, ExpertsImported, ExpertUpdated
from kierto.experts.matching import ExpertNow, Known, Matching, WantedExpert
from kierto.experts.models import Consent, ConsentGiven, ConsentTo
from kierto.experts.old_register import COLUMNS, WITHHELD, Told, email_of, phone_of
from kierto.jobs.models import Job
from kierto.jobs.work import JobInput, Progress
from kierto.people.models import Expert, ExpertState, Person
from kierto.units.preview import Import, Plan
from kierto.units.table import Row
from kierto.words import LANGUAGES, folded

KIND = "experts.import"
PAPER_VERSION = 0
"""The version of a consent that was given before Kierto, in words that are not Kierto's."""

_KEPT = ("municipality", "languages", "home_base", "training", "inducted_on", "undertaking_on", "contract_until")


def _load(job: JobInput, rows: Sequence[Row]) -> Known:
    emails = {email for row in rows if (email := email_of(row))}
    phones = {phone for row in rows if (phone := phone_of(row))}
    who = select(Person.id, Person.folded, Person.email, Person.phone)
    people = [
        *session.execute(who.where(Person.email.in_(emails))),
        *session.execute(who.where(Person.phone.in_(phones))),
    ]
    return Known(
        emails={person.email: person.id for person in people if person.email},
        phones={person.phone: person.id for person in people if person.phone},
        names={person.id: person.folded for person in people},
        experts=_register(job.organisation_id),
        today=clock.today(),
    )


def _register(organisation_id: int) -> dict[int, ExpertNow]:
    """The organisation's experts, by person."""
    consented = select(Consent.expert_id).where(
        Consent.organisation_id == organisation_id, Consent.to == ConsentTo.REGISTER, Consent.withdrawn_at.is_(None)
    )
    with_consent = set(session.scalars(consented))
    kept = (getattr(Expert, name) for name in _KEPT)
    register = session.execute(
        select(Expert.id, Expert.person_id, Expert.state, Person.folded, Person.email, Person.phone, *kept)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.organisation_id == organisation_id)
    )
    return {
        one.person_id: ExpertNow(
            id=one.id,
            person_id=one.person_id,
            state=one.state,
            name=one.folded,
            municipality=one.municipality,
            reached=bool(one.email or one.phone),
            consented=one.id in with_consent,
            values={name: getattr(one, name) for name in _KEPT},
        )
        for one in register
    }


def _plan(job: JobInput, rows: Sequence[Row], known: Known, progress: Progress) -> Plan[WantedExpert]:
    matching = Matching(known, job.actor.person_id)
    for done, row in enumerate(rows):
        progress(done, len(rows))
        matching.look(row)
    progress(len(rows), len(rows))
    return matching.plan


def _store(job: JobInput, wanted: Sequence[WantedExpert]) -> None:
    """Persons are locked before anything of them is written; the many new ones go in by few statements."""
    known = [one for one in wanted if one.person_id is not None]
    lock(Person, (one.person_id for one in known if one.person_id is not None))
    added = _add_experts(job, [one for one in wanted if one.expert_id is None])
    changed = [(one.expert_id, one) for one in wanted if one.expert_id is not None]
    _change(job, changed)
    _record_consents(job, [*added, *changed])
    record(job.actor, session.get_one(Job, job.id), ExpertsImported(count=len(wanted)))


def _add_experts(job: JobInput, wanted: Sequence[WantedExpert]) -> list[tuple[int, WantedExpert]]:
    if not wanted:
        return []
    new = iter(_add_persons([one for one in wanted if one.person_id is None]))
    now = clock.now()
    rows = [
        {
            **dict.fromkeys(_KEPT),
            "languages": [],
            **one.values,
            "organisation_id": job.organisation_id,
            "person_id": one.person_id or next(new),
            "state": ExpertState.APPROVED,
            "created_at": now,
            "decided_at": now,
        }
        for one in wanted
    ]
    ids = session.scalars(insert(Expert).returning(Expert.id, sort_by_parameter_order=True), rows).all()
    record_new(job.actor, Expert.__tablename__, job.organisation_id, ids, ExpertAdded())
    return list(zip(ids, wanted, strict=True))


def _add_persons(wanted: Sequence[WantedExpert]) -> Sequence[int]:
    """New persons, in the order given. Who was known already keeps their name and addresses."""
    rows = [
        {
            "name": one.told.name,
            "folded": folded(one.told.name)[:200],
            "email": one.email,
            "phone": one.phone,
            "language": _language(one.told),
            "created_at": clock.now(),
        }
        for one in wanted
    ]
    statement = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    return session.scalars(statement, rows).all() if rows else []


def _language(told: Told) -> str:
    """The first of the person's languages that Kierto speaks."""
    return next((code for code in told.languages if code in LANGUAGES), "fi")


def _change(job: JobInput, wanted: Sequence[tuple[int, WantedExpert]]) -> None:
    by_id = dict(wanted)
    experts = session.scalars(select(Expert).where(Expert.id.in_(by_id)).order_by(Expert.id)).all()
    for expert in experts:
        for name, value in by_id[expert.id].values.items():
            setattr(expert, name, value)
    fields: Callable[[Expert], str] = lambda expert: ",".join(by_id[expert.id].values)  # noqa: E731 - used twice
    for names, alike in groupby(sorted(experts, key=fields), key=fields):
        if names:
            record_all(job.actor, list(alike), ExpertUpdated(fields=names))


def _record_consents(job: JobInput, wanted: Sequence[tuple[int, WantedExpert]]) -> None:
    given = {expert_id: one.told.consent_on for expert_id, one in wanted if one.consent}
    rows = [
        {
            "organisation_id": job.organisation_id,
            "expert_id": expert_id,
            "to": ConsentTo.REGISTER,
            "version": PAPER_VERSION,
            "given": ConsentGiven.PAPER,
            "recorded_by": job.actor.person_id,
            "given_at": clock.instant(day, time(12)),
        }
        for expert_id, day in given.items()
        if day is not None
    ]
    if rows:
        session.execute(insert(Consent), rows)
        data = ConsentRecorded(consent=ConsentTo.REGISTER.value, version=PAPER_VERSION)
        record_new(job.actor, Expert.__tablename__, job.organisation_id, list(given), data)


IMPORT = Import(COLUMNS, _load, _plan, _store, WITHHELD)
run = IMPORT.run
"""The job `experts.import`."""
