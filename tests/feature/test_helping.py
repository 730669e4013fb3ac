"""Whom people call when something is unclear: their own organisation where it has said how, else the installation."""

import pytest

from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.people.actions import give_role
from kierto.people.helping import Help, help_at
from kierto.people.models import Expert, ExpertState, Person
from kierto.settings import Settings
from kierto.units.models import Organisation
from tests.cast import Cast
from tests.client import Page
from tests.scenes_passes import DIGITS, opened, pass_made, ref_of_expert

OWN = ("+358401234567", "apua@ranta.example.fi")
SHOWN = "040 1234567"
INSTALLATION = "09 310 10000"


def gives(cast: Cast, phone: str | None, email: str | None) -> None:
    with writing():
        organisation = cast.organisation.load()
        organisation.phone, organisation.email = phone, email


def footer(page: Page) -> str:
    found = page.document.select_one("footer section[aria-labelledby=help]")
    assert found is not None
    return " ".join(found.text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("name", ["expert", "host", "staff", "coordinator"])
def test_every_page_tells_the_readers_own_organisations_phone_and_mail(cast: Cast, name: str) -> None:
    gives(cast, *OWN)
    told = footer(cast.client(name).get("/about"))
    assert SHOWN in told
    assert OWN[1] in told
    assert INSTALLATION not in told


def test_who_belongs_nowhere_is_told_the_installations(cast: Cast) -> None:
    gives(cast, *OWN)
    for name in ("visitor", "administrator"):
        assert INSTALLATION in footer(cast.client(name).get("/about"))


def test_what_the_organisation_has_not_given_is_the_installations(cast: Cast) -> None:
    gives(cast, OWN[0], None)
    told = footer(cast.client("host").get("/about"))
    assert SHOWN in told
    assert "apua@kierto.test" in told
    gives(cast, None, None)
    assert INSTALLATION in footer(cast.client("host").get("/about"))


def test_of_several_organisations_none_is_more_ones_own(cast: Cast) -> None:
    gives(cast, *OWN)
    with writing():
        person = session.get_one(Person, cast.id("host"))
        elsewhere = session.query(Organisation).filter(Organisation.id != cast.organisation.id).first()
        assert elsewhere is not None
        give_role(SYSTEM, person, elsewhere.id, Role.DECISION_MAKER)
    assert INSTALLATION in footer(cast.client("host").get("/about"))


def test_an_expert_on_a_break_still_belongs_and_one_who_left_does_not(cast: Cast, settings: Settings) -> None:
    gives(cast, *OWN)
    for state, expected in (
        (ExpertState.PAUSED, Help(SHOWN, OWN[1])),
        (ExpertState.LEFT, Help(settings.help_phone, settings.help_email)),
    ):
        with writing():
            session.query(Expert).filter_by(person_id=cast.id("expert")).one().state = state
        with writing():
            assert help_at(cast.id("expert"), settings) == expected


@pytest.fixture
def settings(cast: Cast) -> Settings:
    found: Settings = cast.app.config["KIERTO"]
    return found


def test_an_errors_page_tells_it_too(cast: Cast) -> None:
    gives(cast, *OWN)
    page = cast.client("host").get("/units/0000000000", 404)
    assert SHOWN in footer(page)
    assert SHOWN in page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_paper_and_the_pass_tell_it(cast: Cast) -> None:
    gives(cast, *OWN)
    made = cast.client("coordinator").get(f"/experts/{ref_of_expert(cast)}/pass").form(button="Make the paper")
    paper = made.submit(303, digits=DIGITS, again=DIGITS).follow().document.select_one(".k-paper")
    assert paper is not None
    assert SHOWN in paper.text.replace("\N{NO-BREAK SPACE}", " ")
    assert INSTALLATION not in paper.text
    token = pass_made(cast)
    shown = opened(cast, token).get(f"/pass/{token}/meetings")
    assert SHOWN in shown.text.replace("\N{NO-BREAK SPACE}", " ")


def test_it_costs_one_query_and_a_visitor_none(cast: Cast) -> None:
    visitor, host = cast.client(), cast.client("host")
    visitor.get("/about")
    host.get("/about")
    assert host.queries - visitor.queries == 2, "who it is, and whom they call"
