"""Applying as the weakest user does: a small window, no JavaScript, only the keyboard; every page of it looked at."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.browser.conftest import OpenContext
from tests.running import Site

MOST_STOPS = 60
MOST_PRESSES = 100
"""It took 89 when it was made, beside the letters that are typed: it does not get much longer unseen."""

SMALL = {"width": 360, "height": 740}

CHOSEN = {"": "[name=organisation_ref]"}
TYPED = {"name": ("name", "Sirpa Salo"), "reach": ("phone", "040 123 4567")}
LATER = {"themes", "needs"}
"""Pages on which nothing is told: they are answered with the second button."""


class Way(NamedTuple):
    """How long it took: pages seen, and presses of keys beside the letters that were typed."""

    pages: list[str]
    presses: int


class Keys:
    """A keyboard that counts; it goes past the header by the link that is there for it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def past_the_header(self) -> None:
        """Not needed where a redirect has kept `#main`: one reads on from there."""
        if self.page.url.endswith("#main"):
            return
        self.press("Tab")
        self.press("Enter")
        self.page.locator("main:focus").wait_for()

    def to(self, wanted: str) -> None:
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"Tab does not lead to {wanted}")

    def go(self, key: str = "Enter") -> None:
        before = self.page.url.partition("#")[0]
        self.press(key)
        self.page.wait_for_url(lambda url: url.partition("#")[0] != before)


def apply_by_keyboard(page: Page, site: Site) -> Way:
    """From the start page to what happens next; the least that must be told."""
    keys, pages = Keys(page), ["/"]
    page.goto(site.url)
    keys.past_the_header()
    keys.to('main a[href="/apply"]')
    keys.go()
    while (path := page.url.removeprefix(site.url).partition("#")[0]) != "/apply/done":
        pages.append(path)
        step = path.removeprefix("/apply").strip("/")
        keys.past_the_header()
        if step in CHOSEN:
            keys.to(CHOSEN[step])
            keys.press("Space")
        if step in TYPED:
            name, words = TYPED[step]
            keys.to(f"[name={name}]")
            page.keyboard.type(words)
            keys.go()
            continue
        keys.to("main button[name=later]" if step in LATER else "main .k-form button")
        keys.go()
    pages.append("/apply/done")
    return Way(pages, keys.presses)


def test_from_start_to_a_sent_application_by_keyboard_without_javascript(
    own_site: Site, open_context: OpenContext
) -> None:
    context = open_context(locale="fi-FI", viewport=SMALL, java_script_enabled=False)
    way = apply_by_keyboard(context.new_page(), own_site)
    steps = ("consent", "name", "reach", "themes", "where", "times", "needs", "more", "check", "done")
    assert way.pages == ["/", "/apply", *(f"/apply/{step}" for step in steps)]
    assert way.presses <= MOST_PRESSES, f"{way.presses} presses"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_an_application_is_accessible(own_site: Site, open_context: OpenContext, scheme: str) -> None:
    """As it is, and where something must be mended."""
    page = open_context(locale="fi-FI", viewport=SMALL, color_scheme=scheme).new_page()
    page.goto(f"{own_site.url}/apply")
    page.locator("main [type=radio]").first.check()
    page.locator("main .k-form button").click()
    page.locator("main .k-form button").click()
    looked = 0
    for step in ("consent", "name", "reach", "themes", "where", "times", "needs", "more", "check", "later", "delete"):
        if step == "check":
            page.goto(f"{own_site.url}/apply/name")
            page.locator("[name=name]").fill("Sirpa Salo")
            page.locator("main .k-form button").click()
            page.locator("[name=unreachable]").check()
            page.locator("main .k-form button").click()
        page.goto(f"{own_site.url}/apply/{step}")
        assert findings(page) == []
        looked += 1
        if step in ("name", "reach", "themes", "needs"):
            page.locator("main .k-form button").first.click()
            assert page.locator(".ds-error-summary").is_visible()
            assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    page.goto(f"{own_site.url}/apply/check")
    page.locator("main .k-form button").click()
    assert findings(page) == []
    assert looked == 11
