"""Browser windows of the demonstration's people, one for each person and language, kept open between tests."""

from playwright.sync_api import Browser, Page

from kierto.words import Language
from tests.browser.crawl import COOKIE, VISITOR, Surfer
from tests.browser.watch import Watch
from tests.running import Site


class Readers:
    """Opens windows when first asked for, and keeps what they complain of."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._windows: dict[tuple[str, Language], Page] = {}
        self._watches: list[Watch] = []
        self._sessions: dict[str, str | None] = {VISITOR: None}

    def page(self, who: str, language: Language) -> Page:
        """The window of a person (a reference, or the visitor) who reads this language."""
        if (who, language) not in self._windows:
            context = self._browser.new_context(base_url=self._site.url, locale=f"{language}-FI")
            session = self._session(who)
            if session is not None:
                context.add_cookies([{"name": COOKIE, "value": session, "url": self._site.url}])
            self._watches.append(Watch(context))
            self._windows[who, language] = context.new_page()
        return self._windows[who, language]

    def complaints(self) -> list[str]:
        """What the windows have complained of since the last time."""
        told = [fault for watch in self._watches for fault in watch.faults]
        for watch in self._watches:
            watch.faults.clear()
        return told

    def _session(self, who: str) -> str | None:
        if who not in self._sessions:
            surfer = Surfer(self._site)
            surfer.enter(who)
            self._sessions[who] = surfer.session
        return self._sessions[who]
