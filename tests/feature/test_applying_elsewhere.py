"""Applying where somebody reads it, deleting what was begun, and the organisation's own word on the way."""

import pytest
from sqlalchemy import select

from kierto.actor import VISITOR, Role
from kierto.database import session, writing
from kierto.errors import Refused
from kierto.experts.answers import Answers
from kierto.experts.applying import begin, begin_elsewhere, send
from kierto.experts.models import Application
from kierto.experts.rules import APPLICATION_READ
from kierto.people.models import Member
from kierto.units.actions import add_organisation
from kierto.units.models import ExpertWord, Organisation
from kierto.words import Localised
from tests.cast import Cast
from tests.client import Client
from tests.scenes_applying import NEEDS, applied, begun, filled_in, newest, stored, waiting

NOBODY_READS = "Nobody reads applications there right now."


def left_by_its_coordinators(cast: Cast) -> None:
    """As it may be after a disaster: Kierto itself keeps the last one (organisation-keeps-coordinator)."""
    with writing():
        for member in session.scalars(
            select(Member).where(
                Member.organisation_id == cast.organisation.id,
                Member.role == Role.COORDINATOR,
            )
        ):
            session.delete(member)


def called(cast: Cast, word: ExpertWord) -> None:
    with writing():
        session.get_one(Organisation, cast.organisation.id).expert_word = word


# ---- where somebody reads it (application-read) ----


def test_where_nobody_reads_applications_none_is_begun(cast: Cast) -> None:
    with writing():
        id_ = add_organisation(Localised("Saarten hyvinvointialue")).id
    assert "Saarten" not in cast.client().get("/apply").text
    with pytest.raises(Refused) as refused, writing():
        begin(VISITOR, id_, "fi")
    assert refused.value.rule is APPLICATION_READ


def stranded(cast: Cast) -> Client:
    client = filled_in(cast)
    left_by_its_coordinators(cast)
    return client


def test_who_began_where_nobody_reads_any_more_is_told_and_applies_elsewhere(cast: Cast) -> None:
    """Consents are given to one organisation: what was asked with one is asked anew."""
    client = stranded(cast)
    for step in ("on", "name", "consent", "check"):
        assert client.get(f"/apply/{step}", 303).location == "/apply"
    page = client.get("/apply")
    assert NOBODY_READS in page.text
    assert "Metsien hyvinvointialue" in page.text
    page = page.form().submit(303).follow()
    assert (page.path, "Metsien hyvinvointialue" in page.text) == ("/apply/consent", True)
    answers = stored()
    assert (answers.name, answers.days, answers.languages) == ("Sirpa Salo", (2, 4), ("fi", "en"))
    asked_anew = ("consent", "themes", "themes_consent", "municipalities", "needs", "needs_consent", "own_words")
    assert [getattr(answers, name) for name in asked_anew] == [getattr(Answers, name) for name in asked_anew]
    page.form("/apply/consent").submit(303)
    assert applied(client).heading == "Your application has been sent"


def test_the_application_that_was_left_is_deleted(cast: Cast) -> None:
    client = stranded(cast)
    before = newest()
    client.get("/apply").form().submit(303)
    with writing():
        assert before is not None
        assert session.get(Application, before.id) is None


def test_nothing_is_sent_where_nobody_reads_it(cast: Cast) -> None:
    stranded(cast)
    draft = newest()
    assert draft is not None
    with pytest.raises(Refused) as refused, writing():
        send(VISITOR, draft)
    assert refused.value.rule is APPLICATION_READ
    with pytest.raises(Refused) as refused, writing():
        begin_elsewhere(VISITOR, draft, cast.organisation.id)
    assert refused.value.rule is APPLICATION_READ


def test_where_nobody_reads_anything_the_answers_wait(cast: Cast) -> None:
    client = filled_in(cast)
    with writing():
        for member in session.scalars(select(Member).where(Member.role == Role.COORDINATOR)):
            session.delete(member)
    page = client.get("/apply")
    assert NOBODY_READS in page.text
    assert "Your answers wait here until" in page.text
    assert page.links["Delete the application"] == "/apply/delete"


# ---- deleting ----


def test_deleting_is_asked_first_and_says_what_is_lost(cast: Cast) -> None:
    client = filled_in(cast)
    page = client.get("/apply/later").click("Delete the application")
    assert page.heading == "Do you want to delete the application?"
    lost = [item.text for item in page.document.select("main li")]
    assert lost == [
        "Name",
        "How we reach you",
        "Your experience",
        "Where you can come",
        "Languages",
        "When you can come",
        "What we arrange",
        "More about you",
    ]
    assert NEEDS not in page.text
    assert waiting() is not None
    assert page.click("No, keep it").path == "/apply/later"
    page = page.form("/apply/delete").submit(303).follow()
    assert page.message == "Your application was deleted. Nothing of it is left."
    assert waiting() is None


def test_who_takes_the_consent_back_is_asked_first(cast: Cast) -> None:
    """At first nothing is lost; afterwards it is."""
    client = cast.client()
    assert begun(cast, client).form("/apply/delete").buttons == ["I do not agree"]
    page = filled_in(cast).get("/apply/consent")
    assert page.links["I do not agree"] == "/apply/delete"
    assert waiting() is not None


def test_a_device_forgets_only_what_a_code_opens_again(cast: Cast) -> None:
    """Who is signed in gets no code: their application is found again when they sign in on this device."""
    assert "Forget it on this device" in filled_in(cast).get("/apply/later").text
    client = cast.client("outsider")
    begun(cast, client)
    assert "Forget it on this device" not in client.get("/apply/later").text


# ---- the organisation's own word ----


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Hae kokemustoimijaksi"), ("en", "Apply to be an experience partner")]
)
def test_the_organisations_own_word_is_said_once_it_is_known(cast: Cast, language: str, title: str) -> None:
    called(cast, ExpertWord.KOKEMUSTOIMIJA)
    client = cast.client(language=language)  # type: ignore[arg-type] # one of LANGUAGES
    assert client.get("/apply").heading != title
    begun(cast, client)
    assert client.get("/apply").heading == title
