"""What organisations hold of a person, as an export tells it: roles, the expert's row and all that hangs on it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from kierto.actor import Actor
from kierto.database import session
from kierto.experts.answers import Answers
from kierto.experts.blanking import applications_begun, applications_with, reached_at
from kierto.experts.models import (
    Application,
    AvailableHours,
    AwayDates,
    Consent,
    ExpertMunicipality,
    ExpertNeeds,
    ExpertTheme,
    NotTheSame,
)
from kierto.experts.rules import may_read_secrets
from kierto.people.models import Expert, Member, Person
from kierto.privacy.erasing import addresses_of
from kierto.privacy.models import RetentionNotice
from kierto.units.models import Organisation, Unit

Shape = dict[str, Any]

SECRETS = ("themes", "needs", "own_words", "applications")
"""What is left out of an export in a session that is not strongly identified (secret-behind-strong-id)."""


def organisations_of(actor: Actor, person: Person) -> list[Shape]:
    """Every organisation that holds something of the person, by id."""
    found = session.execute(
        select(Member, Unit)
        .outerjoin(Unit, Unit.id == Member.unit_id)
        .where(Member.person_id == person.id)
        .order_by(Member.id)
    )
    members: list[tuple[Member, Unit | None]] = [(member, unit) for member, unit in found]
    experts = {one.organisation_id: one for one in session.scalars(select(Expert).where(Expert.person_id == person.id))}
    ids = {member.organisation_id for member, _unit in members} | set(experts)
    told = []
    for organisation in session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)):
        readable = may_read_secrets(actor, organisation.weak_reading_reason)
        expert = experts.get(organisation.id)
        told.append(
            {
                "name": str(organisation.name),
                "roles": [
                    {
                        "role": member.role,
                        "unit": str(unit.name) if unit else None,
                        "since": member.created_at,
                    }
                    for member, unit in members
                    if member.organisation_id == organisation.id
                ],
                "expert": _expert(expert, readable) if expert else None,
                "left_out": list(SECRETS) if expert and not readable else [],
                "to_be_deleted": _notices(person, organisation),
            }
        )
    return told


def begun_by(actor: Actor, person: Person) -> list[Shape]:
    """Applications that the person has begun and not sent; what they say only where stored secrets may be read."""
    begun = applications_begun(person.id, addresses_of(person))
    readable = {
        one.id
        for one in session.scalars(
            select(Organisation).where(Organisation.id.in_([one.organisation_id for one in begun]))
        )
        if may_read_secrets(actor, one.weak_reading_reason)
    }
    return [_application(one, one.organisation_id in readable) for one in begun]


def sent_with_addresses_of(person: Person) -> list[Shape]:
    """Applications of others in which an address of the person waits to be claimed; nothing else of them."""
    addresses = set(addresses_of(person))
    return [
        {
            "organisation": str(session.get_one(Organisation, one.organisation_id).name),
            "sent_at": one.sent_at,
            "claimed_at": one.claimed_at,
            "address": sorted(reached_at(one) & addresses),
        }
        for one in applications_with(person.id, addresses)
    ]


def _expert(expert: Expert, readable: bool) -> Shape:
    plain = (
        "ref state created_at decided_at municipality languages home_base training fee_wish earliest_start"
        " longest_minutes most_meetings most_euros inducted_on undertaking_on contract_until call_wished decision_words"
    )
    told: Shape = {name: getattr(expert, name) for name in plain.split()}
    told["municipalities"] = [one.municipality for one in _of(ExpertMunicipality, expert)]
    told["hours"] = [
        {"weekday": one.weekday, "from": one.from_at, "until": one.until_at} for one in _of(AvailableHours, expert)
    ]
    told["away"] = [{"from": one.from_on, "until": one.until_on} for one in _of(AwayDates, expert)]
    told["consents"] = [
        {name: getattr(one, name) for name in ("to", "version", "given", "given_at", "withdrawn_at")}
        for one in _of(Consent, expert)
    ]
    told["not_the_same_as_others"] = _told_apart(expert)
    if readable:
        told |= _secrets(expert)
    else:
        told["applications"] = [_application(one, False) for one in _of(Application, expert)]
    return told


def _secrets(expert: Expert) -> Shape:
    themes = session.scalars(
        select(ExpertTheme)
        .where(ExpertTheme.expert_id == expert.id)
        .options(joinedload(ExpertTheme.theme))
        .order_by(ExpertTheme.id)
    )
    return {
        "themes": [str(one.theme.name) for one in themes],
        "needs": [{"text": one.text, "changed_at": one.changed_at} for one in _of(ExpertNeeds, expert)],
        "own_words": expert.own_words,
        "applications": [_application(one, True) for one in _of(Application, expert)],
    }


def _application(application: Application, readable: bool) -> Shape:
    told = {
        name: getattr(application, name)
        for name in ("ref", "language", "created_at", "saved_at", "expires_at", "sent_at", "claimed_at")
    }
    return told | ({"answers": _answers(application)} if readable else {})


def _answers(application: Application) -> Shape:
    return {name: value for name, value in vars(Answers.of(application.answers)).items() if value}


def _told_apart(expert: Expert) -> int:
    """How many others a coordinator has told the person apart from: who they are is not the person's data."""
    statement = select(NotTheSame.id).where(or_(NotTheSame.one_id == expert.id, NotTheSame.other_id == expert.id))
    return len(session.scalars(statement).all())


def _notices(person: Person, organisation: Organisation) -> list[Shape]:
    notices = session.scalars(
        select(RetentionNotice).where(
            RetentionNotice.person_id == person.id, RetentionNotice.organisation_id == organisation.id
        )
    )
    return [{"what": one.kind, "on": one.due_on, "told_at": one.told_at} for one in notices]


def _of(table: type[Any], expert: Expert) -> Sequence[Any]:
    return session.scalars(select(table).where(table.expert_id == expert.id).order_by(table.id)).all()
