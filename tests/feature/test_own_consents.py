"""One's own consents: what each says, what withdrawing it takes away, leaving the register."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.experts import queries
from kierto.experts.consents import give_consent, withdraw_consent
from kierto.experts.models import ConsentTo
from kierto.people.models import Expert, ExpertState
from kierto.seats.rules import SeatState
from tests.cast import Cast

NEEDS = "Induktiosilmukka ja tauko"


def place(cast: Cast, name: str = "expert") -> Expert:
    """The person's place in the register of the cast's organisation."""
    session.remove()
    with reading():
        found = session.scalars(
            select(Expert).where(Expert.person_id == cast.id(name), Expert.organisation_id == cast.organisation.id)
        ).one()
        session.expunge_all()
    return found


def tell(cast: Cast, name: str = "expert") -> str:
    """The person tells everything that may tell of health; returns the reference of their place."""
    ref = place(cast, name).ref
    client = cast.client(name)
    client.get(f"/me/themes/{ref}").form(f"/me/themes/{ref}").submit(themes=["encounter"])
    client.get(f"/me/needs/{ref}").form(f"/me/needs/{ref}").submit(text=NEEDS)
    client.get(f"/me/words/{ref}").form(f"/me/words/{ref}").submit(text="Soitan kitaraa")
    return ref


def test_each_consent_says_when_and_how(cast: Cast) -> None:
    ref = tell(cast)
    page = cast.client("expert").get(f"/me/consents/{ref}")
    assert "Tuesday 12 January 2027" in page.text
    assert "by yourself" in page.text
    assert page.links["Take back: My experience"] == f"/me/consents/{ref}/themes/withdraw"


@pytest.mark.parametrize("consent", ["themes", "needs"])
def test_a_withdrawn_consent_takes_what_was_stored_with_it(cast: Cast, consent: str) -> None:
    """Rule theme-consent: its effect is shown before, and it is deleted at once."""
    ref, id_ = tell(cast), place(cast).id
    client = cast.client("expert")
    page = client.get(f"/me/consents/{ref}/{consent}/withdraw")
    assert "is deleted at once." in page.text
    form = page.form()
    page = form.submit().follow()
    assert page.path == f"/me/consents/{ref}"
    assert form.submit().location == f"/me/consents/{ref}", "a second press changes nothing"
    with reading():
        assert (queries.needs_of(id_) is None) is (consent == "needs")
        assert (not queries.themes_of(id_)) is (consent == "themes")
        (withdrawn,) = [one for one in queries.consents_of(id_) if one.withdrawn_at is not None]
        assert withdrawn.to.value == consent
    assert "No consent now." in page.text
    page = page.click(f"Give it and tell: {'My experience' if consent == 'themes' else 'What is arranged for me'}")
    assert page.path == f"/me/{consent}/{ref}"


def test_who_leaves_the_register_sees_first_what_they_give_up(cast: Cast) -> None:
    ref, id_ = tell(cast), place(cast).id
    with writing():
        give_consent(SYSTEM, session.get_one(Expert, id_), ConsentTo.REGISTER)
    client = cast.client("expert")
    page = client.get(f"/me/consents/{ref}/register/withdraw")
    assert "You give up your seat: Tue 26 Jan at 13:00–15:00, Tikkurilan kuntoutusosasto" in page.text
    page = page.form().submit().follow()
    assert page.message == "You have left the register. Thank you for your time."
    assert place(cast).state is ExpertState.LEFT
    assert place(cast).own_words is None
    with reading():
        assert cast.seat.load().state is SeatState.WITHDRAWN
        assert queries.needs_of(id_) is None
        assert not queries.themes_of(id_)
        assert not [one for one in queries.consents_of(id_) if one.withdrawn_at is None]


def test_who_applied_takes_the_application_back(cast: Cast) -> None:
    id_ = place(cast, "applicant").id
    with writing():
        give_consent(SYSTEM, session.get_one(Expert, id_), ConsentTo.REGISTER)
    ref = place(cast, "applicant").ref
    page = cast.client("applicant").get(f"/me/consents/{ref}/register/withdraw")
    assert page.heading == "Do you want to take the application back?"
    page.form().submit()
    assert place(cast, "applicant").state is ExpertState.WITHDRAWN


def test_consents_given_again_are_new_ones(cast: Cast) -> None:
    """Each is dated and versioned; one to older words gives way to the new one."""
    id_ = place(cast).id
    with writing():
        expert = session.get_one(Expert, id_)
        first = give_consent(SYSTEM, expert, ConsentTo.NEEDS, version=1)
        assert give_consent(SYSTEM, expert, ConsentTo.NEEDS, version=1) is first
        withdraw_consent(SYSTEM, expert, ConsentTo.NEEDS)
    with clock.at(clock.now() + timedelta(days=1)), writing():
        expert = session.get_one(Expert, id_)
        give_consent(SYSTEM, expert, ConsentTo.NEEDS, version=1)
        give_consent(SYSTEM, expert, ConsentTo.NEEDS, version=2)
    session.remove()
    with reading():
        consents = queries.consents_of(id_)
        assert sorted((one.version, one.withdrawn_at is None) for one in consents) == [
            (1, False),
            (1, False),
            (2, True),
        ]
