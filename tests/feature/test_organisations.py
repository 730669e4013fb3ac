"""Organisations: made by administrators from the public names or their own, changed, and what coordinators decide."""

import pytest

from kierto.actor import Identified
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.people.addresses import spoken_phone
from kierto.people.models import Person
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.actions import add_organisation
from kierto.units.counties import counties
from kierto.units.models import ExpertWord, Organisation
from kierto.words import LANGUAGES, Localised
from tests.cast import Cast
from tests.client import Client
from tests.refusals import refused
from tests.together import at_once

HUS = "HUS-yhtymä"


def organisation_named(name: str) -> Organisation:
    session.remove()
    with reading():
        found = session.query(Organisation).filter_by(name_fi=name).one()
        session.expunge(found)
        return found


def kinds_of(thing: str) -> list[str]:
    with reading():
        return [event.kind for event in session.query(Event).filter_by(subject=thing).order_by(Event.id)]


def edit_page(cast: Cast) -> str:
    return f"/admin/organisations/{cast.organisation.ref}"


# ---- making one ----


def test_the_public_ones_are_offered_by_name_in_three_languages(cast: Cast) -> None:
    for language in LANGUAGES:
        form = cast.client("administrator", language=language).get("/admin/organisations/new").form()
        offered = form.choices("county")
        assert len(offered) == 24
        assert offered[HUS] == {"fi": "HUS-yhtymä", "sv": "HUS-sammanslutningen", "en": "HUS Group"}[language]


def test_there_are_23_of_them_and_some_are_bilingual() -> None:
    assert len(counties()) == 23
    assert len({county.name.fi for county in counties()}) == 23
    assert all(county.name.sv and county.name.en for county in counties())
    assert sum(county.bilingual for county in counties()) == 9


def test_a_public_one_is_made_and_inviting_its_coordinator_comes_next(cast: Cast) -> None:
    administrator = cast.client("administrator")
    page = administrator.get("/admin/organisations/").click("Make an organisation").form().submit(county=HUS).follow()
    made = organisation_named(HUS)
    assert page.path == f"/organisations/{made.ref}/people/invite"
    assert page.message == "The organisation was made. Invite its first coordinator next."
    assert (made.name, made.bilingual) == (Localised(HUS, "HUS-sammanslutningen", "HUS Group"), True)
    assert HUS not in administrator.get("/admin/organisations/new").form().choices("county")
    assert kinds_of("organisations")[-1] == "organisation.added"


def test_another_one_is_made_by_its_own_names(cast: Cast) -> None:
    form = cast.client("administrator").get("/admin/organisations/new").form()
    form.submit(name_fi="  Tuki   ry ", name_sv="Stöd rf", bilingual="y")
    made = organisation_named("Tuki ry")
    assert (made.name, made.bilingual) == (Localised("Tuki ry", "Stöd rf", None), True)


def test_something_must_be_chosen_or_written_but_not_both(cast: Cast) -> None:
    form = cast.client("administrator").get("/admin/organisations/new").form()
    assert "Choose an organisation from the list" in form.submit(422).field_errors["name_fi"]
    page = form.submit(422, county=HUS, name_fi="HUS")
    assert "You chose one from the list" in page.field_errors["name_fi"]
    assert page.form().values["name_fi"] == ["HUS"]


def test_the_same_organisation_twice_is_refused(cast: Cast) -> None:
    """Rule organisation-named-once: case, hyphens and spaces make no other name."""
    form = cast.client("administrator").get("/admin/organisations/new").form()
    for name in ("Rannikon hyvinvointialue", "RANNIKON  hyvinvointialue", "rannikon-hyvinvointialue"):
        assert "There is an organisation with this name already." in form.submit(422, name_fi=name).errors[0]
    with refused("organisation-named-once", "name_fi"):
        add_organisation(Localised("rannikon Hyvinvointialue"))


def test_two_administrators_make_the_same_at_one_moment(cast: Cast) -> None:
    def make() -> str:
        made = add_organisation(Localised("Saariston hyvinvointialue"))
        session.flush()
        return made.name.fi

    results = at_once(cast.app, [make, make])
    assert sorted(isinstance(result, str) for result in results) == [False, True]
    assert organisation_named("Saariston hyvinvointialue").id


def test_only_administrators_see_them(cast: Cast) -> None:
    for name in ("coordinator", "decision_maker", "visitor"):
        cast.client(name).get("/admin/organisations/", 404)
        cast.client(name).get(edit_page(cast), 404)


def test_the_queries_of_the_list_do_not_grow(cast: Cast) -> None:
    client = cast.client("administrator")
    page = client.get("/admin/organisations/")
    rows = {row.select("th")[0].text.strip(): row for row in page.document.select("tbody tr")}
    assert " ".join(rows["Rannikon hyvinvointialue"].select("td")[1].text.split()) == "3"
    few = client.queries
    with writing():
        add_organisation(Localised("Yksi"))
        add_organisation(Localised("Kaksi"))
    assert len(client.get("/admin/organisations/").document.select("tbody tr")) == 4
    assert client.queries == few


# ---- changing one ----


def test_an_administrator_changes_everything(cast: Cast) -> None:
    form = cast.client("administrator").get(edit_page(cast)).form()
    form.submit(
        name_fi="Rannikko",
        name_en="The Coast",
        bilingual="y",
        expert_word="kokemustoimija",
        phone="040 123 4567",
        email="Kierto@Rannikko.Example",
        mail_domains="@rannikko.example\n\n  Hyvä.example \nrannikko.example",
    )
    changed = organisation_named("Rannikko")
    assert changed.name == Localised("Rannikko", "Kustens välfärdsområde", "The Coast")
    assert changed.expert_word is ExpertWord.KOKEMUSTOIMIJA
    assert (changed.phone, changed.email) == ("+358401234567", "kierto@rannikko.example")
    assert changed.mail_domains == ["rannikko.example", "hyvä.example"]
    page = cast.client("administrator").get(edit_page(cast))
    assert page.form().values["phone"] == [spoken_phone("+358401234567")]
    with reading():
        event = session.query(Event).filter_by(kind="organisation.changed").order_by(Event.id.desc()).first()
        assert event is not None
        assert set(event.data["fields"].split(",")) == {"expert_word", "mail_domains", "phone", "email"}


def test_saving_what_stands_changes_nothing(cast: Cast) -> None:
    before = len(kinds_of("organisations"))
    cast.client("administrator").get(edit_page(cast)).form().submit()
    assert len(kinds_of("organisations")) == before


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "12", "This is not a whole phone number."),
        ("email", "nobody@", "This e-mail address is not whole."),
        ("mail_domains", "rannikko.example\nnot a domain", "“not a domain” cannot be the end"),
        ("mail_domains", "example", "cannot be the end"),
        ("mail_domains", "GMAIL.com", "Anyone can get an address that ends in gmail.com."),
        ("mail_domains", "\n".join(f"a{number}.example" for number in range(21)), "These are too many."),
        ("name_fi", "", "This is needed."),
        ("name_fi", "metsien HYVINVOINTIALUE", "There is an organisation with this name already."),
    ],
)
def test_a_mistake_is_said_beside_its_field(cast: Cast, field: str, typed: str, says: str) -> None:
    page = cast.client("administrator").get(edit_page(cast)).form().submit(422, **{field: typed})
    assert says in page.field_errors[field]
    assert page.form().values[field][0].split() == typed.split()


def test_reading_secrets_weakly_needs_a_reason_and_is_recorded(cast: Cast) -> None:
    """Rule secret-behind-strong-id: an organisation may relax it for itself with a recorded reason."""
    form = cast.client("administrator").get(edit_page(cast)).form()
    form.submit(weak_reading="Johtaja päätti 3.1.2027: kertakirjautuminen tulee vasta syksyllä.")
    form.submit(weak_reading="Johtaja päätti 3.1.2027: kertakirjautuminen tulee vasta syksyllä.")
    assert organisation_named("Rannikon hyvinvointialue").weak_reading_reason
    assert kinds_of("organisations")[-1:] == ["organisation.weak_reading_allowed"]
    form.submit(weak_reading=" ")
    assert organisation_named("Rannikon hyvinvointialue").weak_reading_reason is None
    assert kinds_of("organisations")[-2:] == ["organisation.weak_reading_allowed", "organisation.weak_reading_ended"]


def test_a_coordinator_changes_how_they_are_reached_and_nothing_else(cast: Cast) -> None:
    page = cast.client("coordinator").get("/units/").click("Our organisation")
    form = page.form()
    assert form.fields == {"csrf_token", "expert_word", "phone", "email", "mail_domains"}
    assert form.choices("expert_word")["vertaistoimija"] == "peer supporter"
    page = form.submit(email="tuki@rannikko.example", expert_word="vertaistoimija").follow()
    assert page.message == "The organisation was saved."
    token = {"name_fi": "Toinen", "weak_reading": "x", "expert_word": "vertaistoimija", "email": "a@rannikko.example"}
    cast.client("coordinator").post("/organisation", data=token)
    kept = organisation_named("Rannikon hyvinvointialue")
    assert (kept.email, kept.weak_reading_reason) == ("a@rannikko.example", None)
    cast.client("host").get("/organisation", 404)


def test_a_coordinator_finds_all_that_is_the_organisations_to_decide(cast: Cast) -> None:
    page = cast.client("coordinator").get("/about")
    page = page.client.get(page.all_links[page.all_links.index("/organisation")])
    for words in (
        "Coordinators and decision-makers",
        "How long data is kept",
        "Our own words in the privacy notice",
        "Our own words in the accessibility statement",
    ):
        assert page.click(words).heading == words


def test_an_administrator_who_has_no_role_elsewhere_needs_none(cast: Cast) -> None:
    """Who is an administrator and nothing else sees organisations, and neither their units nor their rounds."""
    with writing():
        person = session.query(Person).filter_by(administrator=True).one()
        client = Client(cast.app, start_session(person.id, SessionBy.LINK, "tests", Identified.WEAKLY))
    client.get("/admin/organisations/")
    client.get("/units/", 404)
