"""Reading applications, and what experts have told of themselves."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select, union
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound
from kierto.experts import codes
from kierto.experts.answers import Answers
from kierto.experts.models import (
    Application,
    AvailableHours,
    AwayDates,
    BusySpan,
    Consent,
    ConsentTo,
    ExpertMunicipality,
    ExpertNeeds,
    ExpertTheme,
)
from kierto.experts.rules import CLAIM_LASTS
from kierto.people.models import Expert, ExpertState, Member
from kierto.sign_in.tokens import hashed
from kierto.units.models import Organisation, Theme, Unit

IN_REGISTER = (ExpertState.APPLIED, ExpertState.APPROVED, ExpertState.PAUSED)
"""The states in which an organisation keeps what an expert tells of themself."""


class Register(NamedTuple):
    """One person in one organisation's register."""

    expert: Expert
    organisation: Organisation


class OwnConsent(NamedTuple):
    """A consent and whose it is."""

    register: Register
    consent: Consent


class Typed(NamedTuple):
    """How an applicant said they are reached, where Kierto knew the address already.

    It waits to be claimed, and is deleted at `until`; `claimed`: its owner has said that the application is theirs, and
    a coordinator makes the two one.
    """

    email: str
    phone: str
    until: datetime
    claimed: bool


# ---- applying ----


def taking_applications() -> Sequence[Organisation]:
    """Rule application-read: the organisations that have somebody to read an application, by name."""
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(_read())).order_by(Organisation.__table__.c.name_fi)
    ).all()


def takes_applications(organisation_id: int) -> bool:
    """Rule application-read: whether the organisation is one of `taking_applications`."""
    found = session.scalar(
        select(Organisation.id).where(Organisation.id == organisation_id, Organisation.id.in_(_read()))
    )
    return found is not None


def _read() -> Select[int]:
    return select(Member.organisation_id).where(Member.role == Role.COORDINATOR)


def draft_of(actor: Actor, token: str) -> Application | None:
    """The application that this device writes, None when it was sent, is too old, or is not the actor's to write."""
    return _open(actor, session.scalar(select(Application).where(Application.token_hash == hashed(token))))


def draft_by_code(actor: Actor, code: str, secret_key: str) -> Application | None:
    """The application behind a code to go on with; None as above."""
    id_ = codes.going_on_with(code)
    found = session.get(Application, id_) if id_ is not None else None
    return _open(actor, found) if found is not None and codes.opens(code, found, secret_key) else None


def _open(actor: Actor, application: Application | None) -> Application | None:
    if application is None or application.sent_at is not None or application.expires_at <= clock.now():
        return None
    writer = application.person_id or application.assisted_by
    return application if writer in (None, actor.person_id) else None


def organisation_of(application: Application) -> Organisation:
    """Where it is sent."""
    return session.get_one(Organisation, application.organisation_id)


def municipalities_in(organisation_id: int) -> Sequence[str]:
    """Where the organisation's units are, by their Finnish names: where meetings may be."""
    return session.scalars(
        select(Unit.municipality)
        .where(Unit.organisation_id == organisation_id, Unit.retired_on.is_(None))
        .distinct()
        .order_by(Unit.municipality)
    ).all()


def sent_application(ref: str) -> Application | None:
    """An application that was sent, by its reference."""
    return session.scalar(select(Application).where(Application.ref == ref, Application.sent_at.is_not(None)))


def to_claim(token: str, secret_key: str) -> Application | None:
    """The sent application that a letter's link speaks of, None when it is not ours or its 14 days are over."""
    id_ = codes.claimed_by(token)
    found = session.get(Application, id_) if id_ is not None else None
    if found is None or found.sent_at is None or not codes.claims(token, found, secret_key):
        return None
    return found if found.sent_at + CLAIM_LASTS > clock.now() else None


def typed_addresses(expert_ids: Collection[int]) -> dict[int, Typed]:
    """By expert, the addresses that somebody else has: shown to coordinators, who may have to use them."""
    sent = session.scalars(
        select(Application)
        .where(Application.expert_id.in_(expert_ids), Application.sent_at.is_not(None))
        .order_by(Application.id)
    )
    return typed_in(sent)


def typed_in(sent: Iterable[Application]) -> dict[int, Typed]:
    """`typed_addresses` of applications that were read already."""
    found = {}
    for one in sent:
        kept = Answers.of(one.answers)
        if one.expert_id and one.sent_at and (kept.email or kept.phone):
            claimed = one.claimed_at is not None
            found[one.expert_id] = Typed(kept.email, kept.phone, one.sent_at + CLAIM_LASTS, claimed)
    return found


def expired() -> list[int]:
    """Applications that were not sent in time."""
    return list(
        session.scalars(
            select(Application.id).where(Application.sent_at.is_(None), Application.expires_at <= clock.now())
        )
    )


# ---- what an expert has told ----


def own_registers(actor: Actor) -> Sequence[Register]:
    """The organisations whose register the actor is in, or was, by name."""
    rows = session.execute(
        select(Expert, Organisation)
        .join(Organisation, Organisation.id == Expert.organisation_id)
        .where(Expert.person_id == actor.person_id)
        .order_by(Organisation.__table__.c.name_fi)
    )
    return [Register(*row) for row in rows]


def own_register(actor: Actor, ref: str) -> Register:
    """One of the actor's own places in a register.

    Raises:
        NotFound: there is none such.
    """
    found = next((one for one in own_registers(actor) if one.expert.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def own_place(actor: Actor, ref: str) -> Register:
    """`own_register`, where the person is in it now, or waits to be: what can be changed.

    Raises:
        NotFound: there is none such.
    """
    found = own_register(actor, ref)
    if found.expert.state not in IN_REGISTER:
        raise NotFound
    return found


def own_consent(actor: Actor, ref: str, consent: str) -> OwnConsent:
    """The newest consent of one's own to this; it may have been withdrawn.

    Raises:
        NotFound: none was ever given.
    """
    register = own_register(actor, ref)
    newest = next((one for one in consents_of(register.expert.id) if one.to.value == consent), None)
    if newest is None:
        raise NotFound
    return OwnConsent(register, newest)


def themes_of(expert_id: int) -> Sequence[Theme]:
    """What the expert's experience is about: for coordinators and the matching only (theme-consent)."""
    return [
        one.theme
        for one in session.scalars(
            select(ExpertTheme)
            .where(ExpertTheme.expert_id == expert_id)
            .options(joinedload(ExpertTheme.theme))
            .order_by(ExpertTheme.theme_id)
        )
    ]


def any_theme(expert_id: int) -> bool:
    """Whether themes are stored, without saying which."""
    return session.scalar(select(ExpertTheme.id).where(ExpertTheme.expert_id == expert_id).limit(1)) is not None


def needs_of(expert_id: int) -> ExpertNeeds | None:
    """What to arrange for the expert; whoever shows it, records the reading (needs-least-seen)."""
    return session.scalar(select(ExpertNeeds).where(ExpertNeeds.expert_id == expert_id))


def consents_of(expert_id: int) -> Sequence[Consent]:
    """Every consent that was ever given, newest first."""
    return session.scalars(
        select(Consent).where(Consent.expert_id == expert_id).order_by(Consent.given_at.desc(), Consent.id.desc())
    ).all()


def valid_consent(expert_id: int, to: ConsentTo) -> Consent | None:
    """The consent that holds now."""
    return next((one for one in consents_of(expert_id) if one.to is to and one.withdrawn_at is None), None)


def municipalities_of(expert_id: int) -> Sequence[str]:
    """Where the expert can come, by Finnish names; none: anywhere."""
    return session.scalars(
        select(ExpertMunicipality.municipality)
        .where(ExpertMunicipality.expert_id == expert_id)
        .order_by(ExpertMunicipality.municipality)
    ).all()


def hours_of(expert_id: int) -> Sequence[AvailableHours]:
    """When in a week the expert can come; none: any time."""
    return session.scalars(
        select(AvailableHours)
        .where(AvailableHours.expert_id == expert_id)
        .order_by(AvailableHours.weekday, AvailableHours.from_at)
    ).all()


def silent_of_times(registers: Iterable[Register]) -> list[Register]:
    """Where somebody is approved and has told nothing of when they can come: hours, days away, limits, calendar."""
    approved = [one for one in registers if one.expert.state is ExpertState.APPROVED and not _limited(one.expert)]
    ids = [one.expert.id for one in approved]
    hours = select(AvailableHours.expert_id).where(AvailableHours.expert_id.in_(ids))
    away = select(AwayDates.expert_id).where(AwayDates.expert_id.in_(ids))
    busy = select(Expert.id).join(BusySpan, BusySpan.person_id == Expert.person_id).where(Expert.id.in_(ids))
    told = set(session.scalars(union(hours, away, busy))) if ids else set()
    return [one for one in approved if one.expert.id not in told]


def _limited(expert: Expert) -> bool:
    limits = (expert.earliest_start, expert.longest_minutes, expert.most_meetings, expert.most_euros)
    return any(one is not None for one in limits)


def away_of(expert_id: int) -> Sequence[AwayDates]:
    """On which days the expert cannot come, those that are over left out."""
    return session.scalars(
        select(AwayDates)
        .where(AwayDates.expert_id == expert_id, AwayDates.until_on >= clock.today())
        .order_by(AwayDates.from_on, AwayDates.id)
    ).all()
