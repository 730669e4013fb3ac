"""Nobody's mailbox or phone is flooded through applications, and nobody begins for ever; known addresses or not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.actor import VISITOR
from kierto.database import reading, session, writing
from kierto.errors import TooMany
from kierto.events.models import Event
from kierto.experts.answers import Step
from kierto.experts.applying import Caller, answer, begin, consent, send, send_link
from kierto.experts.models import Application
from kierto.experts.rules import (
    BEGUN_BY_CLIENT,
    LINKS_OF_CLIENT,
    LINKS_TO_ADDRESS,
    SENT_BY_CLIENT,
    SENT_FROM_ADDRESS,
)
from kierto.sign_in.tokens import hashed
from tests.cast import Cast
from tests.scenes_applying import consented, filled_in, newest, stored

HERE = Caller("192.0.2.1", "key")
ELSEWHERE = Caller("192.0.2.2", "key")


def draft(cast: Cast, **told: object) -> Application:
    """An application that can be sent, inside the test's own transaction."""
    token = begin(VISITOR, cast.organisation.id, "fi")
    found = session.scalars(select(Application).where(Application.token_hash == hashed(token))).one()
    consent(found)
    answer(found, Step.REACH, **{"name": "Sirpa Salo", "unreachable": True} | told)
    return found


def happened(kind: str) -> int:
    with reading():
        return session.scalars(select(func.count()).select_from(Event).where(Event.kind == kind)).one()


# ---- who calls ----


def test_one_caller_may_not_begin_for_ever(cast: Cast) -> None:
    with writing():
        for _number in range(BEGUN_BY_CLIENT.most):
            begin(VISITOR, cast.organisation.id, "fi", HERE)
    with pytest.raises(TooMany), writing():
        begin(VISITOR, cast.organisation.id, "fi", HERE)
    with writing():
        begin(VISITOR, cast.organisation.id, "fi", ELSEWHERE)
    with clock.at(clock.now() + BEGUN_BY_CLIENT.within + timedelta(seconds=1)), writing():
        begin(VISITOR, cast.organisation.id, "fi", HERE)


def test_beginning_too_often_is_said_and_stores_nothing(cast: Cast) -> None:
    client = cast.client()
    form = client.get("/apply").form()
    for _number in range(BEGUN_BY_CLIENT.most):
        form.submit(303, organisation_ref=cast.organisation.ref)
    before = newest()
    page = form.submit(429, organisation_ref=cast.organisation.ref)
    assert "Wait a quarter of an hour" in page.text
    after = newest()
    assert before is not None
    assert after is not None
    assert before.id == after.id
    cast.client("coordinator").get("/apply/beside").form().submit(429)


def test_one_caller_may_not_send_for_ever(cast: Cast) -> None:
    with writing():
        for _number in range(SENT_BY_CLIENT.most):
            send(VISITOR, draft(cast), HERE)
    with pytest.raises(TooMany), writing():
        send(VISITOR, draft(cast), HERE)
    with writing():
        send(VISITOR, draft(cast), ELSEWHERE)


# ---- one address ----


@pytest.mark.parametrize("email", ["nobody@example.fi", "outsider@kierto.test"])
def test_one_mailbox_gets_so_many_letters_of_applications_a_day(cast: Cast, email: str) -> None:
    """Whether Kierto knows the address or not, whoever calls; the application that was not sent waits."""
    with writing():
        for _number in range(SENT_FROM_ADDRESS.most):
            send(VISITOR, draft(cast, email=email), Caller(ELSEWHERE.client, secret_key(cast)))
    client = filled_in(cast, email=email, phone="")
    before = happened("expert.applied")
    page = client.get("/apply/check").form("/apply/check").submit(429)
    assert page.headers["Retry-After"] == "900"
    assert happened("expert.applied") == before
    assert stored().email == email
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert client.get("/apply/check").form("/apply/check").submit(303).location == "/apply/done"


def test_one_phone_gets_so_many_as_well(cast: Cast) -> None:
    with writing():
        for number in range(SENT_FROM_ADDRESS.most):
            send(VISITOR, draft(cast, email=f"n{number}@example.fi", phone="+358401234567"), HERE)
    with pytest.raises(TooMany), writing():
        send(VISITOR, draft(cast, phone="+358401234567"), ELSEWHERE)


def test_pressing_send_twice_counts_once(cast: Cast) -> None:
    with writing():
        one = draft(cast, email="sirpa@example.fi")
        for _press in range(SENT_FROM_ADDRESS.most + 1):
            send(VISITOR, one, HERE)


# ---- links to go on ----


def test_links_to_go_on_are_limited_by_address_and_caller_and_nothing_is_said(cast: Cast) -> None:
    with writing():
        for _number in range(LINKS_TO_ADDRESS.most + 2):
            send_link(draft(cast, email="sirpa@example.fi"), ELSEWHERE)
    assert happened("application.link_wished") == LINKS_TO_ADDRESS.most
    with writing():
        for number in range(LINKS_OF_CLIENT.most + 2):
            send_link(draft(cast, email=f"n{number}@example.fi"), HERE)
    assert happened("application.link_wished") == LINKS_TO_ADDRESS.most + LINKS_OF_CLIENT.most


def test_a_link_that_is_not_sent_changes_nothing_on_the_pages(cast: Cast) -> None:
    with writing():
        for number in range(LINKS_OF_CLIENT.most):
            send_link(draft(cast, email=f"n{number}@example.fi"), Caller("127.0.0.1", secret_key(cast)))
    client = consented(cast)
    page = client.get("/apply/reach").form().submit(303, email="sirpa@example.fi")
    assert page.location == "/apply/themes"
    assert stored().email == "sirpa@example.fi"
    assert happened("application.link_wished") == LINKS_OF_CLIENT.most


def secret_key(cast: Cast) -> str:
    return str(cast.app.config["KIERTO"].secret_key)
