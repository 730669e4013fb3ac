"""The register of experts as coordinators see it: the list, one expert, what is shown on request."""

from datetime import date, timedelta

import pytest
from flask import Flask

from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.events.models import Read
from kierto.people.actions import approve_expert, give_role
from kierto.people.models import Person
from tests.cast import NOW, Cast
from tests.scenes_experts import NEEDS, OWN_WORDS, applies, expert_of, in_register, readings, relaxed, tells

TODAY = NOW.date()


def test_the_register_shows_everyone_by_name(cast: Cast) -> None:
    page = cast.client("coordinator").get("/experts/")
    names = [name for name in page.links if name in ("Birgitta Lindqvist", "Matti Virtanen", "Omar Hassan")]
    assert names == ["Birgitta Lindqvist", "Matti Virtanen", "Omar Hassan"]
    assert "Tuula Nieminen" in page.text
    assert "4 experts" in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("words=nieminen", ["Tuula Nieminen"]),
        ("words=NIEMINEN+tuula", ["Tuula Nieminen"]),
        ("state=applied", ["Tuula Nieminen"]),
        ("look=to_decide", ["Tuula Nieminen"]),
        ("municipality=Vantaa", ["Veikko Vantaalainen"]),
        ("language=so", ["Veikko Vantaalainen"]),
        ("look=contract_ends", ["Loppu Lasse"]),
        ("look=to_call", ["Soita Sirpa"]),
        ("words=nobody", []),
        ("state=nonsense&words=nieminen", ["Tuula Nieminen"]),
        ("words=%25", []),
    ],
)
def test_filters_stay_in_the_address(cast: Cast, asked: str, found: list[str]) -> None:
    in_register(cast, "Veikko Vantaalainen", municipality="Vantaa", languages=["fi", "so"])
    in_register(cast, "Loppu Lasse", contract_until=TODAY + timedelta(days=90))
    in_register(cast, "Kestävä Kerttu", contract_until=TODAY + timedelta(days=93))
    in_register(cast, "Soita Sirpa", call_wished=True)
    page = cast.client("coordinator").get(f"/experts/?{asked}")
    names = [link.text.strip() for link in page.document.select("main .k-row h2 a")]
    assert names == found


def test_papers_missing_are_found(cast: Cast) -> None:
    in_register(cast, "Valmis Ville", inducted_on=TODAY, undertaking_on=TODAY)
    for look in ("not_inducted", "no_undertaking"):
        text = cast.client("coordinator").get(f"/experts/?look={look}").text
        assert "Valmis Ville" not in text
        assert "Matti Virtanen" in text
        assert "Tuula Nieminen" not in text, "who has not been approved needs no papers yet"


def test_a_long_register_comes_page_by_page_and_keeps_its_filters(cast: Cast) -> None:
    for number in range(52):
        in_register(cast, f"Sama Nimi {number // 2:02}", municipality="Espoo")
    client = cast.client("coordinator")
    first = client.get("/experts/?municipality=Espoo")
    queries = client.queries
    assert len(first.document.select("main .k-row")) == 50
    second = client.get(first.links["Show more"])
    assert client.queries <= queries + 1
    assert len(second.document.select("main .k-row")) == 2
    assert second.links["To the beginning"] == "/experts/?municipality=Espoo"
    assert "52 experts" in second.text


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator", strongly=True)
    client.get("/experts/")
    few = client.queries
    for number in range(20):
        in_register(cast, f"Uusi {number}", municipality=f"Kunta {number}", languages=["fi", "sv"])
    client.get("/experts/")
    assert client.queries == few


def test_nothing_of_another_organisation_shows(cast: Cast) -> None:
    """The same person in two organisations: an approval of its own in each."""
    there = in_register(cast, "Naapurin Nora", organisation_id=cast.other_organisation.id)
    with writing():
        person = cast.people["expert"].load()
        approve_expert(cast.actor("neighbour"), person, cast.other_organisation.id)
    own = expert_of(cast, "expert")
    tells(cast, own)
    page = cast.client("neighbour", strongly=True).get("/experts/")
    assert "Matti Virtanen" in page.text
    assert "2 experts" in page.text
    other = page.links["Matti Virtanen"]
    assert own.ref not in other
    text = cast.client("neighbour", strongly=True).get(other).text
    assert "What the experience is about" not in text
    assert "Coming meetings" not in text
    cast.client("neighbour").get(f"/experts/{own.ref}", 404)
    cast.client("coordinator").get(f"/experts/{there.ref}", 404)


def test_who_coordinates_nothing_sees_no_register(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    for name in ("expert", "host", "administrator", "visitor"):
        cast.client(name).get("/experts/", 404)
        cast.client(name).get(f"/experts/{own.ref}", 404)


def test_a_page_of_an_expert(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    page = cast.client("coordinator").get(f"/experts/{own.ref}")
    assert page.heading == "Matti Virtanen"
    assert "expert@kierto.test" in page.text
    assert "Coming meetings" in page.text
    assert "Meetings held" in page.text
    assert "The expert was added to the register." in page.text


def test_what_is_told_of_health_is_not_on_the_page(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    tells(cast, own)
    for strongly in (True, False):
        html = cast.client("coordinator", strongly=strongly).get(f"/experts/{own.ref}").html
        assert NEEDS not in html
        assert OWN_WORDS not in html
    assert readings(cast) == []


@pytest.mark.parametrize(
    ("what", "words", "read"),
    [
        ("needs", NEEDS, Read.NEEDS),
        ("own_words", OWN_WORDS, Read.OWN_WORDS),
        ("themes", "How people are met", Read.THEMES),
    ],
)
def test_a_press_shows_it_and_is_noted(cast: Cast, what: str, words: str, read: Read) -> None:
    """Rule secret-behind-strong-id, and needs-least-seen: every reading is recorded."""
    own = expert_of(cast, "expert")
    tells(cast, own)
    page = cast.client("coordinator", strongly=True).post(f"/experts/{own.ref}/show", 200, {"what": what})
    shown = page.document.select_one(f"#{what}")
    assert shown is not None
    card = shown.closest(".ds-card")
    assert card is not None
    assert words in card.text
    assert readings(cast) == [(cast.id("coordinator"), cast.id("expert"), read)]


def test_a_weak_session_is_shown_nothing(cast: Cast) -> None:
    """Rule secret-behind-strong-id."""
    own = expert_of(cast, "expert")
    tells(cast, own)
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}")
    assert "only when you have signed in strongly" in page.text
    client.post(f"/experts/{own.ref}/show", 302, {"what": "needs"})
    assert "only when you have signed in strongly" in client.get(f"/experts/{own.ref}").message
    assert readings(cast) == []


def test_an_organisation_may_relax_this_with_a_reason(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    tells(cast, own)
    relaxed(cast)
    page = cast.client("coordinator").post(f"/experts/{own.ref}/show", 200, {"what": "needs"})
    assert NEEDS in page.text
    assert len(readings(cast)) == 1


def test_a_press_for_nothing_shows_nothing(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    cast.client("coordinator", strongly=True).post(f"/experts/{own.ref}/show", 302, {"what": "everything"})
    cast.client("coordinator").get(f"/experts/{own.ref}/show", 302)
    assert readings(cast) == []


def test_finding_by_theme_is_a_press_and_noted_for_everyone_shown(cast: Cast) -> None:
    """Rule theme-consent: themes are shown to coordinators, in a strong session, and each reading is recorded."""
    for name in ("expert", "third_expert"):
        tells(cast, expert_of(cast, name), "encounter")
    tells(cast, expert_of(cast, "other_expert"), "access-to-care")
    client = cast.client("coordinator", strongly=True)
    page = client.get("/experts/").form("/experts/by-theme").submit(200, theme="encounter")
    names = [link.text.strip() for link in page.document.select("main .k-row h2 a")]
    assert names == ["Matti Virtanen", "Omar Hassan"]
    assert [(person, what) for _reader, person, what in readings(cast)] == [
        (cast.id("expert"), Read.THEMES),
        (cast.id("third_expert"), Read.THEMES),
    ]
    client.get("/experts/by-theme", 302)


def test_finding_by_theme_keeps_the_other_filters(cast: Cast) -> None:
    for name in ("expert", "third_expert"):
        tells(cast, expert_of(cast, name))
    client = cast.client("coordinator", strongly=True)
    page = client.get("/experts/?words=omar").form("/experts/by-theme?words=omar").submit(200, theme="encounter")
    assert [link.text.strip() for link in page.document.select("main .k-row h2 a")] == ["Omar Hassan"]


def test_by_theme_asks_for_one_and_goes_on_by_pressing(cast: Cast) -> None:
    for number in range(51):
        tells(cast, in_register(cast, f"Monia {number:02}"))
    client = cast.client("coordinator", strongly=True)
    client.post("/experts/by-theme", 422, {"theme": ""})
    page = client.post("/experts/by-theme", 200, {"theme": "encounter"})
    assert len(page.document.select("main .k-row")) == 50
    after = page.form("/experts/by-theme", button="Show more").submit(200)
    assert len(after.document.select("main .k-row")) == 1
    assert len(readings(cast)) == 51


def test_a_weak_session_is_offered_no_theme_and_told_why(cast: Cast) -> None:
    tells(cast, expert_of(cast, "expert"))
    client = cast.client("coordinator")
    page = client.get("/experts/")
    assert "You are signed in with a link or a code now." in page.text
    assert [form.action for form in page.forms if "by-theme" in form.action] == []
    client.post("/experts/by-theme", 302, {"theme": "encounter"})
    assert readings(cast) == []


def test_who_coordinates_two_organisations_reads_each_by_its_own_rule(cast: Cast) -> None:
    relaxed(cast)
    tells(cast, expert_of(cast, "expert"))
    there = in_register(cast, "Naapurin Nora", organisation_id=cast.other_organisation.id)
    tells(cast, there)
    with writing():
        person = cast.people["coordinator"].load()
        give_role(SYSTEM, person, cast.other_organisation.id, Role.COORDINATOR)
    client = cast.client("coordinator")
    page = client.post("/experts/by-theme", 200, {"theme": "encounter"})
    assert [link.text.strip() for link in page.document.select("main .k-row h2 a")] == ["Matti Virtanen"]
    client.post(f"/experts/{there.ref}/show", 302, {"what": "themes"})
    assert len(readings(cast)) == 1


def test_ones_own_reading_is_not_noted(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["expert"].load(), cast.organisation.id, Role.COORDINATOR)
    own = expert_of(cast, "expert")
    tells(cast, own)
    page = cast.client("expert", strongly=True).post(f"/experts/{own.ref}/show", 200, {"what": "needs"})
    assert NEEDS in page.text
    assert readings(cast) == []


def test_the_dates_are_set_and_cleared(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}/dates")
    page.form().submit(inducted_on="2027-01-08", contract_until="2027-02-28")
    page = client.get(f"/experts/{own.ref}")
    assert "The contract ends soon." in page.text
    assert "induction, undertaking or contract" in page.text
    client.get(f"/experts/{own.ref}/dates").form().submit(contract_until="")
    with writing():
        expert = own.load()
        assert (expert.inducted_on, expert.contract_until) == (date(2027, 1, 8), None)
    assert "The contract ends soon." not in client.get(f"/experts/{own.ref}").text


def test_a_contract_that_has_ended_says_so(cast: Cast) -> None:
    over = in_register(cast, "Päättynyt Pentti", contract_until=TODAY - timedelta(days=1))
    assert "The contract has ended." in cast.client("coordinator").get(f"/experts/{over.ref}").text


def test_a_day_that_is_none_is_said(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    page = cast.client("coordinator").post(f"/experts/{own.ref}/dates", 422, {"inducted_on": "eilen"})
    assert "inducted_on" in page.field_errors


def test_an_erased_person_is_in_no_register(app: Flask, cast: Cast) -> None:
    gone = applies(cast)
    with writing():
        session.get_one(Person, gone.load().person_id).erased_at = NOW
    client = cast.client("coordinator")
    assert "Aune Hakija" not in client.get("/experts/").text
    client.get(f"/experts/{gone.ref}", 404)


def test_an_empty_register_says_how_it_fills(cast: Cast) -> None:
    assert "Nobody is in the register yet" in cast.client("neighbour").get("/experts/").text


def test_the_organisations_own_word_is_used(cast: Cast) -> None:
    with writing():
        cast.organisation.load().expert_word = cast.organisation.load().expert_word.__class__("vertaistoimija")
    assert cast.client("coordinator").get("/experts/").heading == "Peer supporters"
