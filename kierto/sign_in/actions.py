"""Letting people in and out."""

from sqlalchemy import select, update

from kierto import clock
from kierto.actor import Identified
from kierto.database import session
from kierto.people.models import Person
from kierto.sign_in.models import PersonSession, SessionBy, SignInRequest
from kierto.sign_in.rules import REQUEST_LASTS, SESSION_LASTS
from kierto.sign_in.tokens import hashed, new_token


def new_sign_in_link(person: Person) -> SignInRequest:
    """A link that signs the person in once, within 30 minutes, handed over by whoever runs Kierto."""
    now = clock.now()
    request = SignInRequest(
        person_id=person.id, language=person.language, created_at=now, expires_at=now + REQUEST_LASTS
    )
    session.add(request)
    session.flush()
    return request


def use_sign_in_link(request: SignInRequest, device: str) -> str | None:
    """Consume the link: a new session's token, or None when the link was used or has expired.

    One statement decides, so that two presses at one moment make one session.
    """
    now = clock.now()
    used = session.execute(
        update(SignInRequest)
        .where(SignInRequest.id == request.id, SignInRequest.used_at.is_(None), SignInRequest.expires_at > now)
        .values(used_at=now)
        .returning(SignInRequest.person_id),
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
