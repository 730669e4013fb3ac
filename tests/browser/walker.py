"""A person at a browser: finds links and buttons by their words, in their language, with JavaScript or without."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from playwright.sync_api import BrowserContext, Locator, Page, expect

from kierto.words import Language, gettext, speaking
from tests.running import Site

PATIENCE = 30.0
"""Seconds in which the worker must have done what a page promised."""


class Walker:
    """One browser window; `words` says a source string as the window's pages do."""

    def __init__(self, context: BrowserContext, site: Site, language: Language, *, script: bool) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.language = language
        self.script = script

    def words(self, text: str, **values: object) -> str:
        with speaking(self.language):
            return gettext(text, **values)

    def open(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def navigation(self) -> Locator:
        return self.page.get_by_role("navigation", name=self.words("Main"), exact=True)

    def row(self, text: str) -> Locator:
        """The row of a list or a table that says this."""
        return self.main.locator("li, tr").filter(has_text=text)

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def link(self, text: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("link", name=self.words(text), exact=True).first

    def button(self, text: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=self.words(text), exact=True).first

    def field(self, name: str) -> Locator:
        """A field by its name in the form: that it has its label, other tests see to."""
        return self.main.locator(f"#{name}")

    def follow(self, text: str, within: Locator | None = None) -> None:
        link, menu = self.link(text, within), self.button("Menu", within)
        if within is not None and not link.is_visible() and menu.is_visible():
            menu.click()
        link.click()

    def press(self, text: str, within: Locator | None = None) -> None:
        self.button(text, within).click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.field(name).fill(value)

    def sees(self, text: str, within: Locator | None = None, **values: object) -> None:
        """The page says this."""
        expect((within or self.main).get_by_text(self.words(text, **values)).first).to_be_visible()

    def comes(self, wanted: Locator) -> None:
        """What the worker makes appears: by itself where a page refreshes itself, else when one looks again."""
        until = monotonic() + PATIENCE
        while not wanted.is_visible() and monotonic() < until:
            again = self.link("Look again")
            if self.script and again.is_visible():
                expect(wanted).to_be_visible(timeout=PATIENCE * 1000)
            elif again.is_visible():
                again.click()
            else:
                sleep(0.2)
                self.page.reload()
        expect(wanted).to_be_visible()

    def people(self, group: str) -> list[str]:
        """The names of those whose role can be stepped into, in the order of the page."""
        self.open("/demo")
        cards = self.page.locator(f"section[aria-labelledby={group}] li")
        return [card.get_by_role("heading").inner_text() for card in cards.all()]

    def step_into(self, name: str) -> None:
        """Become one of the demonstration's people; their own page opens."""
        self.open("/demo")
        card = self.page.locator("li").filter(has=self.page.get_by_role("heading", name=name, exact=True)).first
        card.get_by_role("button").click()
        expect(self.heading).to_have_text(self.words("My page"))

    def sign_out(self) -> None:
        self.press("Sign out", self.page.get_by_role("banner"))
        expect(self.page.get_by_role("banner").get_by_role("link", name=self.words("Sign in"))).to_be_visible()

    @contextmanager
    def downloading(self, target: Path) -> Iterator[None]:
        """What is pressed inside the block brings a file, which is kept as `target`."""
        with self.page.expect_download() as coming:
            yield
        coming.value.save_as(target)
