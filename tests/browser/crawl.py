"""Every page that a link leads to, as each of the demonstration's people finds it."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import turbohtml
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.running import Site

VISITOR = "visitor"
COOKIE = "kierto"
MOST_OF_A_KIND = 3
"""How many pages of one endpoint each person opens besides the beginnings: enough for its states, and to end soon."""

_TELLING = ("class", "data-color", "data-variant", "type", "role", "aria-invalid", "aria-current", "lang")


class Found(NamedTuple):
    """A page: its endpoint and address, who found it, and what it is made of."""

    endpoint: str
    path: str
    who: str
    parts: frozenset[str]


class Surfer:
    """Fetches pages without a browser, signed in as somebody or nobody."""

    def __init__(self, site: Site, language: str = "en") -> None:
        self.site = site
        self.language = language
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar), HTTPRedirectHandler())

    @property
    def session(self) -> str | None:
        """The session's cookie."""
        return next((cookie.value for cookie in self._jar if cookie.name == COOKIE), None)

    def get(self, path: str) -> turbohtml.Document | None:
        """The page at the path; None where it is none (a feed, an error)."""
        return self._fetch(Request(urljoin(self.site.url, path)))  # noqa: S310 - a site of our own

    def enter(self, ref: str) -> None:
        """Step into the role of a person of the demonstration."""
        page = self.get("/demo")
        assert page is not None
        token = page.select_one('input[name="csrf_token"]')
        assert token is not None
        data = urlencode({"csrf_token": token.attrs["value"]}).encode()
        self._fetch(Request(urljoin(self.site.url, f"/demo/enter/{ref}"), data=data))  # noqa: S310 - a site of our own

    def _fetch(self, request: Request) -> turbohtml.Document | None:
        request.add_header("Accept-Language", self.language)
        request.add_header("Sec-Fetch-Site", "same-origin")
        try:
            with self._opener.open(request, timeout=30) as answer:
                if answer.headers.get_content_type() != "text/html":
                    return None
                return turbohtml.parse(answer.read().decode())
        except HTTPError:
            return None


def players(site: Site) -> dict[str, list[str]]:
    """The people that `/demo` offers to step into: group → their references, in its order."""
    page = Surfer(site).get("/demo")
    assert page is not None
    found: dict[str, list[str]] = {}
    for section in page.select("section[aria-labelledby]"):
        actions = [str(form.attrs["action"]) for form in section.select('form[action^="/demo/enter/"]')]
        if actions:
            found[str(section.attrs["aria-labelledby"])] = [action.rpartition("/")[2] for action in actions]
    return found


def crawl(surfer: Surfer, who: str, beginnings: list[str], addresses: Map) -> Iterator[Found]:
    """The beginnings and every page that links lead this person to, of one endpoint at most so many."""
    ahead, seen, met = deque(beginnings), set(beginnings), Counter[str]()
    while ahead:
        path = ahead.popleft()
        endpoint = endpoint_of(path, addresses)
        if endpoint is None or (path not in beginnings and met[endpoint] >= MOST_OF_A_KIND):
            continue
        page = surfer.get(path)
        if page is None:
            continue
        met[endpoint] += path not in beginnings
        yield Found(endpoint, path, who, frozenset(_parts(page, path, addresses)))
        for link in page.select("a[href]"):
            following = _inside(urljoin(path, str(link.attrs["href"])))
            if following and following not in seen:
                seen.add(following)
                ahead.append(following)


def telling(pages: list[Found], most: int) -> list[Found]:
    """The fewest of these pages that together show every part that any of them has, at most so many."""
    chosen: list[Found] = []
    shown: set[str] = set()
    while pages and len(chosen) < most:
        best = max(pages, key=lambda page: len(page.parts - shown))
        if chosen and not best.parts - shown:
            break
        chosen.append(best)
        shown |= best.parts
    return chosen


def endpoint_of(path: str, addresses: Map, method: str = "GET") -> str | None:
    """The endpoint that answers at the path."""
    try:
        endpoint, _values = addresses.bind("").match(urlsplit(path).path, method=method)
    except HTTPException:
        return None
    return str(endpoint)


def _inside(address: str) -> str | None:
    """The address when it is of this site; without its anchor, and without a language, which tests choose."""
    parts = urlsplit(urldefrag(address).url)
    if parts.scheme or parts.netloc or re.search(r"\blang=", parts.query):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _parts(page: turbohtml.Document, path: str, addresses: Map) -> Iterator[str]:
    """What a page is made of: its elements as styles and screen readers know them, and what its forms do."""
    for element in page.select("main *"):
        yield element.tag
        for name in _TELLING:
            value = element.attrs.get(name)
            if value is not None:
                yield f"{name}={' '.join(value) if isinstance(value, list) else value}"
        if element.tag == "form" and element.attrs.get("method") == "post":
            yield f"form {endpoint_of(urljoin(path, str(element.attrs.get('action', ''))), addresses, 'POST')}"
