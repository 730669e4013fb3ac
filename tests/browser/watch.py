"""What a browser complains of: errors in its console, among them every breach of the content security policy."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_REFUSED = re.compile(r"^Failed to load resource: the server responded with a status of 4\d\d")


class Watch:
    """Gathers the complaints of a context's pages in `faults`."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        page = message.page
        # A page that answers 404 or 422 is meant to; what it loads is not.
        if (
            page
            and _REFUSED.match(message.text)
            and message.location["url"].partition("#")[0] == page.url.partition("#")[0]
        ):
            return
        self.faults.append(f"{page.url if page else ''}: {message.text}")

    def _error(self, fault: WebError) -> None:
        self.faults.append(f"{fault.page.url if fault.page else ''}: {fault.error}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it was still fetching.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.url}: {request.failure}")
