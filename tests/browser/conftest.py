"""A browser, and Kierto running for it. Without Chromium these tests are skipped, or fail: KIERTO_TEST_REQUIRE=all."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.chromium import MISSING, flags, program
from tests.browser.rarities import Rarities, add_rarities
from tests.browser.readers import Readers
from tests.browser.watch import Watch
from tests.once import once, shared_folder
from tests.running import Site, serving, settle

PATIENCE_MS = 15_000
"""How long a page may take: the machine may be busy with other tests."""

OpenContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = program()
    if found is None:
        (pytest.fail if os.environ.get("KIERTO_TEST_REQUIRE") == "all" else pytest.skip)(MISSING)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A folder of this run that all of its processes share."""
    return shared_folder(tmp_path_factory, pytestconfig)


@pytest.fixture(scope="session")
def demonstration(shared: Path, chromium: Browser) -> Path:
    """An instance with the demonstration in it; nobody serves it, each site serves a copy."""
    return once(shared, "settled", lambda: settle(_made(shared / "demonstration")))


@pytest.fixture(scope="session")
def looked_at(shared: Path, demonstration: Path) -> tuple[Path, Rarities]:
    """The same with what the demonstration lacks; nobody serves this one either."""

    def add() -> tuple[Path, Rarities]:
        folder = shutil.copytree(demonstration, shared / "looked_at")
        return folder, add_rarities(folder)

    return once(shared, "rarities", add)


@pytest.fixture(scope="session")
def site(looked_at: tuple[Path, Rarities], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site to look at; tests that change something ask for `own_site`."""
    with serving(looked_at[0], tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def rarities(looked_at: tuple[Path, Rarities]) -> Rarities:
    """What was added to the site to look at."""
    return looked_at[1]


@pytest.fixture(scope="session")
def readers(chromium: Browser, site: Site) -> Readers:
    """Windows on the site to look at."""
    return Readers(chromium, site)


@pytest.fixture
def own_site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own."""
    with serving(demonstration, tmp_path / "site") as site:
        yield site


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[OpenContext]:
    """Opens browser contexts; what any of their pages complains of fails the test."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(**options: Any) -> BrowserContext:
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        opened.append((context, Watch(context)))
        return context

    yield open_one
    faults = [fault for _context, watch in opened for fault in watch.faults]
    for context, _watch in opened:
        context.close()
    assert faults == []


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
