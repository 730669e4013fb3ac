"""The privacy notice, the accessibility statement, and the feedback on accessibility."""

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session
from kierto.events.models import Event
from kierto.messages.models import Message
from kierto.messages.queries import kept_mails
from kierto.statements.actions import answer_feedback
from kierto.statements.models import AccessibilityFeedback, Statement
from kierto.statements.queries import feedback_to_answer
from kierto.statements.rules import answer_due
from kierto.words import LANGUAGES, Language
from tests.cast import NOW, Cast
from tests.scenes_own_data import obstacle_told
from tests.together import at_once
from tests.worker_day import messages_sent

OBSTACLE = {"text": "En löydä ilmoittautumista.", "where": "/meetings/"}


def told(cast: Cast, **changed: str) -> AccessibilityFeedback:
    """A visitor sends the form."""
    page = cast.client().get("/accessibility?page=/meetings/")
    page.form("/accessibility").submit(expect=303, **(OBSTACLE | changed)).follow()
    with reading():
        found = session.scalars(select(AccessibilityFeedback).order_by(AccessibilityFeedback.id.desc()).limit(1)).one()
        session.expunge(found)
    return found


@pytest.mark.parametrize("path", ["/privacy", "/accessibility"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_anyone_reads_the_statements_in_every_language(cast: Cast, path: str, language: Language) -> None:
    page = cast.client(language=language).get(path)
    words = {
        "/privacy": ("tietosuoja@om.fi", "kierto_language"),
        "/accessibility": ("saavutettavuus@traficom.fi", "306/2019"),
    }
    for word in words[path]:
        assert word in page.text


def test_every_page_leads_to_them(cast: Cast) -> None:
    page = cast.client().get("/meetings/")
    assert {"/privacy", "/accessibility", "/accessibility?page=/meetings/#feedback"} <= set(page.all_links)


def test_an_address_with_a_token_is_not_told_onwards(cast: Cast) -> None:
    page = cast.client().get("/sign-in/a-secret-token", expect=410)
    assert "a-secret-token" not in "".join(link for link in page.all_links if link.startswith("/accessibility"))


def test_one_chooses_whose_notice_to_read(cast: Cast) -> None:
    page = cast.client().get("/privacy")
    assert "Rannikon hyvinvointialue" in page.links
    chosen = page.click("Metsien hyvinvointialue")
    assert "Metsien hyvinvointialue" in chosen.text
    cast.client().get("/privacy?organisation=0000000000", expect=404)


def test_an_organisation_adds_its_own_words(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get(f"/privacy?organisation={cast.organisation.ref}").click("Write what the organisation adds")
    after = (
        page.form()
        .submit(expect=303, fi="Tietosuojavastaava vastaa.\n\nPalvelin on <b>Helsingissä</b>.", sv="", en="")
        .follow()
    )
    assert "Palvelin on <b>Helsingissä</b>." in after.text
    assert after.document.select_one("[lang=fi]") is not None, "a visitor who reads English hears it as Finnish"
    assert "Tietosuojavastaava" not in cast.client().get(f"/privacy?organisation={cast.other_organisation.ref}").text
    with reading():
        assert len(session.scalars(select(Statement)).all()) == 1
        assert session.scalars(select(Event.data).where(Event.kind == "statement.changed")).all() == [
            {"language": "fi"}
        ]
    page.form().submit(expect=303, fi="", sv="", en="")
    assert "Tietosuojavastaava" not in cast.client().get(f"/privacy?organisation={cast.organisation.ref}").text


def test_an_obstacle_lands_on_the_desk_of_whose_page_it_was(cast: Cast) -> None:
    """accessibility-answer: due in 14 days."""
    feedback = told(cast, organisation=cast.organisation.ref)
    assert feedback.organisation_id == cast.organisation.id
    assert feedback.due_on == answer_due(clock.today())
    assert (feedback.due_on - clock.today()).days == 14
    assert feedback.page == "/meetings/"
    with reading():
        assert [one.id for one in feedback_to_answer(cast.actor("coordinator"))] == [feedback.id]
        for name in ("neighbour", "administrator", "host", "expert"):
            assert feedback_to_answer(cast.actor(name)) == []


def test_an_obstacle_of_nobodys_page_is_the_administrators(cast: Cast) -> None:
    feedback = told(cast)
    assert feedback.organisation_id == 0
    with reading():
        assert [one.id for one in feedback_to_answer(cast.actor("administrator"))] == [feedback.id]
        assert feedback_to_answer(cast.actor("coordinator")) == []


def test_who_left_an_address_gets_a_receipt_and_the_answer(app: Flask, cast: Cast) -> None:
    feedback = told(cast, reply_to="Kalle@Kierto.test ", organisation=cast.organisation.ref)
    assert feedback.reply_to == "kalle@kierto.test"
    messages_sent(app)
    (receipt,) = (mail for mail in kept_mails(app.config["KIERTO"]) if mail.to == "kalle@kierto.test")
    assert OBSTACLE["text"] not in receipt.text + receipt.html, "what a stranger wrote goes to nobody's mailbox"
    page = cast.client("coordinator").get(f"/feedback/{feedback.ref}")
    after = page.form().submit(expect=303, answer="Lisäsimme linkin.\nKiitos!").follow()
    assert "The answer is on its way by mail." in after.message
    assert "Lisäsimme linkin." in after.text
    messages_sent(app)
    answer = next(mail for mail in kept_mails(app.config["KIERTO"]) if "Lisäsimme" in mail.text)
    assert answer.to == "kalle@kierto.test"
    assert answer.language == "en"
    with reading():
        assert feedback_to_answer(cast.actor("coordinator")) == []


def test_who_left_a_number_is_called(app: Flask, cast: Cast) -> None:
    feedback = told(cast, reply_to="040 123 4567", organisation=cast.organisation.ref)
    assert feedback.reply_to == "+358401234567"
    messages_sent(app)
    page = cast.client("coordinator").get(f"/feedback/{feedback.ref}")
    assert "call them" in page.text
    assert "Call the person" in page.form().submit(expect=303, answer="Soitettu.").follow().message
    with reading():
        assert session.scalars(select(Message).where(Message.kind == "feedback.sent")).all() == []


def test_who_left_nothing_is_told_so(app: Flask, cast: Cast) -> None:
    page = cast.client().get("/accessibility")
    after = page.form("/accessibility").submit(expect=303, **OBSTACLE).follow()
    assert "You left no address" in after.message
    messages_sent(app)
    with reading():
        assert session.scalars(select(Message).where(Message.kind == "feedback.sent")).all() == []


def test_what_is_lacking_is_said_beside_it_and_what_was_typed_is_kept(cast: Cast) -> None:
    page = cast.client().get("/accessibility")
    again = page.form("/accessibility").submit(expect=422, text="", where="Etusivu", reply_to="kalle@")
    assert set(again.field_errors) == {"text", "reply_to"}
    assert again.form("/accessibility").values["where"] == ["Etusivu"]


def test_one_network_sends_ten_an_hour(cast: Cast) -> None:
    """Counted in the database; nobody is asked to prove that they are human."""
    client = cast.client()
    for _number in range(10):
        client.post("/accessibility", expect=303, data=OBSTACLE)
    assert "too many" in client.post("/accessibility", expect=429, data=OBSTACLE).text
    with clock.at(clock.now() + (answer_due(clock.today()) - clock.today()) / 100):
        client.post("/accessibility", expect=303, data=OBSTACLE)


def test_a_strangers_mailbox_is_not_filled(cast: Cast) -> None:
    client = cast.client()
    for _number in range(3):
        client.post("/accessibility", expect=303, data=OBSTACLE | {"reply_to": "kalle@kierto.test"})
    client.post("/accessibility", expect=429, data=OBSTACLE | {"reply_to": "KALLE@kierto.test"})
    client.post("/accessibility", expect=303, data=OBSTACLE | {"reply_to": "ville@kierto.test"})


def test_it_is_answered_once(app: Flask, cast: Cast) -> None:
    """accessibility-answer."""
    feedback = obstacle_told(cast, cast.organisation.id)
    actor = cast.actor("coordinator")
    results = at_once(app, [lambda: answer_feedback(actor, feedback.load(), "Korjattu.")] * 2)
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "Refused"]
    page = cast.client("coordinator").post(f"/feedback/{feedback.ref}", expect=422, data={"answer": "Taas."})
    assert "answered already" in page.text
    with reading():
        assert len(session.scalars(select(Event).where(Event.kind == "feedback.answered")).all()) == 1


def test_a_late_answer_is_called_late(cast: Cast) -> None:
    feedback = obstacle_told(cast, cast.organisation.id)
    with clock.at(NOW + (answer_due(clock.today()) - clock.today()) * 1.2):
        assert "(late)" in cast.client("coordinator").get("/feedback/").text
        assert "The answer is late." in cast.client("coordinator").get(f"/feedback/{feedback.ref}").text


def test_the_list_costs_no_more_queries_with_more_in_it(cast: Cast) -> None:
    client = cast.client("coordinator")
    obstacle_told(cast, cast.organisation.id)
    client.get("/feedback/")
    few = client.queries
    for _number in range(3):
        obstacle_told(cast, cast.organisation.id)
    client.get("/feedback/")
    assert client.queries == few
