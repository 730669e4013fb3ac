"""What is wrong with the HTML of a page: parse errors, content models, names, outline, what its policy forbids."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import tinyhtml5.parser
import turbohtml
from turbohtml import Document, Element
from turbohtml.conformance import check

LABELLED = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"
HANDLERS = re.compile(r"on[a-z]+")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "list", "form")

# Elements whose content is words only (HTML, "phrasing content"), and what is not words.
PHRASING_ONLY = {"p", "span", "a", "label", "legend", "button", "strong", "em", "h1", "h2", "h3", "h4", "dt", "summary"}
WRAPPERS = {"a"}  # transparent: what it may hold is what its parent may
BLOCKS = {
    *("address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer"),
    *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section"),
    *("table", "ul", "li", "dd", "dt"),
}
MAY_HOLD = {"legend": {"h1", "h2", "h3", "h4"}, "summary": {"h2", "h3", "h4"}}
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
}
PARENTS = {"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "legend": {"fieldset"}}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "label"}


TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+"')
ATTRIBUTES = re.compile(r"<([a-z0-9]+)(?:\s[^<>]*)>")
WORDS = re.compile(r">[^<]*[^<\s][^<]*<")
SPACE = re.compile(r">\s+<")


def faults(html: str, language: str) -> list[str]:
    """Every fault of a whole page that should be in the language; none is how it must be."""
    # Hundreds of tests meet the same error page; it is looked at once, whatever its forms' token is.
    return list(_faults(TOKEN.sub(r'\1token"', html), language))


@lru_cache(maxsize=1000)
def _faults(html: str, language: str) -> tuple[str, ...]:
    document = turbohtml.parse(html)
    return (
        *(f"{found.code} (line {found.line})" for found in document.errors),
        *_misplaced_tags(html),
        *(f"{found.code}: {found.message} (line {found.line})" for found in check(document).errors),
        *_document(document, language),
        *_outline(document),
        *_content(document),
        *_names(document),
        *_references(document),
        *_policy(document),
    )


def _misplaced_tags(html: str) -> Iterator[str]:
    """The parse errors of tree construction, which turbohtml mends without a word.

    A slow parser tells them, so it first reads what many pages share: their tags, without attributes and words.
    """
    if _tags_are_well_placed(SPACE.sub("><", WORDS.sub(">x<", ATTRIBUTES.sub(r"<\1>", html)))):
        return
    parser = tinyhtml5.parser.HTMLParser()
    parser.parse(html)
    for (line, _column), code, values in parser.errors:
        yield f"{code} {values or ''} (line {line}: {html.splitlines()[line - 1].strip()[:80]})"


@lru_cache(maxsize=5000)
def _tags_are_well_placed(tags: str) -> bool:
    parser = tinyhtml5.parser.HTMLParser()
    parser.parse(tags)
    return not parser.errors


def _document(document: Document, language: str) -> Iterator[str]:
    root = document.select_one("html")
    if root is None or root.attr("lang") != language:
        yield f"the page's lang is {root.attr('lang') if root else None}, not {language}"
    title = document.select_one("title")
    if title is None or not title.text.strip(" –") or title.text.strip().startswith("–"):
        yield "the page has no title"
    for tag in ("h1", "main"):
        if len(document.select(tag)) != 1:
            yield f"the page has {len(document.select(tag))} <{tag}>, not one"


def _outline(document: Document) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in document.select("h1, h2, h3, h4, h5, h6")]
    if levels and levels[0] != 1:
        yield f"the first heading is of level {levels[0]}"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    for heading in document.select("h1, h2, h3, h4, h5, h6"):
        if not heading.text.strip():
            yield f"an empty <{heading.tag}>"


def _content(document: Document) -> Iterator[str]:
    body = document.select_one("body")
    assert body is not None
    for element in body.select("*"):
        parent = element.parent
        if not isinstance(parent, Element):
            continue
        if parent.tag in CHILDREN and element.tag not in CHILDREN[parent.tag]:
            yield f"<{element.tag}> in <{parent.tag}>: {_shown(element)}"
        if element.tag in PARENTS and parent.tag not in PARENTS[element.tag]:
            yield f"<{element.tag}> outside its list: {_shown(element)}"
        if element.tag in BLOCKS and (holder := _words_only(parent)) and element.tag not in MAY_HOLD.get(holder, ()):
            yield f"<{element.tag}> in <{holder}>, which holds words only: {_shown(element)}"
        if element.tag in INTERACTIVE and (outer := _interactive(parent)) and outer != "label":
            yield f"<{element.tag}> in <{outer}>: {_shown(element)}"


def _words_only(element: Element) -> str | None:
    """The element that allows words only, seen through the transparent ones around."""
    while element.tag in WRAPPERS and isinstance(element.parent, Element):
        element = element.parent
    return element.tag if element.tag in PHRASING_ONLY else None


def _interactive(element: Element | None) -> str | None:
    while isinstance(element, Element):
        if element.tag in INTERACTIVE:
            return element.tag
        parent = element.parent
        element = parent if isinstance(parent, Element) else None
    return None


def _names(document: Document) -> Iterator[str]:
    labels = {label.attr("for") for label in document.select("label[for]") if label.text.strip()}
    for control in document.select(LABELLED):
        named = control.attr("aria-label") or control.attr("aria-labelledby")
        around = control.closest("label")
        if not (named or control.attr("id") in labels or (around is not None and around.text.strip())):
            yield f"no label: {_shown(control)}"
    for element in document.select("a[href], button, summary"):
        alternatives = any(image.attr("alt") for image in element.select("img"))
        if not (element.text.strip() or element.attr("aria-label") or alternatives):
            yield f"no name: {_shown(element)}"
    for group in document.select("fieldset"):
        if group.select_one("legend") is None:
            yield f"no legend: {_shown(group)}"
    for link in document.select("a[href='']"):
        yield f"a link to nowhere: {_shown(link)}"


def _references(document: Document) -> Iterator[str]:
    ids = Counter(str(element.attr("id")) for element in document.select("[id]"))
    yield from (f"the id {id_} is there {count} times" for id_, count in ids.items() if count > 1)
    for attribute in REFERENCES:
        for element in document.select(f"[{attribute}]"):
            for id_ in str(element.attr(attribute)).split():
                if id_ not in ids:
                    yield f"{attribute}={id_} leads to nothing: {_shown(element)}"
    for link in document.select("a[href^='#']"):
        if str(link.attr("href"))[1:] not in ids:
            yield f"a link to a place that is not there: {_shown(link)}"


def _policy(document: Document) -> Iterator[str]:
    for element in document.select("*"):
        for name in element.attrs:
            if name == "style" or HANDLERS.fullmatch(name):
                yield f"an inline {name}: {_shown(element)}"
    for element in document.select("style, script:not([src])"):
        yield f"an inline <{element.tag}>"
    for element in document.select("[src], link[rel~=stylesheet], link[rel~=icon]"):
        address = str(element.attr("src") or element.attr("href"))
        if not (address.startswith("/") and not address.startswith("//")) and not address.startswith("data:image/"):
            yield f"something from elsewhere: {_shown(element)}"


def _shown(element: Element) -> str:
    return re.sub(r"\s+", " ", element.html)[:120]
