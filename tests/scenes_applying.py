"""Scenes of applying: an application begun, consented to, filled in, sent."""

from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from kierto.actor import SYSTEM, VISITOR
from kierto.database import reading, session, writing
from kierto.events.models import QueuedEvent
from kierto.experts.answers import Answers, Step
from kierto.experts.applying import answer, begin, consent, send
from kierto.experts.codes import claim_token, going_on_code
from kierto.experts.consents import give_consent
from kierto.experts.models import Application, ConsentTo
from kierto.messages import actions
from kierto.messages.models import Message
from kierto.messages.rendering import rendered
from kierto.people.models import Expert
from kierto.settings import Settings
from kierto.sign_in.tokens import hashed
from tests.cast import Cast
from tests.client import Client, Page

NEEDS = "Hissi ja tauko tunnin välein"
PERSON = {"name": "Sirpa Salo", "email": "sirpa@example.fi", "phone": "040 123 4567"}


def begun(cast: Cast, client: Client) -> Page:
    """The page of the consent, after beginning."""
    form = client.get("/apply").form()
    chosen = {"organisation_ref": cast.organisation.ref} if "organisation_ref" in form.fields else {}
    return form.submit(303, **chosen).follow()


def consented(cast: Cast, client: Client | None = None) -> Client:
    """A device whose person has begun and consented."""
    client = client or cast.client()
    begun(cast, client).form("/apply/consent").submit(303)
    return client


def filled_in(cast: Cast, **changed: str) -> Client:
    """A device with every question answered."""
    client = consented(cast)
    told = PERSON | changed
    client.get("/apply/name").form().submit(303, name=told["name"])
    client.get("/apply/reach").form().submit(303, email=told["email"], phone=told["phone"])
    client.get("/apply/themes").form().submit(303, themes=["encounter"])
    client.get("/apply/where").form().submit(303, municipalities=["Helsinki"], languages=["fi", "en"])
    client.get("/apply/times").form().submit(
        303,
        days=["2", "4"],
        parts=["afternoon", "evening"],
        earliest_start="10:00",
        longest_minutes="120",
        most_meetings="2",
    )
    client.get("/apply/needs").form().submit(303, needs=NEEDS)
    client.get("/apply/more").form().submit(
        303, training="Kurssi 2024", home_base="Mielenterveysyhdistys", own_words="Soitan mielelläni."
    )
    return client


def applied(client: Client) -> Page:
    """The page that tells what happens next, after sending."""
    return client.get("/apply/check").form("/apply/check").submit(303).follow()


def application_refs(cast: Cast) -> dict[str, str]:
    """For the table of permissions: codes of an application to go on with and of one to claim, a consent that holds."""
    key = str(cast.app.config["KIERTO"].secret_key)
    with writing():
        token = begin(VISITOR, cast.organisation.id, "fi")
        draft = session.scalars(select(Application).where(Application.token_hash == hashed(token))).one()
        going_on = going_on_code(draft, key)
        token = begin(VISITOR, cast.organisation.id, "fi")
        sent = session.scalars(select(Application).where(Application.token_hash == hashed(token))).one()
        consent(sent)
        answer(sent, Step.NAME, name="Sirpa Salo")
        answer(sent, Step.REACH, email=cast.email("outsider"))
        send(VISITOR, sent)
        claiming = claim_token(sent, key)
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        give_consent(SYSTEM, expert, ConsentTo.THEMES)
    return {"going_on": going_on, "claiming": claiming, "consent": ConsentTo.THEMES.value, "number": "1"}


def newest() -> Application | None:
    """The application that was begun last."""
    session.remove()
    with reading():
        found = session.scalar(select(Application).order_by(Application.id.desc()).limit(1))
        session.expunge_all()
    return found


def waiting() -> Application | None:
    """The application that was begun last and has not been sent."""
    found = newest()
    return found if found is not None and found.sent_at is None else None


def stored() -> Answers:
    """What the newest application holds."""
    application = newest()
    assert application is not None
    return Answers.of(application.answers)


def nothing_queued(app: Flask) -> Settings:
    """The settings; nothing of what the cast has done is still to be told."""
    found: Settings = app.config["KIERTO"]
    with writing():
        for row in session.scalars(select(QueuedEvent)):
            session.delete(row)
    return found


def letters(settings: Settings, kind: str) -> list[EmailMessage]:
    """Every letter of the kind, as it would leave now."""
    session.remove()
    with writing():
        actions.fan_out(100)
    with reading():
        ids = session.scalars(select(Message.id).where(Message.kind == kind).order_by(Message.id)).all()
        found = [rendered(id_, settings) for id_ in ids]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    """What the mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, settings: Settings, path: str) -> str:
    """The link of the mail to the path, without the host."""
    words = next(word for word in text_of(mail).split() if path in word)
    return words.removeprefix(settings.base_url)


def latest_expert() -> Expert:
    """The expert that was made last."""
    session.remove()
    with reading():
        found = session.scalars(select(Expert).order_by(Expert.id.desc()).limit(1)).one()
        session.expunge_all()
    return found
