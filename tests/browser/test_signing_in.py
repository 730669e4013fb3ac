"""Signing in with the code of a message, by keyboard; signing out, and what the way back shows then."""

import re
from time import sleep

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.test_accessibility import judged
from tests.running import Site

PHONE = "048 000 0001"
NAME = "Reijo Mustonen"
TRIES = 60


def newest_code(page: Page) -> str:
    """The code of the text message that the worker has just sent; the demo keeps it on a page, below later ones."""
    for _ in range(TRIES):
        page.goto("/demo/mail")
        found = re.search(r"\b\d{6}\b", "\n".join(page.locator("main article").all_inner_texts()))
        if found:
            return found[0]
        sleep(0.5)
    raise AssertionError("no message came")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_in_with_a_code_and_out_again(own_site: Site, open_context: OpenContext, script: bool) -> None:
    context = open_context(base_url=own_site.url, locale="fi-FI", java_script_enabled=script)
    page = context.new_page()
    page.goto("/me/contact")
    page.get_by_role("main").get_by_role("link", name="Kirjaudu").click()
    address = page.get_by_label("Sähköpostiosoite tai puhelinnumero")
    address.focus()
    page.keyboard.type(PHONE)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/code$"))
    if script:
        assert judged(page) == []
    code = newest_code(context.new_page())
    page.get_by_label("Koodi").focus()
    page.keyboard.type("123456" if code != "123456" else "654321")
    page.keyboard.press("Enter")
    expect(page.locator(".ds-error-summary")).to_contain_text("Koodi ei ole oikea.")
    if script:
        assert judged(page) == []
    page.get_by_label("Koodi").fill(code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/me/contact$"))
    expect(page.get_by_role("banner")).to_contain_text(NAME)
    page.goto("/me/sessions")
    page.get_by_role("button", name="Kirjaudu ulos").click()
    expect(page).to_have_url(f"{own_site.url}/")
    for _ in range(2):
        page.go_back()
        expect(page.locator("body")).not_to_contain_text(NAME)
        expect(page.get_by_role("heading", level=1)).to_have_text("Kirjaudu ensin")


def test_the_way_back_takes_no_page_out_of_the_browsers_memory(own_site: Site, open_context: OpenContext) -> None:
    """Chromium keeps whole pages for the way back, even some that say no-store; a signed-out person's are not shown."""
    page = open_context(base_url=own_site.url, locale="fi-FI").new_page()
    page.goto("/demo")
    page.locator("form[action^='/demo/enter/'] button").first.click()
    expect(page).to_have_url(re.compile("/me$"))
    name = page.locator(".k-who").inner_text()
    page.evaluate("window.addEventListener('pageshow', (shown) => { document.title = `${shown.persisted}`; })")
    page.get_by_role("button", name="Kirjaudu ulos").click()
    expect(page).to_have_url(f"{own_site.url}/")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(name)
    assert page.title() != "true"
