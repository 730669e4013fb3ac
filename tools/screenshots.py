"""Takes the pictures of docs/screenshots/ from a fresh demonstration: `python -m tools.screenshots`; needs Chromium."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import MISSING, flags, program
from tests.running import Site, serving, settle

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
LARGEST = 200_000
"""Bytes of a picture."""

DESK = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)


class Picture(NamedTuple):
    """A picture: its file's name, the window, the colours, and how to get to the page."""

    name: str
    window: ViewportSize
    colours: Literal["light", "dark"]
    reach: Callable[[Page], None]


def start(page: Page) -> None:
    """What anyone sees first."""
    page.goto("/")


def booking(page: Page) -> None:
    """A host contact before the free times of their unit's turn."""
    _step_into(page, "host-contacts", 4)
    page.goto("/me")
    page.locator('main a[href*="/book/"]').first.click()


def meeting(page: Page) -> None:
    """An expert at a meeting that they could join."""
    _step_into(page, "experts", 0)
    page.goto("/meetings/")
    page.locator("main article a").nth(1).click()


def journey(page: Page) -> None:
    """A practice, from the meeting where it was agreed to the units that took it up or did not."""
    page.goto("/")
    page.locator('main a[href^="/practices/"]:not([href$="/"])').first.click()
    page.locator("#journey").scroll_into_view_if_needed()


PICTURES = (
    Picture("start", DESK, "light", start),
    Picture("start-dark", DESK, "dark", start),
    Picture("booking", DESK, "light", booking),
    Picture("meeting-phone", PHONE, "light", meeting),
    Picture("meeting-phone-dark", PHONE, "dark", meeting),
    Picture("journey", DESK, "light", journey),
)


def _step_into(page: Page, group: str, index: int) -> None:
    page.goto("/demo")
    page.locator(f"section[aria-labelledby={group}] form button").nth(index).click()
    page.wait_for_url("**/me")


def main() -> None:
    """Take every picture anew."""
    chromium = program()
    if chromium is None:
        sys.exit(MISSING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kierto-pictures-")))
        (folder / "instance").mkdir()
        site = stack.enter_context(serving(settle(folder / "instance"), folder / "served"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=flags())
        for picture in PICTURES:
            take(browser, site, picture)
        browser.close()


def take(browser: Browser, site: Site, picture: Picture) -> None:
    """Take one picture, in Finnish."""
    context = browser.new_context(
        base_url=site.url, viewport=picture.window, color_scheme=picture.colours, locale="fi-FI"
    )
    page = context.new_page()
    picture.reach(page)
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    size = file.stat().st_size
    print(f"docs/screenshots/{file.name}: {size:,} bytes")
    if size > LARGEST:
        sys.exit(f"{file.name} is larger than {LARGEST:,} bytes.")


if __name__ == "__main__":
    main()
