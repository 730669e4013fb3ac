"""Making persons and what they are; signing in and out."""

from datetime import timedelta

from sqlalchemy import select, update

from kierto import clock
from kierto.actor import Actor, Identified, Role
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue import ExpertApproved, MembershipGiven
from kierto.people.models import Expert, ExpertState, Member, Person, PersonSession, SessionBy, SignInLink
from kierto.people.sign_in import hashed, new_token
from kierto.words import Language

SESSION_LASTS = timedelta(days=30)
LINK_LASTS = timedelta(minutes=30)


def add_person(
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    language: Language = "fi",
    administrator: bool = False,
) -> Person:
    """Make a person. E-mail and phone are each optional.

    Raises:
        Refused: person-reached-once.
    """
    person = Person(
        name=name,
        email=email.strip().lower() if email else None,
        phone=phone,
        language=language,
        administrator=administrator,
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    return person


def give_role(actor: Actor, person: Person, organisation_id: int, role: Role, unit_id: int | None = None) -> Member:
    """Make the person a coordinator, staff of a unit, its host contact, or a decision-maker."""
    member = Member(
        organisation_id=organisation_id,
        person_id=person.id,
        role=role,
        unit_id=unit_id,
        created_at=clock.now(),
    )
    session.add(member)
    record(actor, member, MembershipGiven(role=role.value, unit_id=unit_id))
    return member


def approve_expert(actor: Actor, person: Person, organisation_id: int) -> Expert:
    """Put the person into the organisation's register as an approved expert."""
    expert = Expert(
        organisation_id=organisation_id,
        person_id=person.id,
        state=ExpertState.APPROVED,
        created_at=clock.now(),
    )
    session.add(expert)
    record(actor, expert, ExpertApproved())
    return expert


def new_sign_in_link(person: Person) -> SignInLink:
    """A link that signs the person in once, within 30 minutes."""
    link = SignInLink(person_id=person.id, created_at=clock.now(), expires_at=clock.now() + LINK_LASTS)
    session.add(link)
    session.flush()
    return link


def use_sign_in_link(link: SignInLink, device: str) -> str | None:
    """Consume the link: a new session's token, or None when the link was used or has expired.

    One statement decides, so that two presses at one moment make one session.
    """
    now = clock.now()
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.person_id),
        execution_options={"synchronize_session": False},
    ).scalar()
    return start_session(used, SessionBy.LINK, device) if used is not None else None


def start_session(person_id: int, by: SessionBy, device: str, identified: Identified = Identified.WEAKLY) -> str:
    """A new session of the person; the token goes into the cookie, only its hash is stored."""
    token = new_token()
    now = clock.now()
    session.add(
        PersonSession(
            token_hash=hashed(token),
            person_id=person_id,
            by=by,
            identified=identified,
            device=device[:200],
            created_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    session.flush()
    return token


def end_session(token: str) -> None:
    """Sign this device out; ending an ended session changes nothing."""
    own = session.scalar(select(PersonSession).where(PersonSession.token_hash == hashed(token)))
    if own is not None and own.ended_at is None:
        own.ended_at = clock.now()
