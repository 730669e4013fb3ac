"""Reading sessions and what lets people in."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, exists, or_, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.errors import Refused
from kierto.people.addresses import plain_email, plain_phone
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.queries import memberships, person_with_email, person_with_phone
from kierto.people.rules import ADDRESS_UNDERSTOOD
from kierto.sign_in.models import Attempt, Channel, ContactChange, PersonSession, SignInRequest
from kierto.sign_in.rules import ATTEMPTS_KEPT, NUMBER_SILENT_AFTER, REQUESTS_KEPT
from kierto.sign_in.tokens import confirming_link, hashed, link_of


class Contact(NamedTuple):
    """An address and the way to reach it."""

    channel: Channel
    address: str


def actor_of(token: str) -> Actor | None:
    """The Actor of a session's token in one query, None when the session is not there, ended or expired."""
    rows = session.execute(
        select(PersonSession, Person, Member, Expert)
        .join(Person, Person.id == PersonSession.person_id)
        .outerjoin(Member, Member.person_id == Person.id)
        .outerjoin(Expert, and_(Expert.person_id == Person.id, Expert.state == ExpertState.APPROVED))
        .where(
            PersonSession.token_hash == hashed(token),
            PersonSession.ended_at.is_(None),
            PersonSession.expires_at > clock.now(),
        )
    ).all()
    if not rows:
        return None
    own_session, person = rows[0][0], rows[0][1]
    members: list[Member | None] = [row[2] for row in rows]
    experts: list[Expert | None] = [row[3] for row in rows]
    return Actor(
        person_id=person.id,
        name=person.name,
        memberships=memberships(members, experts),
        identified=own_session.identified,
        administrator=person.administrator,
        session_id=own_session.id,
    )


def own_sessions(actor: Actor) -> Sequence[PersonSession]:
    """The devices on which the actor is signed in, this one first, then the newest."""
    return session.scalars(
        select(PersonSession)
        .where(
            PersonSession.person_id == actor.person_id,
            PersonSession.ended_at.is_(None),
            PersonSession.expires_at > clock.now(),
        )
        .order_by((PersonSession.id != (actor.session_id or 0)), PersonSession.id.desc())
    ).all()


def sign_in_request(token: str, secret_key: str) -> SignInRequest | None:
    """The request behind a link's token, None when it is not ours; it may be used or expired."""
    link = link_of(token, secret_key)
    found = session.get(SignInRequest, link.id) if link else None
    return found if link and found and link.leads_to(found) else None


def contact(typed: str, *, field: str | None = None) -> Contact:
    """What was typed, understood as an e-mail address or a phone number.

    Raises:
        Refused: address-understood.
    """
    if "@" in typed:
        return Contact(Channel.EMAIL, plain_email(typed, field=field))
    if any(one.isdigit() for one in typed):
        return Contact(Channel.SMS, plain_phone(typed, field=field))
    raise Refused(ADDRESS_UNDERSTOOD, field=field)


def person_at(channel: Channel, address: str) -> Person | None:
    """Who is reached there."""
    return person_with_email(address) if channel is Channel.EMAIL else person_with_phone(address)


def address_at(person: Person, channel: Channel) -> str | None:
    """Where the person is reached by the channel."""
    return person.email if channel is Channel.EMAIL else person.phone


def other_channel(channel: Channel) -> Channel:
    """The way that is left when this one is not."""
    return Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL


def person_asking(request: SignInRequest) -> Person | None:
    """Whom a request lets in; None when nobody has its address."""
    if request.person_id is not None:
        return session.get(Person, request.person_id)
    if request.channel is None or request.address is None:
        return None
    return person_at(request.channel, request.address)


def is_silent(person: Person) -> bool:
    """Whether the number has not been seen to reach the person for a year, or since they came (NUMBER_SILENT_AFTER).

    A number that was given lately can be signed in with at once: numbers change hands after a long silence.
    """
    return (person.phone_proved_at or person.created_at) < clock.now() - NUMBER_SILENT_AFTER


def waiting(ids: Iterable[int]) -> Sequence[SignInRequest]:
    """The requests that can still be used, the newest first."""
    return session.scalars(
        select(SignInRequest)
        .where(
            SignInRequest.id.in_(ids),
            SignInRequest.used_at.is_(None),
            SignInRequest.expires_at > clock.now(),
        )
        .order_by(SignInRequest.id.desc())
    ).all()


def anything_old() -> bool:
    """Whether there are requests or counted tries that nobody needs any more (`actions.forget_old`)."""
    old_request = exists().where(SignInRequest.expires_at < clock.now() - REQUESTS_KEPT)
    old_attempt = exists().where(Attempt.at < clock.now() - ATTEMPTS_KEPT)
    return bool(session.scalar(select(or_(old_request, old_attempt))))


def own_changes(actor: Actor) -> dict[Channel, ContactChange]:
    """The actor's changes of address that are under way."""
    return {
        change.channel: change
        for change in session.scalars(
            select(ContactChange).where(
                ContactChange.person_id == actor.person_id,
                ContactChange.done_at.is_(None),
                ContactChange.cancelled_at.is_(None),
                ContactChange.expires_at > clock.now(),
            )
        )
    }


def change_to_confirm(token: str, secret_key: str) -> ContactChange | None:
    """The change behind the link that went to the old address, None when it is not ours; it may be over."""
    link = confirming_link(token, secret_key)
    found = session.get(ContactChange, link.id) if link else None
    return found if link and found and link.leads_to(found) else None
