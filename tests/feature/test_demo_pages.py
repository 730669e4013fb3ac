"""The demo's pages: stepping into a role, and the mail that was sent."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from kierto.database import reading, session
from kierto.messages.sms import KEPT_AS
from kierto.sign_in.models import PersonSession, SessionBy
from kierto.words import LANGUAGES, Language
from tests.cast import Cast
from tests.client import Client, Page
from tests.databases import Database


@pytest.fixture
def demo(cast: Cast, database: Database) -> Client:
    """A visitor of the same database, served as a demo."""
    return cast.client(app=database.another_app(demo=True))


def groups(page: Page) -> dict[str, list[str]]:
    """Heading → the people under it."""
    found = {}
    for section in page.document.select("main section"):
        heading = section.select_one("h2")
        assert heading is not None
        found[heading.text.strip()] = [person.text.strip() for person in section.select("h3")]
    return found


def keep_mail(folder: Path, subject: str, text: str, language: str = "fi", *, sms: bool = False) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kierto@localhost", "paivi@kierto.test", subject
    mail["Content-Language"] = language
    if sms:
        mail[KEPT_AS] = "+358401234567"
    mail["Date"] = "Tue, 12 Jan 2027 08:00:00 +0000"
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p><script>alert(1)</script>", subtype="html")
    mailbox.Maildir(folder / "mail", create=True).add(mail)


@pytest.mark.parametrize("path", ["/demo", "/demo/mail", "/demo/mail/1.2.3"])
def test_where_it_is_no_demo_there_is_none(cast: Cast, path: str) -> None:
    cast.client().get(path, expect=404)
    cast.client("administrator").get(path, expect=404)


def test_where_it_is_no_demo_nobody_steps_into_anything(cast: Cast) -> None:
    cast.client().post(f"/demo/enter/{cast.people['expert'].ref}", expect=404)


def test_everyone_is_there_by_role(demo: Client) -> None:
    assert groups(demo.get("/demo")) == {
        "Coordinator": ["Aino Koskinen"],
        "Contact person of a unit": ["Päivi Lahtinen", "Mikko Saarinen"],
        "Worker in a unit": ["Leena Mäkelä", "Sari Heikkinen"],
        "Expert by experience": ["Matti Virtanen", "Birgitta Lindqvist", "Omar Hassan"],
        "Decision-maker": ["Pekka Järvinen"],
        "Administrator": ["Ylläpitäjä Yrjö"],
        "In another organisation": ["Riitta Korhonen"],
    }


def test_it_is_plain_that_nobody_is_real_and_what_to_try(cast: Cast, demo: Client) -> None:
    page = demo.get("/demo")
    assert "invented" in page.text
    assert page.links["Download the file of units (CSV)"].startswith("/static/demo/units-helsinki.csv")
    assert f"/meetings/{cast.held.ref}" in page.links.values(), "the meeting that has begun"


@pytest.mark.parametrize(
    "name", ["coordinator", "host", "staff", "expert", "decision_maker", "administrator", "neighbour"]
)
def test_one_press_and_one_is_that_person(cast: Cast, demo: Client, name: str) -> None:
    person = cast.people[name]
    entered = demo.get("/demo").form(action=f"/demo/enter/{person.ref}").submit(303)
    page = entered.follow()
    assert page.path == "/me"
    with reading():
        own = session.scalars(select(PersonSession).order_by(PersonSession.id.desc())).first()
        assert own is not None
        assert (own.person_id, own.by) == (person.id, SessionBy.DEMO)


def test_the_language_stays_the_visitors(cast: Cast, demo: Client) -> None:
    entered = demo.get("/demo").form(action=f"/demo/enter/{cast.people['other_expert'].ref}").submit(303)
    assert "kierto_language" not in "; ".join(entered.headers.getlist("Set-Cookie"))


def test_stepping_into_another_ends_the_first(cast: Cast, demo: Client) -> None:
    for name in ("expert", "host"):
        demo.get("/demo").form(action=f"/demo/enter/{cast.people[name].ref}").submit(303)
    assert "You are now Päivi Lahtinen" in demo.get("/demo").text
    with reading():
        ended = session.scalars(
            select(PersonSession.ended_at).where(PersonSession.by == SessionBy.DEMO).order_by(PersonSession.id)
        ).all()
    assert [one is not None for one in ended] == [True, False]


def test_nobody_unknown_can_be_stepped_into(demo: Client) -> None:
    demo.post("/demo/enter/0000000000", expect=404)


def test_it_takes_a_press_on_a_page_of_ours(cast: Cast, demo: Client) -> None:
    demo.post(f"/demo/enter/{cast.people['coordinator'].ref}", expect=400, csrf=False)


def test_without_mail_it_says_how_some_would_come(demo: Client) -> None:
    assert "No messages yet" in demo.get("/demo/mail").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_can_be_read_as_plain_text(database: Database, demo: Client, language: Language) -> None:
    keep_mail(database.settings.instance, "Kokous on varattu", "Hei,\n\nkatso http://localhost/meetings/abc", "fi")
    keep_mail(database.settings.instance, "Mötet är bokat <b>", "Hej", "sv")
    demo.language = language
    page = demo.get("/demo/mail")
    assert [words for words in page.links if words in ("Kokous on varattu", "Mötet är bokat <b>")] == [
        "Mötet är bokat <b>",
        "Kokous on varattu",
    ]
    mail = page.click("Kokous on varattu")
    assert mail.heading == "Kokous on varattu"
    assert "paivi@kierto.test" in mail.text
    assert "http://localhost/meetings/abc" in mail.links
    assert "alert" not in mail.html


def test_the_box_tells_mail_from_text_messages(database: Database, demo: Client) -> None:
    keep_mail(database.settings.instance, "Kokous on varattu", "Hei")
    keep_mail(database.settings.instance, "Koodisi on 123 456", "Hei", sms=True)
    page = demo.get("/demo/mail")
    assert page.heading == "Messages that were sent"
    kinds = {row.select("a")[0].text: row.select(".ds-tag")[0].text for row in page.document.select(".k-row")}
    assert kinds == {"Kokous on varattu": "E-mail message", "Koodisi on 123 456": "Text message"}
    for subject, kind in kinds.items():
        assert page.click(subject).document.select("main .ds-tag")[0].text == kind


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fsecret-key", "..", "*"])
def test_no_other_file_is_read(database: Database, demo: Client, key: str) -> None:
    keep_mail(database.settings.instance, "Kokous on varattu", "Hei")
    demo.get(f"/demo/mail/{key}", expect=404)


def test_where_a_server_takes_mail_there_is_nothing_to_show(cast: Cast, database: Database) -> None:
    demo = cast.client(app=database.another_app(demo=True, mail_url="smtp://localhost"))
    assert "No messages yet" in demo.get("/demo/mail").text
