"""Every page, in every language, light and dark: nothing that axe finds, nothing that scrolls sideways at 320 px.

Which pages there are, the application itself says; what they look like, the people of the demonstration find by
following links. A page that nobody finds fails.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize
from werkzeug.routing import Map

from kierto.app import create_app
from kierto.words import LANGUAGES, Language
from tests.browser.axe import COLOUR, findings
from tests.browser.crawl import VISITOR, Found, Surfer, crawl, players, telling
from tests.browser.readers import Readers
from tests.databases import settings_for
from tests.running import Site

NO_PAGES = {
    "static": "files",
    "calendars.public_feed": "a calendar",
    "health.health": "JSON",
}
LOOKED_AT = 4
"""How many pages of one endpoint are looked at: those that show the most different things."""

PHONE = ViewportSize(width=320, height=640)
DESK = ViewportSize(width=1280, height=800)


def _app() -> Flask:
    return create_app(replace(settings_for("sqlite:////dev/null", Path("/dev/null")), demo=True))


ADDRESSES: Map = _app().url_map
ENDPOINTS = sorted(
    {str(rule.endpoint) for rule in ADDRESSES.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES.keys()
)


@pytest.fixture(scope="session")
def found(site: Site, readers: Readers) -> dict[str, list[Found]]:
    """What everybody finds by following links, by endpoint."""
    pages: dict[str, list[Found]] = {endpoint: [] for endpoint in ENDPOINTS}
    for who in (VISITOR, *(ref for group in players(site).values() for ref in group)):
        surfer = Surfer(site)
        if who != VISITOR:
            surfer.enter(who)
        for page in crawl(surfer, who, ADDRESSES):
            if page.endpoint in pages:
                pages[page.endpoint].append(page)
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_page_is_accessible(
    endpoint: str, language: Language, found: dict[str, list[Found]], readers: Readers
) -> None:
    assert found[endpoint], "no link leads here"
    told: list[str] = []
    for one in telling(found[endpoint], LOOKED_AT):
        page = readers.page(one.who, language)
        page.goto(one.path)
        told += [f"{one.path} ({one.who}): {fault}" for fault in judged(page)]
    assert told == []
    assert readers.complaints() == []


def judged(page: Page) -> list[str]:
    """Everything that is wrong with how the page can be seen and used."""
    page.emulate_media(color_scheme="light")
    told = [f"light: {fault}" for fault in findings(page)]
    page.emulate_media(color_scheme="dark")
    told += [f"dark: {fault}" for fault in findings(page, COLOUR)]
    page.set_viewport_size(PHONE)
    told += [f"320 px: {fault}" for fault in (*findings(page), *overflowing(page))]
    page.set_viewport_size(DESK)
    return told


def overflowing(page: Page) -> list[str]:
    """What sticks out of the page sideways; a region that scrolls by itself may (WCAG 1.4.10)."""
    wide: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const out = [...document.querySelectorAll("body *")].filter(
            (element) => element.getBoundingClientRect().right > width + 1);
          return [`${document.documentElement.scrollWidth} px wide`,
                  ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
        }"""
    )
    return wide
