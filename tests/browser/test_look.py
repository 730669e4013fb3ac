"""How pages look where light and colours are not the designer's: on paper, in forced colours, with large letters."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import OpenContext
from tests.browser.test_accessibility import overflowing
from tests.running import Site

WHITE = "rgb(255, 255, 255)"
PAGES = ("/", "/meetings/", "/practices/", "/demo", "/about", "/sign-in")


@pytest.fixture
def page(site: Site, open_context: OpenContext) -> Page:
    return open_context(base_url=site.url, locale="fi-FI").new_page()


def meeting(page: Page) -> None:
    page.goto("/meetings/")
    page.locator('main article a[href^="/meetings/"]').first.click()
    page.wait_for_url(re.compile(r"/meetings/\w{10}$"))


def test_a_meeting_on_paper(page: Page) -> None:
    """When, where and what, black on white, on one sheet; nothing that only a screen can use."""
    page.emulate_media(color_scheme="dark", media="screen")
    meeting(page)
    page.emulate_media(media="print", color_scheme="light")
    for useless in ("nav", ".k-languages", ".ds-skip-link", "main form", ".k-demo"):
        for element in page.locator(useless).all():
            expect(element).to_be_hidden()
    for needed in ("h1", "main time", ".k-arrival"):
        expect(page.locator(needed).first).to_be_visible()
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert background in (WHITE, "rgba(0, 0, 0, 0)")
    assert len(re.findall(rb"/Type\s*/Page\b", BytesIO(page.pdf(format="A4")).getvalue())) == 1


def test_forced_colours_leave_what_one_presses_visible(site: Site, open_context: OpenContext) -> None:
    page = open_context(base_url=site.url, locale="fi-FI", forced_colors="active").new_page()
    page.goto("/demo")
    button = page.locator("main form button").first
    expect(button).to_be_visible()
    edge = button.evaluate(
        "(one) => [getComputedStyle(one).borderStyle, parseFloat(getComputedStyle(one).borderWidth)]"
    )
    assert edge[0] != "none"
    assert edge[1] > 0


@pytest.mark.parametrize("path", PAGES)
def test_letters_twice_as_large(path: str, page: Page) -> None:
    """WCAG 1.4.4: with the browser's letters at 200 % nothing is cut off or sticks out at an ordinary width."""
    page.set_viewport_size(ViewportSize(width=1024, height=768))
    page.goto(path)
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    assert overflowing(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_text_spacing(path: str, site: Site, open_context: OpenContext) -> None:
    """WCAG 1.4.12: wider spacing, as some readers set it, makes nothing stick out on a telephone."""
    options = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True}
    page = open_context(base_url=site.url, locale="fi-FI", **options).new_page()
    page.goto(path)
    page.add_style_tag(
        content="* {line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important}"
        "p {margin-block-end: 2em !important}"
    )
    assert overflowing(page) == []
