"""Every page, in every language, light and dark: nothing that axe finds, nothing that scrolls sideways at 320 px.

Which pages there are, the application itself says; what they look like, people find by following links. A page that
nobody finds, or a form that nobody fills in wrongly, fails.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from werkzeug.routing import Map

from kierto.app import create_app
from kierto.words import LANGUAGES, Language
from tests.browser.axe import COLOUR, LAYOUT, findings
from tests.browser.crawl import VISITOR, Found, Surfer, crawl, endpoint_of, players, telling
from tests.browser.endpoints import MISTAKES, NO_PAGES, PRESSES
from tests.browser.rarities import Rarities
from tests.browser.readers import Readers
from tests.databases import settings_for
from tests.once import shared_out
from tests.running import Site

EACH = {"host-contacts": 3, "staff": 1, "experts": 1, "decision-makers": 1, "administrators": 1, "elsewhere": 1}
"""How many people of each group look around, besides those of the rarities: who do the same see alike."""

LOOKED_AT: dict[Language, int] = {"fi": 3, "sv": 1, "en": 1}
"""How many pages of one endpoint are looked at: those that show the most different things.

What a page is made of does not depend on its language; words and their lengths do.
"""

PHONE = ViewportSize(width=320, height=640)
DESK = ViewportSize(width=1280, height=800)


def _app() -> Flask:
    return create_app(replace(settings_for("sqlite:////dev/null", Path("/dev/null")), demo=True))


def _endpoints(method: str) -> list[str]:
    return sorted({str(rule.endpoint) for rule in ADDRESSES.iter_rules() if method in (rule.methods or ())})


ADDRESSES: Map = _app().url_map
PAGES = [endpoint for endpoint in _endpoints("GET") if endpoint not in NO_PAGES]
FORMS = [endpoint for endpoint in _endpoints("POST") if endpoint not in PRESSES]

Everything = dict[str, list[Found]]


@pytest.fixture(scope="session")
def everything(site: Site, rarities: Rarities, shared: Path) -> Everything:
    """What people find by following links, by endpoint, and what no link leads to. The processes share the people."""
    offered = players(site)
    people = [VISITOR, *(ref for group, most in EACH.items() for ref in offered[group][:most]), *rarities.people]
    pages = shared_out(shared, {f"found by {who}": partial(_found, site, rarities, who) for who in people})
    found: Everything = {endpoint: [] for endpoint in PAGES}
    for page in chain.from_iterable(pages.values()):
        if page.endpoint in found:
            found[page.endpoint].append(page)
    return found


def _found(site: Site, rarities: Rarities, who: str) -> list[Found]:
    surfer = Surfer(site)
    if who != VISITOR:
        surfer.enter(who)
    beginnings = ["/", *(path for opener, path in rarities.addresses if opener == who)]
    return list(crawl(surfer, who, beginnings, ADDRESSES))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("endpoint", PAGES)
def test_a_page(endpoint: str, language: Language, everything: Everything, readers: Readers) -> None:
    assert everything[endpoint], "no link leads here"
    told: list[str] = []
    for one in telling(everything[endpoint], LOOKED_AT[language]):
        page = readers.page(one.who, language)
        page.goto(one.path)
        told += [f"{one.path} ({one.who}): {fault}" for fault in judged(page, colours=language == "fi")]
    assert told == []
    assert readers.complaints() == []


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_with_mistakes(endpoint: str, everything: Everything, readers: Readers) -> None:
    """The mistakes are told on top, and the focus is there; each leads to its field, and what was typed is kept.

    In Finnish: how a mistake is told does not depend on the language, and its words are longest in it.
    """
    one = next(page for pages in everything.values() for page in pages if f"form {endpoint}" in page.parts)
    page = readers.page(one.who, "fi")
    page.goto(one.path)
    form = next(
        form
        for form in page.locator("form.k-form").all()
        if endpoint_of(form.get_attribute("action") or one.path, ADDRESSES, "POST") == endpoint
    )
    for name, wrong in MISTAKES[endpoint].items():
        field = form.locator(f':is(input:not([type=checkbox], [type=radio]), textarea)[id^="{name}"]').first
        field.evaluate("(field) => field.type === 'date' || field.type === 'time' ? field.type = 'text' : null")
        field.fill(wrong)
    form.locator("button[type=submit]").click()
    summary = page.locator(".ds-error-summary")
    expect(summary).to_be_focused()
    assert judged(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("() => document.activeElement.matches('input, select, textarea')")
    assert readers.complaints() == []


def _stale_form(page: Page) -> None:
    page.goto("/demo")
    page.locator("input[name=csrf_token]").first.evaluate("(field) => field.value = 'old'")
    page.locator("main form button").first.click()


def _address(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


ERRORS: dict[str, tuple[int, Callable[[Page], object]]] = {
    "no such page": (404, _address("/nowhere")),
    "only by a button": (405, _address("/sign-out")),
    "not signed in": (403, _address("/me")),
    "a link that was used": (410, _address("/sign-in/old")),
    "an old form": (400, _stale_form),
}
"""What goes wrong: its status, and how a visitor gets there."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page(name: str, language: Language, readers: Readers) -> None:
    page = readers.page(VISITOR, language)
    status, reach = ERRORS[name]
    with page.expect_response(lambda response: response.status == status):
        reach(page)
    assert judged(page) == []
    assert readers.complaints() == []


def judged(page: Page, *, colours: bool = True) -> list[str]:
    """Everything that is wrong with how the page can be seen and used.

    Colours, the slowest to judge, are looked at in one language: they do not depend on it.
    """
    told = [f"light: {fault}" for fault in findings(page, without=() if colours else COLOUR)]
    if colours:
        page.emulate_media(color_scheme="dark")
        told += [f"dark: {fault}" for fault in findings(page, COLOUR)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    told += [f"320 px: {fault}" for fault in (*findings(page, LAYOUT), *overflowing(page))]
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
