"""Applying to be an expert: question by question, saved as one goes, sent once."""

import pytest

from kierto.experts.answers import Answers
from kierto.experts.rules import CONSENT_FIRST
from kierto.words import LANGUAGES
from tests.cast import Cast
from tests.scenes_applying import NEEDS, begun, consented, filled_in, stored, waiting

HEALTH_PAGES = ("themes", "needs")
PAGES = ("name", "reach", "themes", "where", "times", "needs", "more")


# ---- beginning, consent ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(cast: Cast, language: str) -> None:
    client = cast.client(language=language)  # type: ignore[arg-type] # each of LANGUAGES is a Language
    client.get("/apply")
    begun(cast, client)
    client.get("/apply/consent").form("/apply/consent").submit(303)
    for step in PAGES:
        page = client.get(f"/apply/{step}")
        assert len(page.document.select(".k-far")) == 1
    client.get("/apply/later")
    client.get("/apply/go-on")


def test_opening_pages_stores_nothing(cast: Cast) -> None:
    client = cast.client()
    for address in ("/apply", "/apply/go-on"):
        client.get(address)
    for step in ("consent", *PAGES, "check", "later", "done", "on"):
        assert client.get(f"/apply/{step}", 303).location == "/apply"
    assert waiting() is None


def test_one_organisation_is_not_asked_for(cast: Cast) -> None:
    """Whoever has nobody to read applications is not offered."""
    page = cast.client().get("/apply")
    assert set(page.form().choices("organisation_ref").values()) == {
        "Rannikon hyvinvointialue",
        "Metsien hyvinvointialue",
    }
    assert page.form().submit(422).field_errors == {"organisation_ref": "Choose one of them."}


def test_nothing_about_health_is_asked_or_stored_before_consent(cast: Cast) -> None:
    """Rule consent-first."""
    client = cast.client()
    begun(cast, client)
    for step in (*PAGES, "check"):
        assert client.get(f"/apply/{step}", 303).location == "/apply/consent"
    assert client.post("/apply/needs", 303, {"needs": NEEDS}).location == "/apply/consent"
    assert client.post("/apply/themes", 303, {"themes": "encounter"}).location == "/apply/consent"
    assert client.post("/apply/check", 303).location == "/apply/consent"
    assert stored() == Answers()
    assert CONSENT_FIRST.id == "consent-first"


def test_who_does_not_agree_leaves_nothing_behind(cast: Cast) -> None:
    client = cast.client()
    begun(cast, client)
    page = client.get("/apply/consent").form("/apply/delete").submit(303).follow()
    assert page.message == "Your application was deleted. Nothing of it is left."
    assert waiting() is None


# ---- the questions ----


def test_the_way_from_page_to_page(cast: Cast) -> None:
    client = cast.client()
    page = begun(cast, client)
    seen = [page.path]
    while page.path != "/apply/check":
        changed = {"name": "Sirpa", "phone": "040 123 4567"}
        form = page.form(page.path)
        button = {"later": "1"} if page.path in ("/apply/themes", "/apply/needs") else {}
        page = client.post(
            page.path, 303, dict(form.values) | {k: v for k, v in changed.items() if k in form.fields} | button
        )
        page = page.follow()
        seen.append(page.path)
        assert f"Page {len(seen)} of 9" in page.text
        assert page.links["Back"] == seen[-2]
    assert seen == [f"/apply/{step}" for step in ("consent", *PAGES, "check")]


def test_mistakes_are_said_and_what_was_typed_stays(cast: Cast) -> None:
    client = consented(cast)
    page = client.get("/apply/name").form().submit(422, name="  ")
    assert page.field_errors == {"name": "Write the name that you want to be called by."}
    page = client.get("/apply/reach").form().submit(422, phone="12", email="")
    assert "This is not a whole phone number" in page.field_errors["phone"]
    assert page.form().values["phone"] == ["12"]
    page = client.get("/apply/reach").form().submit(422, email="maija")
    assert "This e-mail address is not whole" in page.field_errors["email"]
    page = client.get("/apply/reach").form().submit(422)
    assert "Have you neither?" in page.field_errors["email"]
    page = client.get("/apply/reach").form().submit(422, email="maija@example.fi", call_wished="y")
    assert page.field_errors == {"phone": "Give the number that we call."}
    page = client.get("/apply/themes").form().submit(422)
    assert "I tell it later" in page.field_errors["themes"]
    page = client.get("/apply/where").form().submit(422, languages=[])
    assert page.field_errors == {"languages": "Choose one language at least."}
    page = client.get("/apply/more").form().submit(422, own_words="x" * 1001)
    assert "too long" in page.field_errors["own_words"]


@pytest.mark.parametrize(
    ("reached", "as_stored"),
    [
        ({"email": " Maija+Kierto@Example.FI "}, ("maija+kierto@example.fi", "", False, False)),
        ({"email": "maija@päijänne.fi"}, ("maija@päijänne.fi", "", False, False)),
        ({"phone": "040-123 4567"}, ("", "+358401234567", False, False)),
        ({"phone": "040 123 4567", "call_wished": "y"}, ("", "+358401234567", True, False)),
        ({"unreachable": "y"}, ("", "", False, True)),
        ({"phone": "040 123 4567", "unreachable": "y"}, ("", "+358401234567", False, False)),
    ],
)
def test_ways_to_be_reached(cast: Cast, reached: dict[str, str], as_stored: tuple[object, ...]) -> None:
    client = consented(cast)
    client.get("/apply/reach").form().submit(303, **reached)
    answers = stored()
    assert (answers.email, answers.phone, answers.call_wished, answers.unreachable) == as_stored


def test_municipalities_are_those_of_the_units(cast: Cast) -> None:
    form = consented(cast).get("/apply/where").form()
    assert set(form.choices("municipalities")) == {"Helsinki", "Vantaa"}
    assert form.values["languages"] == ["en"]


def test_an_answer_is_changed_from_the_summary_and_leads_back_to_it(cast: Cast) -> None:
    client = filled_in(cast)
    page = client.get("/apply/check").click("Change: Name")
    page = page.form().submit(303, name="Sirkka").follow()
    assert page.path == "/apply/check"
    assert "Sirkka" in page.text


def test_what_is_still_missing_is_asked_before_sending(cast: Cast) -> None:
    """Rule application-whole."""
    client = consented(cast)
    page = client.get("/apply/check", 303).follow()
    assert (page.path, page.message) == ("/apply/name", "This is still missing. Answer it first.")
    client.get("/apply/name").form().submit(303, name="Sirpa")
    assert client.post("/apply/check", 303).location == "/apply/reach"


def test_coming_back_goes_on_where_one_stopped(cast: Cast) -> None:
    client = consented(cast)
    client.get("/apply/name").form().submit(303, name="Sirpa")
    page = client.get("/apply")
    assert "You have begun an application" in page.text
    assert page.click("Go on with the application", 302).follow().path == "/apply/reach"
