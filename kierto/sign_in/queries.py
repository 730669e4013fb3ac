"""Reading sessions and what lets people in."""

from sqlalchemy import and_, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.queries import memberships
from kierto.sign_in.models import PersonSession, SignInRequest
from kierto.sign_in.tokens import hashed, link_id


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


def sign_in_request(token: str, secret_key: str) -> SignInRequest | None:
    """The request behind a link's token, None when it is not ours; it may be used or expired."""
    id_ = link_id(token, secret_key)
    return session.get(SignInRequest, id_) if id_ is not None else None
