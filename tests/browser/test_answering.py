"""From an invitation's message to an answer in one press: by keyboard, without JavaScript, on a small telephone."""

from contextlib import closing

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.app import create_app
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import ExpertsInvited
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.actions import add_person, approve_expert
from kierto.people.models import Person
from kierto.seats.inviting import invited_seat
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.settings import Settings
from tests.browser.conftest import OpenContext
from tests.browser.test_accessibility import judged
from tests.browser.walker import Walker
from tests.running import Site

PHONE = ViewportSize(width=360, height=740)
ADDRESS = "veikko.vastaaja@kierto.example"
MOST_STOPS = 40


def invited(site: Site) -> None:
    """An expert is invited to a meeting to come; the site's own worker writes to them."""
    app = create_app(Settings.from_environ({"KIERTO_INSTANCE": str(site.folder)}))
    with app.app_context(), writing():
        meeting = session.scalars(
            select(Meeting)
            .where(Meeting.state == MeetingState.CONFIRMED, Meeting.starts_at > clock.now())
            .order_by(Meeting.starts_at.desc())
            .limit(1)
        ).one()
        person = add_person("Veikko Vastaaja", email=ADDRESS, language="fi")
        approve_expert(SYSTEM, person, meeting.organisation_id)
        session.flush()
        session.add(invited_seat(meeting, person.id, SeatRole.EXPERT))
        record(SYSTEM, meeting, ExpertsInvited(count=1))


def seat(site: Site) -> tuple[SeatState, Answered | None]:
    app = create_app(Settings.from_environ({"KIERTO_INSTANCE": str(site.folder)}))
    with app.app_context(), reading(), closing(session):
        own = session.scalars(
            select(Seat).join(Person, Person.id == Seat.person_id).where(Person.email == ADDRESS)
        ).one()
        return own.state, own.answered


def tab_to(page: Page, wanted: str) -> None:
    """Without JavaScript on the page, only what stands there can be asked."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


def test_an_invitation_is_answered_with_one_press(own_site: Site, open_context: OpenContext) -> None:
    invited(own_site)
    mailbox = Walker(
        open_context(locale="fi-FI", viewport=PHONE, java_script_enabled=False), own_site, "fi", script=False
    )
    mailbox.open("/demo/mail")
    letter = mailbox.row(ADDRESS).get_by_role("link").first
    mailbox.comes(letter)
    letter.click()
    address = str(mailbox.main.locator('a[href*="/answer/"]').first.get_attribute("href"))

    reader = open_context(locale="fi-FI", viewport=PHONE, java_script_enabled=False).new_page()
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Pääsetkö kokoukseen?")
    assert seat(own_site)[0] is SeatState.INVITED, "opening it changes nothing"
    assert reader.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (
        "nothing is wider than the telephone"
    )
    tab_to(reader, 'main button[value="yes"]')
    with reader.expect_navigation():
        reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Sinulla on paikka. Tervetuloa!")
    assert seat(own_site) == (SeatState.ACCEPTED, Answered.LINK)
    tab_to(reader, 'main button[value="no"]')
    with reader.expect_navigation():
        reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Et tule tällä kertaa.")
    assert seat(own_site)[0] is SeatState.WITHDRAWN

    with_script = open_context(locale="fi-FI", viewport=PHONE).new_page()
    with_script.goto(address)
    assert judged(with_script) == []
