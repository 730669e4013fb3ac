"""Who may be in the register twice: what makes two alike, where it is suggested, and who says that they are two."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto.database import reading, session
from kierto.experts import duplicates
from kierto.experts.alike import Known, alike
from kierto.people.models import Expert
from tests.cast import NOW, Cast
from tests.scenes_experts import expert_of, kinds_of, twin


def known(number: int, **facts: object) -> Known:
    usual = {"organisation_id": 1, "name": "maija meikäläinen", "municipality": None, "email": None, "phone": None}
    return Known(number, **(usual | facts))  # type: ignore[arg-type]  # some of the facts, each of its own type


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ({}, {}, True),
        ({"municipality": "Espoo"}, {}, True),
        ({"municipality": "Espoo"}, {"municipality": "Espoo"}, True),
        ({"municipality": "Espoo"}, {"municipality": "Vantaa"}, False),
        ({}, {"name": "maija meikalainen"}, False),
        ({}, {"organisation_id": 2}, False),
        ({"name": "a", "phone": "+358401234567"}, {"name": "b", "phone": "+46401234567"}, True),
        ({"name": "a", "phone": "+358401234567"}, {"name": "b", "phone": "+358401234568"}, False),
        ({"name": "a", "email": "maija.meika@a.fi"}, {"name": "b", "email": "maijameika+kierto@b.fi"}, True),
        ({"name": "a", "email": "info@a.fi"}, {"name": "b", "email": "info@b.fi"}, False),
        ({"name": "a", "email": "ab@a.fi"}, {"name": "b", "email": "ab@a.fi"}, True),
    ],
)
def test_who_may_be_one_person(one: dict[str, object], other: dict[str, object], like: bool) -> None:
    assert alike(known(1, **one), known(2, **other)) is like


def test_the_same_name_is_suggested_on_the_page_and_on_the_desk(cast: Cast) -> None:
    other = twin(cast)
    own = expert_of(cast, "expert")
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}")
    assert page.links["Compare the two"] == f"/experts/{own.ref}/merge/{other.ref}"
    assert "Perhaps the same person twice" in client.get("/desk").text


def test_they_may_be_two_persons(cast: Cast) -> None:
    other = twin(cast)
    own = expert_of(cast, "expert")
    client = cast.client("coordinator")
    for _ in range(2):
        client.post(f"/experts/{own.ref}/not-the-same/{other.ref}")
    assert "They are two persons" not in client.get(f"/experts/{own.ref}").text
    assert "They are two persons" not in client.get(f"/experts/{other.ref}").text
    assert "Perhaps the same person twice" not in client.get("/desk").text
    assert kinds_of(own).count("expert.not_the_same") == 1


def test_nobody_in_another_organisation_is_suggested(cast: Cast) -> None:
    twin(cast, organisation_id=cast.other_organisation.id)
    with reading():
        own = expert_of_now(cast)
        assert duplicates.duplicates_of(cast.actor("coordinator"), own) == []
        assert duplicates.duplicates(cast.actor("coordinator"), 10) == []


def expert_of_now(cast: Cast) -> Expert:
    statement = select(Expert).where(
        Expert.person_id == cast.id("expert"), Expert.organisation_id == cast.organisation.id
    )
    return session.scalars(statement).one()


def test_the_register_of_many_finds_few_queries(cast: Cast) -> None:
    client = cast.client("coordinator")
    own = expert_of(cast, "expert")
    client.get(f"/experts/{own.ref}")
    few = client.queries
    for number in range(5):
        twin(cast, email=f"kaksonen-{number}@kierto.test", created_at=NOW - timedelta(days=number))
    client.get(f"/experts/{own.ref}")
    assert client.queries == few
