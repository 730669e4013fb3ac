"""Letting people in and out: asking for a link and a code, using either, starting and ending sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from kierto import clock
from kierto.actor import SYSTEM, VISITOR, Actor, Identified
from kierto.database import lock, lock_one, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record, record_all
from kierto.events.catalogue.sign_in import (
    IdentityJoined,
    SessionEnded,
    SessionStarted,
    SignInAsked,
    SignInLinkMade,
    WrongCode,
)
from kierto.people.models import Person
from kierto.sign_in import limits
from kierto.sign_in.models import Channel, Identity, PersonSession, SessionBy, SignInRequest
from kierto.sign_in.providers import strength
from kierto.sign_in.queries import contact, own_sessions, person_asking
from kierto.sign_in.rules import (
    CODES_FOR_ADDRESS,
    CODES_OF_CLIENT,
    PHONE_UNREACHED,
    REQUEST_LASTS,
    REQUESTS_KEPT,
    SESSION_LASTS,
)
from kierto.sign_in.tokens import code, hashed, is_code, new_token
from kierto.words import Language


class Device(NamedTuple):
    """Who calls: the network address, and what the browser says of itself."""

    client: str
    name: str


class Joining(NamedTuple):
    """Who a provider of single sign-on says it is, and how strongly that very provider identifies."""

    issuer: str
    subject: str
    identified: Identified


class Tried(NamedTuple):
    """What came of a code: the new session's token and what it was asked for, or how many tries are left."""

    token: str | None
    request: SignInRequest | None
    left: int = 0


def ask(
    typed: str,
    language: Language,
    device: Device,
    secret_key: str,
    *,
    joining: Joining | None = None,
    sms: bool = True,
) -> SignInRequest:
    """Ask for a message with a link and a code to the e-mail address or phone number that was typed.

    It does the same whether somebody has the address or not; the worker looks. With `joining`, using the link or code
    proves the mailbox to be the same person's, and the identity is theirs from then on. `sms`: whether text messages
    can be sent here.

    Raises:
        Refused: address-understood, phone-unreached.
        TooMany: this address, or this caller, has asked too often.
    """
    channel, address = contact(typed, field="address")
    if channel is Channel.SMS and not sms:
        raise Refused(PHONE_UNREACHED, field="address")
    limits.message_asked(address, device.client, secret_key)
    now = clock.now()
    request = SignInRequest(
        channel=channel,
        address=address,
        issuer=joining.issuer if joining else None,
        subject=joining.subject if joining else None,
        identified=joining.identified if joining else Identified.WEAKLY,
        language=language,
        wrong_codes=0,
        created_at=now,
        expires_at=now + REQUEST_LASTS,
    )
    session.add(request)
    record(VISITOR, request, SignInAsked(channel=channel, joins=request.joins))
    return request


def ask_again(
    request: SignInRequest, language: Language, device: Device, secret_key: str, *, sms: bool = True
) -> SignInRequest:
    """Ask for another message like the one that has not come.

    Raises:
        Refused: phone-unreached.
        TooMany: this address, or this caller, has asked too often.
    """
    joining = None
    if request.issuer is not None and request.subject is not None:
        joining = Joining(request.issuer, request.subject, request.identified)
    return ask(request.address or "", language, device, secret_key, joining=joining, sms=sms)


def new_sign_in_link(person: Person) -> SignInRequest:
    """A link that signs the person in once, within 30 minutes, handed over by whoever runs Kierto."""
    now = clock.now()
    request = SignInRequest(
        person_id=person.id, language=person.language, created_at=now, expires_at=now + REQUEST_LASTS
    )
    session.add(request)
    record(SYSTEM, request, SignInLinkMade())
    return request


def use_sign_in_link(request: SignInRequest, device: str, waiting: Iterable[int] = ()) -> str | None:
    """Consume the link: a new session's token, or None when it is used, has expired, or is nobody's.

    `waiting` are the requests that were made on this device. A link that joins an identity works on that device only:
    opened elsewhere, somebody else's identity could be joined to who reads the mail.
    """
    if request.joins and request.id not in waiting:
        return None
    person = person_asking(request)
    if person is None:
        return None
    lock_one(Person, person.id)
    return _let_in(request, person, SessionBy.LINK, device)


def use_code(waiting: Iterable[int], typed: str, device: Device, secret_key: str) -> Tried:
    """Try a code on the requests that were made on this device; it may be of an earlier one, in another tab.

    A wrong one is counted, so it is an answer and no exception.

    Raises:
        TooMany: this caller has tried too many wrong ones.
    """
    client = limits.network_of(device.client)
    limits.check(CODES_OF_CLIENT, client, secret_key)
    requests = _locked(waiting)
    tried = [
        one
        for one in requests
        if one.takes_codes and one.address and limits.allows(CODES_FOR_ADDRESS, one.address, secret_key)
    ]
    for request in tried:
        person = person_asking(request)
        if person is not None and is_code(typed, code(request, secret_key)):
            token = _let_in(request, person, SessionBy.CODE, device.name)
            return Tried(token, request)
    limits.count(CODES_OF_CLIENT, client, secret_key)
    for address in {one.address for one in tried if one.address}:
        limits.count(CODES_FOR_ADDRESS, address, secret_key)
    for request in tried:
        request.wrong_codes += 1
        record(VISITOR, request, WrongCode())
    return Tried(None, None, max((one.tries_left for one in tried), default=0))


def start_session(person_id: int, by: SessionBy, device: str, identified: Identified = Identified.WEAKLY) -> str:
    """A new session of the person; the token goes into the cookie, only its hash is stored."""
    token = new_token()
    now = clock.now()
    own = PersonSession(
        token_hash=hashed(token),
        person_id=person_id,
        by=by,
        identified=identified,
        device=device[:200],
        created_at=now,
        expires_at=now + SESSION_LASTS,
    )
    session.add(own)
    record(Actor(person_id=person_id), own, SessionStarted(by=by, identified=identified))
    session.flush()
    return token


def end_session(token: str) -> None:
    """Sign this device out; ending an ended session changes nothing."""
    own = session.scalar(select(PersonSession).where(PersonSession.token_hash == hashed(token)))
    if own is not None and own.ended_at is None:
        _end(Actor(person_id=own.person_id), [own])


def end_own_session(actor: Actor, handle: str) -> None:
    """Sign one of the actor's devices out.

    Raises:
        NotFound: it is not theirs, or is out already.
    """
    own = next((one for one in own_sessions(actor) if one.handle == handle), None)
    if own is None:
        raise NotFound
    _end(actor, [own])


def end_other_sessions(actor: Actor) -> int:
    """Sign every device of the actor out but this one; returns how many there were."""
    others = [one for one in own_sessions(actor) if one.id != actor.session_id]
    _end(actor, others)
    return len(others)


def _end(actor: Actor, sessions: Sequence[PersonSession]) -> None:
    for one in sessions:
        one.ended_at = clock.now()
    record_all(actor, sessions, SessionEnded())


def forget_old() -> None:
    """Delete requests that nobody waits for any more, and tries that no limit looks at."""
    session.execute(delete(SignInRequest).where(SignInRequest.expires_at < clock.now() - REQUESTS_KEPT))
    limits.forget_attempts()


def _locked(ids: Iterable[int]) -> list[SignInRequest]:
    """The requests, locked; before them their persons, in the order of all locks."""
    asked = select(SignInRequest).where(SignInRequest.id.in_(ids)).order_by(SignInRequest.id)
    persons = [person_asking(request) for request in session.scalars(asked)]
    lock(Person, {person.id for person in persons if person is not None})
    return list(session.scalars(asked.with_for_update(), execution_options={"populate_existing": True}))


def _let_in(request: SignInRequest, person: Person, by: SessionBy, device: str) -> str | None:
    """One statement uses the request up, so that two presses at one moment make one session.

    The person is locked: their other open requests end with this one.
    """
    now = clock.now()
    used = session.execute(
        update(SignInRequest)
        .where(SignInRequest.id == request.id, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now)
        .values(used_at=now)
        .returning(SignInRequest.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if used is None:
        return None
    session.execute(
        update(SignInRequest).where(_of(person), SignInRequest.used_at.is_(None)).values(used_at=now),
        execution_options={"synchronize_session": False},
    )
    _prove(person, request.channel, now)
    if request.joins:
        _join(request, person)
        by = SessionBy.SINGLE_SIGN_ON
    identified = request.identified
    if request.issuer is not None:
        identified = strength(request.issuer, request.identified, person.id)
    return start_session(person.id, by, device, identified)


def _of(person: Person) -> ColumnElement[bool]:
    """Every request of the person, by whichever of their addresses."""
    ways = [SignInRequest.person_id == person.id]
    for channel, address in ((Channel.EMAIL, person.email), (Channel.SMS, person.phone)):
        if address:
            ways.append(and_(SignInRequest.channel == channel, SignInRequest.address == address))
    return or_(*ways)


def _prove(person: Person, channel: Channel | None, now: datetime) -> None:
    """The message has reached the person: the address is theirs still."""
    if channel is Channel.EMAIL:
        person.email_proved_at = now
    elif channel is Channel.SMS:
        person.phone_proved_at = now


def _join(request: SignInRequest, person: Person) -> None:
    assert request.issuer is not None
    assert request.subject is not None
    own = session.scalar(select(Identity).where(Identity.issuer == request.issuer, Identity.subject == request.subject))
    if own is not None and own.person_id == person.id:
        return
    joined = Identity(
        person_id=person.id, issuer=request.issuer, subject=request.subject, created_at=clock.now()
    )  # somebody else's already: the table refuses it (identity-joined-once)
    session.add(joined)
    record(Actor(person_id=person.id), joined, IdentityJoined())
