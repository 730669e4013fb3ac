"""A unit's joining link: on the coffee room's wall, by which its workers ask to become its staff."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, new_ref, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import JoiningLinkEnded, JoiningLinkMade
from kierto.people.addresses import mailable
from kierto.people.models import Invitation, JoiningLink
from kierto.people.rules import JOINING_DOMAINS_SET, JOINING_WORK_ADDRESS
from kierto.units.models import Organisation, Unit


def make_joining_link(actor: Actor, unit: Unit, days: int) -> str:
    """A new joining link of the unit, instead of the one there was; its token, which nobody can tell again.

    The unit's lock guards that there is one at most.

    Raises:
        Refused: joining-domains-set.
    """
    unit = lock_one(Unit, unit.id)
    if not unit.organisation.mail_domains:
        raise Refused(JOINING_DOMAINS_SET)
    end_joining_link(actor, unit)
    token = new_ref() + new_ref()  # 100 bits, in letters that can be typed from paper
    now = clock.now()
    link = JoiningLink(
        organisation_id=unit.organisation_id,
        unit_id=unit.id,
        token_hash=_hashed(token),
        created_by=actor.person_id,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    record(actor, link, JoiningLinkMade(unit_id=unit.id, days=days))
    return token


def end_joining_link(actor: Actor, unit: Unit) -> None:
    """Let the unit's joining link work no more, nor the letters that it has sent. Ended twice it stays ended."""
    now = clock.now()
    for link in session.scalars(
        select(JoiningLink).where(JoiningLink.unit_id == unit.id, JoiningLink.ended_at.is_(None))
    ).all():
        link.ended_at = now
        record(actor, link, JoiningLinkEnded(unit_id=unit.id))
    session.execute(
        update(Invitation)
        .where(
            Invitation.unit_id == unit.id,
            Invitation.created_by.is_(None),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def joining_link_of(unit: Unit) -> JoiningLink | None:
    """The unit's joining link while it works."""
    return session.scalar(
        select(JoiningLink).where(
            JoiningLink.unit_id == unit.id, JoiningLink.ended_at.is_(None), JoiningLink.expires_at > clock.now()
        )
    )


def joining_link_behind(token: str) -> JoiningLink | None:
    """The link of a token with its unit, None when it is not ours; it may have ended."""
    return session.scalar(
        select(JoiningLink)
        .where(JoiningLink.token_hash == _hashed(token))
        .options(joinedload(JoiningLink.unit).joinedload(Unit.organisation))
    )


def check_work_address(organisation: Organisation, email: str, *, field: str) -> None:
    """Rule joining-work-address: the address ends in one of the organisation's mail domains, or in a part of one.

    `terveys.example.fi` belongs to who has `example.fi`. A domain is the same in its own letters and in ASCII.

    Raises:
        Refused: joining-work-address.
    """
    given = _ascii(email.rpartition("@")[2])
    own = [_ascii(domain) for domain in organisation.mail_domains]
    if not any(given == domain or given.endswith(f".{domain}") for domain in own):
        domains = ", ".join(f"@{domain}" for domain in organisation.mail_domains)
        raise Refused(JOINING_WORK_ADDRESS, field=field, domains=domains)


def _ascii(domain: str) -> str:
    return mailable(f"nobody@{domain.lower()}").rpartition("@")[2]


def _hashed(token: str) -> str:
    """The token is random and long, so a fast hash is enough."""
    return sha256(token.encode()).hexdigest()
