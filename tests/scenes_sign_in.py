"""Scenes of signing in: a message asked for on a page, delivered, read, and what is in it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from kierto.database import reading, session, writing
from kierto.events.models import QueuedEvent
from kierto.messages import actions
from kierto.messages.models import Message
from kierto.messages.queries import KeptMail, kept_mails
from kierto.people.models import Person
from kierto.sign_in.actions import Device, start_session
from kierto.sign_in.models import SessionBy, SignInRequest
from kierto.sign_in.tokens import code
from kierto.worker.delivery import Delivery
from tests.cast import EARLIER, Cast
from tests.client import Client, Page

LEASE = timedelta(minutes=5)
HERE = Device("192.0.2.1", "tests")
NEW = "uusi@kierto.test"
PHONE = "+358480000001"
"""Nobody's: no operator gives numbers of this row to people."""


def quiet() -> None:
    """Nobody waits for a message of what the cast has done."""
    with writing():
        for row in session.scalars(select(QueuedEvent)):
            session.delete(row)


def delivered(app: Flask) -> list[KeptMail]:
    """What the worker sends now, the newest first, what was sent before included."""
    session.remove()
    with writing():
        actions.fan_out(100)
    Delivery(app.config["KIERTO"], LEASE).run(lambda: True)
    return kept_mails(app.config["KIERTO"])


def delivered_to(app: Flask, address: str) -> list[KeptMail]:
    """The messages to one address."""
    return [mail for mail in delivered(app) if mail.to == address]


def asked(client: Client, address: str) -> Page:
    """Ask for a message on the page; returns the page where the code is typed."""
    return client.get("/sign-in").form(action="/sign-in").submit(303, address=address).follow()


def code_in(mail: KeptMail) -> str:
    found = re.search(r"\b\d{6}\b", mail.text)
    assert found, mail.text
    return found[0]


def link_in(mail: KeptMail) -> str:
    """The path of the message's link."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def with_phone(cast: Cast, name: str, *, proved: bool = True, email: bool = False) -> int:
    """Let the person have a phone, and no e-mail address unless asked; returns their id.

    Not proved: it was given more than a year ago, and has never been seen to reach them.
    """
    with writing():
        person = session.get_one(Person, cast.id(name))
        person.phone = PHONE
        if not email:
            person.email = None
        person.phone_proved_at = EARLIER if proved else None
        person.created_at = EARLIER if proved else EARLIER - timedelta(days=366)
    return cast.id(name)


@contextmanager
def without_sms(cast: Cast) -> Iterator[None]:
    """The installation sends no text messages meanwhile."""
    settings = cast.app.config["KIERTO"]
    cast.app.config["KIERTO"] = replace(settings, mail_url="smtp://127.0.0.1:1")
    try:
        yield
    finally:
        cast.app.config["KIERTO"] = settings


def signed_in_now(cast: Cast, name: str) -> Client:
    """A browser with a session of this moment, however long ago those of the cast have ended."""
    with writing():
        token = start_session(cast.id(name), SessionBy.LINK, "tests")
    return Client(cast.app, token, "en")


def who(client: Client) -> str:
    """Who the pages say is signed in; empty when nobody is."""
    page = client.get("/")
    found = page.document.select_one(".k-who")
    return " ".join(found.text.split()).removeprefix("Signed in as ") if found is not None else ""


def requests() -> Sequence[SignInRequest]:
    session.remove()
    with reading():
        found = session.scalars(select(SignInRequest).order_by(SignInRequest.id)).all()
        session.expunge_all()
    return found


def messages() -> Sequence[Message]:
    session.remove()
    with reading():
        found = session.scalars(select(Message).order_by(Message.id)).all()
        session.expunge_all()
    return found


def key(cast: Cast) -> str:
    """The installation's secret."""
    return str(cast.app.config["KIERTO"].secret_key)


def wrong_for(cast: Cast, request: SignInRequest) -> str:
    """A code that is not the request's."""
    return "000001" if code(request, key(cast)) == "000000" else "000000"


def address(cast: Cast, name: str = "expert") -> tuple[str | None, str | None]:
    """The person's e-mail address and phone number as they are now."""
    session.remove()
    with reading():
        person = session.get_one(Person, cast.id(name))
        return person.email, person.phone


def begun(client: Client, channel: str = "email", to: str = NEW) -> None:
    """Begin to change one's address on its page."""
    page = client.get(f"/me/contact/{channel}").form(action=f"/me/contact/{channel}").submit(303, address=to)
    assert page.location == f"/me/contact/{channel}/code"


def typed(cast: Cast, client: Client, channel: str = "email", to: str = NEW) -> str:
    """Type the newest code that went to the new address; returns what the page says then."""
    code = code_in(delivered_to(cast.app, to)[0])
    form = client.get(f"/me/contact/{channel}/code").form(action=f"/me/contact/{channel}/code")
    return form.submit(303, code=code).follow().message
