"""Every way in of a person ended at once: their sessions, identities, pass and whatever waits to be confirmed."""

from sqlalchemy import delete, update

from kierto import clock
from kierto.database import session
from kierto.sign_in.models import ContactChange, Identity, PaperPass, PersonSession, SignInRequest


def end_ways_in(person_id: int) -> None:
    """Nobody is this person any more: lock the person before."""
    now = clock.now()
    session.execute(
        update(PersonSession)
        .where(PersonSession.person_id == person_id, PersonSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(
        update(PaperPass).where(PaperPass.person_id == person_id, PaperPass.ended_at.is_(None)).values(ended_at=now)
    )
    session.execute(
        update(ContactChange)
        .where(
            ContactChange.person_id == person_id,
            ContactChange.done_at.is_(None),
            ContactChange.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    session.execute(
        update(SignInRequest)
        .where(SignInRequest.person_id == person_id, SignInRequest.used_at.is_(None))
        .values(used_at=now)
    )
    session.execute(delete(Identity).where(Identity.person_id == person_id))
