"""From an invitation's message to a seat and to an answer, by keyboard on a telephone, every page and press counted."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import OpenContext
from tests.browser.test_keyboard import tab_to
from tests.browser.test_walk import contacts
from tests.browser.walker import Walker
from tests.running import Site

PHONE = ViewportSize(width=360, height=740)
ADDRESS = "uusi.tyontekija@kierto.example"


@dataclass
class Counted:
    """Somebody at a keyboard, and how many pages they have come to and presses they have made."""

    page: Page
    pages: int = 0
    presses: int = 0

    def press(self, wanted: str, leads_to: str) -> None:
        """Go to a link or button by Tab, press Enter, and be on the next page."""
        tab_to(self.page, wanted)
        self.presses += 1
        with self.page.expect_navigation(url=leads_to):
            self.page.keyboard.press("Enter")
        self.pages += 1

    def choose(self, wanted: str) -> None:
        tab_to(self.page, wanted)
        self.presses += 1
        self.page.keyboard.press("Space")

    def write(self, wanted: str, text: str) -> None:
        tab_to(self.page, wanted)
        self.page.keyboard.type(text)


def test_a_worker_is_invited_takes_a_seat_and_answers_a_practice(own_site: Site, open_context: OpenContext) -> None:
    host = Walker(open_context(locale="en-FI", viewport=PHONE), own_site, "en", script=True)
    unit = busy_unit(host)
    inviting = Counted(host.page)
    inviting.press(f'main a[href="{unit}/people"]', "**/people")
    inviting.press(f'main a[href="{unit}/people/invite"]', "**/invite")
    inviting.write("#name", "Uusi Työntekijä")
    inviting.write("#address", ADDRESS)
    inviting.press("main .k-form .k-actions button", "**/people")
    host.sees("The invitation is on its way.")
    assert (inviting.pages, inviting.presses) == (3, 3), "from the unit's page to the invitation sent"

    reader = Walker(open_context(locale="en-FI", viewport=PHONE), own_site, "en", script=True)
    reader.open("/demo/mail")
    reader.comes(reader.row(ADDRESS).get_by_role("link").first)
    reader.row(ADDRESS).get_by_role("link").first.click()

    worker = Counted(reader.page)
    worker.press('main a[href*="/invitation/"]', "**/invitation/*")
    worker.press("main .k-form .k-actions button", "**/units/*")
    reader.sees("Welcome! You are in.")
    assert (worker.pages, worker.presses) == (2, 2), "from the message to being in"
    worker.press('[aria-labelledby=now] a[href^="/meetings/"]', "**/meetings/*")
    worker.press('main form button[value="yes"], form[action$="/seat"] button', "**/meetings/*")
    reader.sees("You have a seat. Welcome!")
    assert (worker.pages, worker.presses) == (4, 4), "from the message to a seat"

    reader.page.goto(f"{own_site.url}{unit}")
    answering = Counted(reader.page, pages=2, presses=2)
    answering.press('[aria-labelledby=now] a[href$="/practices"]', "**/practices")
    answering.choose("main input[type=radio][value=try]")
    answering.press("main .k-form .k-actions button", "**/practices")
    expect(reader.page.get_by_role("status").first).to_be_visible()
    assert (answering.pages, answering.presses) == (4, 5), "from the message to an answered practice"


def busy_unit(host: Walker) -> str:
    """Step into the contact person of a unit with a coming meeting and a practice to answer; its page is open."""
    for contact in contacts(host):
        host.step_into(contact.name)
        host.page.goto(host.site.url + str(host.main.locator('a[href^="/units/"]').first.get_attribute("href")))
        unit = "/units/" + host.page.url.rpartition("/")[2]
        now = host.main.locator("[aria-labelledby=now]")
        coming = now.locator('a[href^="/meetings/"]')
        if coming.count() and now.locator('a[href$="/practices"]').count():
            host.page.goto(host.site.url + str(coming.first.get_attribute("href")))
            if host.main.get_by_text(re.compile(r"seats? free, ")).count():
                host.page.goto(host.site.url + unit)
                return unit
    raise AssertionError("no unit of the demonstration has both")
