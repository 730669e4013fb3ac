"""Single sign-on as a person meets it: at a real provider, in a browser, with the code of the first time."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from kierto.actor import SYSTEM, Role
from kierto.app import create_app
from kierto.database import reading, session, writing
from kierto.people.actions import add_person, give_role
from kierto.settings import Settings
from kierto.sign_in.models import SignInRequest
from kierto.sign_in.providers import Place, Wanted, add_provider
from kierto.sign_in.tokens import code
from kierto.units.models import Organisation
from kierto.words import Localised
from tests.browser.conftest import OpenContext
from tests.browser.test_accessibility import judged
from tests.openid import real_provider
from tests.running import Site

EMAIL = "soile@kierto.example"
PRESS = 'main a[href^="/sign-in/with/"]'


def with_provider(folder: Path, issuer: str) -> None:
    """Add the provider and a person who has never come through it."""
    with create_app(Settings.from_environ({"KIERTO_INSTANCE": str(folder)})).app_context(), writing():
        organisation = session.scalars(select(Organisation).order_by(Organisation.id).limit(1)).one()
        where = Place(organisation.id, organisation.ref, organisation.name)
        add_provider(SYSTEM, where, issuer, Wanted(Localised("Rannikon kirjautuminen"), "kierto", "x", strong=True))
        person = add_person("Soile Salo", email=EMAIL)
        give_role(SYSTEM, person, organisation.id, Role.COORDINATOR)


def code_of(folder: Path) -> str:
    settings = Settings.from_environ({"KIERTO_INSTANCE": str(folder)})
    with create_app(settings).app_context(), reading():
        request = session.scalars(select(SignInRequest).order_by(SignInRequest.id.desc()).limit(1)).one()
        return code(request, settings.secret_key)


def visitor(site: Site, open_context: OpenContext) -> Page:
    """A window of somebody not signed in; the provider's style sheet, of a stranger's server, stays out."""
    context = open_context(base_url=site.url, locale="fi-FI")
    context.route(re.compile(r"^https:"), lambda route: route.fulfill(body="", content_type="text/css"))
    return context.new_page()


def callback(page: Page) -> str:
    """Where the provider on the sign-in page sends people back to."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    return f"{page.locator(PRESS).get_attribute('href')}/callback"


def test_from_the_sign_in_page_through_the_provider_and_back(own_site: Site, open_context: OpenContext) -> None:
    with real_provider({"sub": "soile-1", "email": EMAIL}) as issuer:
        with_provider(own_site.folder, issuer)
        page = visitor(own_site, open_context)
        page.goto("/sign-in")
        assert judged(page) == []
        page.locator(PRESS).click()
        page.wait_for_url(f"{issuer}/**")
        page.get_by_role("button", name="soile-1").click()
        page.wait_for_url("**/sign-in/join")
        assert judged(page) == []
        expect(page.locator("#address")).to_have_value(EMAIL)
        page.locator("#address").fill("soile")
        page.locator("main form.k-form button").click()
        expect(page.locator(".ds-error-summary")).to_be_focused()
        assert judged(page) == []
        page.locator("#address").fill(EMAIL)
        page.locator("main form.k-form button").click()
        page.wait_for_url("**/sign-in/code")
        page.locator("#code").fill(code_of(own_site.folder))
        page.locator('main form.k-form button[type="submit"]').first.click()
        page.wait_for_url("**/me")
        expect(page.locator(".k-who")).to_contain_text("Soile Salo")
        page.goto("/me/sign-ins")
        assert judged(page) == []
        page.goto(callback(page) + "?code=x&state=old")
        assert judged(page) == []

        again = visitor(own_site, open_context)
        again.goto("/sign-in")
        again.locator(PRESS).click()
        again.wait_for_url(f"{issuer}/**")
        again.get_by_role("button", name="soile-1").click()
        again.wait_for_url("**/me")
        expect(again.locator(".k-who")).to_contain_text("Soile Salo")
