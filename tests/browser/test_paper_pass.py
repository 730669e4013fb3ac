"""A paper pass from choosing its digits to answering with it: on screen, on paper, and read by a camera."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.crawl import Surfer, players
from tests.browser.test_accessibility import judged
from tests.conftest import REQUIRED
from tests.running import Site
from tests.scenes_passes import DIGITS, NO_ZBAR


def signed_in(site: Site, open_context: OpenContext, group: str) -> Page:
    """The window of the first person of the group in the demonstration."""
    surfer = Surfer(site)
    surfer.enter(players(site)[group][0])
    context = open_context(base_url=site.url, locale="fi-FI")
    assert surfer.session is not None
    context.add_cookies([{"name": "kierto", "value": surfer.session, "url": site.url}])
    return context.new_page()


def test_from_paper_to_answer(own_site: Site, open_context: OpenContext, tmp_path: Path) -> None:
    page = signed_in(own_site, open_context, "experts")
    page.goto("/me/pass")
    page.locator("#digits").fill(DIGITS)
    page.locator("#again").fill(DIGITS)
    page.locator("main form.k-form button").click()
    page.wait_for_url("**/me/pass/paper")
    assert judged(page) == []
    address = str(page.locator(".k-paper-address").text_content())
    page.emulate_media(media="print", color_scheme="light")
    for useless in (".k-header", ".k-footer", "main h1", "nav"):
        for element in page.locator(useless).all():
            expect(element).to_be_hidden()
    assert len(re.findall(rb"/Type\s*/Page\b", BytesIO(page.pdf(format="A4")).getvalue())) == 1
    assert read(page, tmp_path) == address

    stranger = open_context(locale="fi-FI").new_page()
    stranger.goto(address)
    stranger.locator("#digits").fill(DIGITS)
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/meetings")
    assert judged(stranger) == []
    stranger.locator('main form[action$="/close"] button').press("Enter")
    stranger.wait_for_url(address)


def read(page: Page, folder: Path) -> str:
    """What a camera would read on the printed page."""
    shown = folder / "paper.png"
    page.locator(".k-paper").screenshot(path=shown)
    reader = shutil.which("zbarimg")
    if reader is None:
        (pytest.fail if REQUIRED else pytest.skip)(NO_ZBAR)
    done = subprocess.run([reader, "--quiet", "--raw", str(shown)], capture_output=True, text=True, check=True)
    return done.stdout.strip()
