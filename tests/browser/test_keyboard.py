"""Everything by keyboard: the focus is seen and goes where one reads on, and the main steps need no mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.test_walk import contacts
from tests.browser.walker import Walker
from tests.running import Site

MOST_STOPS = 150
"""More presses of Tab than any page has places to stop at."""

_FOCUSED = "() => document.activeElement.outerHTML.slice(0, 120)"
_FAULT = """
async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  // A box to tick is marked together with its label.
  const marked = [element, element.closest(".k-choice")].some((one) => {
    const style = one && getComputedStyle(one);
    const outlined = style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || (style && style.boxShadow !== "none");
  });
  const shown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return marked && shown ? "" : `marked ${marked}, from ${box.top} to ${box.bottom} of ${innerHeight}`;
}
"""
"""Why the focus is not seen, once the page is drawn; nothing when it is."""


@pytest.fixture
def walker(own_site: Site, open_context: OpenContext) -> Walker:
    return Walker(open_context(locale="en-FI"), own_site, "en", script=True)


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what the selector finds has the focus; every stop on the way is seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(_FAULT) == "", f"the focus is not seen: {page.evaluate(_FOCUSED)}"
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def test_the_first_stop_leads_past_the_header(walker: Walker) -> None:
    walker.open("/meetings/")
    tab_to(walker.page, ".ds-skip-link")
    walker.page.keyboard.press("Enter")
    expect(walker.main).to_be_focused()
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_host_contact_books_and_an_expert_takes_a_seat(walker: Walker) -> None:
    """A role is stepped into, a time picked and booked, a seat taken: all by Tab and Enter."""
    page = walker.page
    enter(walker, contacts(walker)[4].name)
    tab_to(page, 'main a[href*="/book/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/*")
    tab_to(page, ".k-slots a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm?*")
    tab_to(page, "main .k-actions button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/*")
    expect(page.locator("[data-focus]")).to_be_focused()
    meeting = page.url
    enter(walker, walker.people("experts")[1])
    page.goto(meeting)
    tab_to(page, 'main form button[value="yes"], form[action$="/seat"] button')
    page.keyboard.press("Enter")
    walker.sees("You have a seat. Welcome!")


def test_a_mistake_has_the_focus_and_leads_to_its_field(walker: Walker) -> None:
    page = walker.page
    enter(walker, walker.people("coordinators")[0])
    page.goto(f"{walker.site.url}/rounds/new")
    tab_to(page, "main .k-actions button")
    page.keyboard.press("Enter")
    expect(page.locator(".ds-error-summary")).to_be_focused()
    tab_to(page, '.ds-error-summary a[href="#name_fi"]')
    page.keyboard.press("Enter")
    expect(page.locator("#name_fi")).to_be_focused()
    page.keyboard.type("Kierros")
    expect(page.locator("#name_fi")).to_have_value("Kierros")


def enter(walker: Walker, name: str) -> None:
    """Step into a role by keyboard."""
    walker.open("/demo")
    row = walker.main.locator("li").filter(has_text=name).get_by_role("button").first
    action = row.locator("xpath=ancestor::form").get_attribute("action")
    tab_to(walker.page, f'form[action="{action}"] button')
    walker.page.keyboard.press("Enter")
    walker.page.wait_for_url("**/me")
