"""A browser without JavaScript that checks every page it gets, and the pages as a test reads them."""

import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import turbohtml
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, event
from turbohtml import Document, Element
from werkzeug.test import TestResponse

from kierto.database.engine import engine
from kierto.web.guard import SESSION_TOKEN
from kierto.words import Language
from tests.html import faults

Upload = tuple[bytes, str]
"""A file to send: its content and name."""

Value = str | Iterable[str] | Upload

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "",
    "Permissions-Policy": "",
    "Cache-Control": "private",
}
MOST_ALIKE = 2
"""How often one statement may run in a request before it is called N+1."""


class Client:
    """One person's browser. Every request says which status it expects; HTML pages must be without fault.

    `queries` is how many SQL statements the last request ran.
    """

    def __init__(self, app: Flask, token: str | None = None, language: Language = "en") -> None:
        self.app = app
        self.language = language
        self.queries = 0
        self.browser = app.test_client()
        if token is not None:
            with app.app_context(), self.browser.session_transaction() as session:
                session[SESSION_TOKEN] = token
                session.permanent = True

    def get(self, path: str, expect: int | Collection[int] = 200, **options: Any) -> "Page":
        """Open the page; `expect` is the status, or those that will do."""
        return self.request("GET", path, expect, **options)

    def post(self, path: str, expect: int = 302, data: Mapping[str, Any] | None = None, **options: Any) -> "Page":
        """Send what no form of a page was read for; `csrf=False` leaves out the token that a form would carry."""
        token = {"csrf_token": self.csrf_token()} if options.pop("csrf", True) else {}
        return self.request("POST", path, expect, data=token | dict(data or {}), **options)

    def request(self, method: str, path: str, expect: int | Collection[int], **options: Any) -> "Page":
        """Any request: `options` are those of Werkzeug's test client."""
        headers = {"Accept-Language": self.language} | dict(options.pop("headers", {}))
        # A context of its own: the test's would share its session and `g` with the request.
        with self.app.app_context(), statements() as ran:
            response = self.browser.open(path, method=method, headers=headers, **options)
            response.get_data()
        self.queries = ran.total()
        page = Page(self, urljoin("http://localhost", path), response)
        expected = (expect,) if isinstance(expect, int) else expect
        assert response.status_code in expected, f"{method} {path}: {response.status_code}, not {expect}: {page.heard}"
        self._check(page, method)
        repeated = [f"{count} times: {statement}" for statement, count in ran.items() if count > MOST_ALIKE]
        assert method != "GET" or not repeated, f"N+1 on {path}: " + "\n".join(repeated)
        return page

    def csrf_token(self) -> str:
        """The token that a form on a page of this browser's would carry."""
        with self.app.app_context(), self.browser.session_transaction() as session:
            kept = session.setdefault("csrf_token", "0" * 40)
        assert self.app.secret_key
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(kept))

    def _spoken_to(self) -> str:
        """The language chosen on this device, else the browser's own."""
        chosen = self.browser.get_cookie("kierto_language")
        return chosen.value if chosen else self.language

    def _check(self, page: "Page", method: str) -> None:
        for name, start in HEADERS.items():
            if not (page.is_html or name != "Cache-Control"):
                continue
            assert page.headers.get(name, "").startswith(start), f"{page.path} lacks the header {name}"
        if page.is_html and page.status not in (301, 302, 303, 307, 308):
            found = faults(page.html, page.response.request.args.get("lang") or self._spoken_to())
            assert not found, f"{method} {page.path} ({page.status}):\n" + "\n".join(found)


class Page:
    """What came back: an HTML page, a redirect, or anything else (`body`, `json`)."""

    def __init__(self, client: Client, address: str, response: TestResponse) -> None:
        self.client = client
        self.address = address
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self._document: Document | None = None

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def is_html(self) -> bool:
        return self.response.mimetype == "text/html"

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def body(self) -> bytes:
        return self.response.get_data()

    @property
    def json(self) -> Any:
        return self.response.get_json()

    @property
    def document(self) -> Document:
        if self._document is None:
            self._document = turbohtml.parse(self.html)
        return self._document

    @property
    def title(self) -> str:
        return self._words("title")

    @property
    def heading(self) -> str:
        """The page's one h1."""
        return self._words("h1")

    @property
    def text(self) -> str:
        """Every word of `<main>`, spaces made one; what only screen readers say is in it too."""
        return self._words("main")

    @property
    def whole_text(self) -> str:
        """Every word of the page, header and footer too."""
        return self._words("body")

    @property
    def message(self) -> str:
        """What the page says was done ("flashed"), empty when it says nothing."""
        return self._words("main [role=status]")

    @property
    def links(self) -> dict[str, str]:
        """Words → address, of every link in `<main>`."""
        return {_said(link): str(link.attr("href")) for link in self.document.select("main a[href]")}

    @property
    def all_links(self) -> list[str]:
        """The address of every link of the page."""
        return [str(link.attr("href")) for link in self.document.select("a[href]")]

    @property
    def errors(self) -> list[str]:
        """Everything to mend, as the summary on top says it."""
        return [_said(item) for item in self.document.select(".ds-error-summary li")]

    @property
    def field_errors(self) -> dict[str, str]:
        """Field → what stands beside it, for every field with something to mend."""
        found = {}
        for words in self.document.select(".ds-validation-message"):
            holder = words.closest(".k-field")
            control = holder.select_one("input, select, textarea") if holder else None
            assert control is not None, "an error beside no field"
            found[str(control.attr("name"))] = _said(words).removeprefix("Error: ")
        return found

    @property
    def forms(self) -> list["PageForm"]:
        return [PageForm(self, element) for element in self.document.select("form")]

    def form(self, action: str | None = None, button: str | None = None) -> "PageForm":
        """The page's form with the action, or with that button; its only one in `<main>` when neither is given."""
        found = [
            form
            for form in self.forms
            if (form.action == action if action is not None else form.element.closest("main") is not None)
            and (button is None or button in form.buttons)
        ]
        assert len(found) == 1, f"{len(found)} such forms of {[(form.action, form.buttons) for form in self.forms]}"
        return PageForm(self, found[0].element, button)

    @property
    def location(self) -> str:
        """Where a redirect leads, without the host."""
        assert 300 <= self.status < 400, f"{self.status} leads nowhere"
        parts = urlsplit(urljoin(self.address, self.headers["Location"]))
        assert parts.netloc == urlsplit(self.address).netloc, f"a way out of Kierto: {self.headers['Location']}"
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def follow(self, expect: int = 200) -> "Page":
        """The page that a redirect leads to."""
        return self.client.get(self.location, expect)

    def click(self, words: str, expect: int = 200) -> "Page":
        """Follow the link with these words."""
        assert words in self.links, f"no link “{words}” among {list(self.links)}"
        return self.client.get(urljoin(self.address, self.links[words]), expect)

    @property
    def heard(self) -> str:
        """Shortly, what the page says: for the messages of failing tests."""
        return self.text[:300] if self.is_html else f"{self.response.mimetype} {self.headers.get('Location', '')}"

    def _words(self, selector: str) -> str:
        found = self.document.select_one(selector)
        return _said(found) if found is not None else ""


class PageForm:
    """A form as it stands on the page, with what it holds already; `pressed` is the button that sends it."""

    def __init__(self, page: Page, element: Element, pressed: str | None = None) -> None:
        self.page = page
        self.element = element
        self.pressed = pressed

    @property
    def action(self) -> str:
        """Where it is sent; the page's own path when it does not say."""
        return str(self.element.attr("action") or self.page.path)

    @property
    def buttons(self) -> list[str]:
        return [_said(button) for button in self.element.select("button")]

    @property
    def fields(self) -> set[str]:
        return {str(control.attr("name")) for control in self.element.select("[name]")}

    @property
    def values(self) -> dict[str, list[str]]:
        """What would be sent as it is, the token included."""
        values: dict[str, list[str]] = {}
        for name, value in self.element.form_data():
            values.setdefault(name, []).append(value)
        return values

    def choices(self, name: str) -> dict[str, str]:
        """Value → words, of a select or of radio buttons or check boxes."""
        options = self.element.select(f"select[name='{name}'] option")
        if options:
            return {str(option.attr("value")): _said(option) for option in options}
        found = {}
        for box in self.element.select(f"input[name='{name}'][type=radio], input[name='{name}'][type=checkbox]"):
            label = self.element.select_one(f"label[for='{box.attr('id')}']")
            found[str(box.attr("value"))] = _said(label) if label is not None else ""
        return found

    def submit(self, expect: int = 302, **changed: Value) -> Page:
        """Send it with some fields changed: text, several texts for check boxes, or (content, name) of a file.

        A field that the page does not have, or a choice it does not offer, is a mistake in the test.
        """
        assert self.element.attr("method") == "post", "a form that changes nothing is a link"
        data: dict[str, Any] = dict(self.values) | self._button()
        for name, value in changed.items():
            assert name in self.fields, f"the form has no field {name}, but {sorted(self.fields)}"
            data[name] = self._sent(name, value)
        files = any(control.attr("type") == "file" for control in self.element.select("input"))
        assert not files or self.element.attr("enctype") == "multipart/form-data", "files would not be sent"
        return self.page.client.post(urljoin(self.page.address, self.action), expect, data)

    def _button(self) -> dict[str, str]:
        """What the pressed button says, where it has a name."""
        pressed = [button for button in self.element.select("button[name]") if _said(button) == self.pressed]
        return {str(button.attr("name")): str(button.attr("value")) for button in pressed}

    def _sent(self, name: str, value: Value) -> Any:
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], bytes):
            return (io.BytesIO(value[0]), value[1])
        values = [value] if isinstance(value, str) else [str(one) for one in value]
        offered = self.choices(name)
        assert not offered or set(values) <= set(offered), f"{name} offers {offered}, not {values}"
        return values


@contextmanager
def statements() -> Iterator[Counter[str]]:
    """The SQL statements that run inside the block, but for those that begin and end transactions."""
    ran: Counter[str] = Counter()

    def count(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            ran[statement] += 1

    event.listen(engine(), "before_cursor_execute", count)
    try:
        yield ran
    finally:
        event.remove(engine(), "before_cursor_execute", count)


def _said(element: Element) -> str:
    return " ".join(element.text.split())
