"""An identity of single sign-on becomes a person's after proof of the mailbox."""

import pytest
from sqlalchemy import select

from kierto.actor import Identified
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.sign_in import actions
from kierto.sign_in.actions import Joining, ask, use_code, use_sign_in_link
from kierto.sign_in.models import Identity, PersonSession, SessionBy, SignInRequest
from kierto.sign_in.providers import Place, Wanted, add_provider
from kierto.sign_in.queries import actor_of
from kierto.sign_in.tokens import code, link_token
from kierto.words import Localised
from tests.cast import Cast
from tests.scenes_sign_in import (
    HERE,
    key,
    quiet,
)


@pytest.fixture(autouse=True)
def calm(cast: Cast) -> None:
    quiet()


def joining(cast: Cast, subject: str = "oid-1", identified: Identified = Identified.STRONGLY) -> SignInRequest:
    with writing():
        return ask(
            cast.email("expert"), "fi", HERE, key(cast), joining=Joining("https://idp.example.fi", subject, identified)
        )


def test_proving_the_mailbox_joins_the_identity_and_lets_in_as_strongly_as_it_is(cast: Cast) -> None:
    with writing():
        where = Place(cast.organisation.id, cast.organisation.ref, Localised("Rannikon hyvinvointialue"))
        wanted = Wanted(Localised("Rannikon kirjautuminen"), "kierto", "secret", strong=True)
        add_provider(cast.actor("administrator"), where, "https://idp.example.fi", wanted)
    request = joining(cast)
    with writing():
        tried = use_code([request.id], code(request, key(cast)), HERE, key(cast))
        assert tried.token is not None
    with reading():
        found = actor_of(tried.token)
        own = session.scalars(select(Identity)).one()
        assert (own.person_id, own.issuer, own.subject) == (cast.id("expert"), "https://idp.example.fi", "oid-1")
        assert session.scalars(select(PersonSession.by).order_by(PersonSession.id.desc())).first() == (
            SessionBy.SINGLE_SIGN_ON
        )
    assert found is not None
    assert found.identified is Identified.STRONGLY


def test_a_link_that_joins_works_only_where_it_was_asked_for(cast: Cast) -> None:
    """Else somebody could join their own sign-in to whoever opens the mail."""
    request = joining(cast)
    path = f"/sign-in/{link_token(request, key(cast))}"
    victim = cast.client()
    assert victim.get(path, expect=409).heading == "Open the link where you began"
    victim.post(path, expect=409)
    with writing():
        assert use_sign_in_link(session.get_one(SignInRequest, request.id), "tests") is None
        assert use_sign_in_link(session.get_one(SignInRequest, request.id), "tests", [request.id]) is not None
    assert identity() == cast.id("expert")


def identity() -> int:
    with reading():
        return session.scalars(select(Identity.person_id)).one()


def test_an_identity_is_joined_once(cast: Cast) -> None:
    """Rule identity-joined-once: the table refuses a second person; the same person may prove it again."""
    for _ in range(2):
        request = joining(cast)
        with writing():
            assert use_code([request.id], code(request, key(cast)), HERE, key(cast)).token is not None
    with writing():
        other = ask(
            cast.email("host"),
            "fi",
            HERE,
            key(cast),
            joining=Joining("https://idp.example.fi", "oid-1", Identified.STRONGLY),
        )
    with pytest.raises(Refused) as refused, writing():
        use_code([other.id], code(other, key(cast)), HERE, key(cast))
    assert refused.value.rule.id == "identity-joined-once"


def test_sending_the_message_again_joins_too(cast: Cast) -> None:
    request = joining(cast)
    with writing():
        again = actions.ask_again(request, "fi", HERE, key(cast))
        assert (again.issuer, again.subject, again.identified) == (request.issuer, "oid-1", Identified.STRONGLY)
        assert use_code([again.id], code(again, key(cast)), HERE, key(cast)).token is not None
    assert identity() == cast.id("expert")
