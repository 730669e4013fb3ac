"""How long the sentences of pages are: `python -m tests.bench.words`.

Every page that the demonstration's people find, in Finnish; mean words a sentence on pages that experts come to, beside
those of coordinators. Sentences are what stands in paragraphs, list items, hints and questions of a page's main part.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import turbohtml
from werkzeug.routing import Map

from kierto.app import create_app
from kierto.settings import Settings
from tests.browser.crawl import VISITOR, Surfer, crawl, players
from tests.running import serving, settle

TEXTS = "main p, main li, main dd, main legend, main label, main [data-field=description]"
WHOLE = re.compile(r"[^.!?…]+[.!?…]")
GROUPS = {"experts": "experts", "host contacts": "host-contacts", "coordinators": "coordinators"}


class Read(NamedTuple):
    """Who read how many different sentences on how many pages, and how many words each has."""

    who: str
    pages: int
    words: list[int]


def sentences(page: turbohtml.Document) -> Iterable[str]:
    """The page's whole sentences: with an end, and of more than one word."""
    for element in page.select(TEXTS):
        if not element.select("p, li, dd, legend, label"):
            for found in WHOLE.findall(" ".join(element.text.split())):
                if len(found.split()) > 1:
                    yield found.strip()


def read(surfer: Surfer, who: str, beginnings: list[str], addresses: Map) -> Read:
    """Everything the surfer finds, each sentence once."""
    pages, found = 0, set[str]()
    for one in crawl(surfer, who, beginnings, addresses):
        page = surfer.get(one.path)
        if page is not None:
            pages += 1
            found.update(sentences(page))
    return Read(who, pages, [len(sentence.split()) for sentence in found])


def main() -> None:
    """Print a line for each group of people."""
    with TemporaryDirectory() as folder:
        demonstration = Path(folder) / "demonstration"
        demonstration.mkdir()
        settle(demonstration)
        settings = Settings.from_environ({"KIERTO_INSTANCE": str(demonstration), "KIERTO_DEMO": "1"})
        addresses = create_app(settings).url_map
        with serving(demonstration, Path(folder) / "site") as site:
            offered = players(site)
            results = [read(Surfer(site, "fi"), VISITOR, ["/"], addresses)]
            for who, group in GROUPS.items():
                surfer = Surfer(site, "fi")
                surfer.enter(offered[group][0])
                results.append(read(surfer, who, ["/me"], addresses))
    for who, pages, words in results:
        longest = round(quantiles(words, n=10)[-1])
        print(
            f"{who}: {pages} pages, {len(words)} sentences, mean {mean(words):.1f} words, nine of ten up to {longest}"
        )


if __name__ == "__main__":
    main()
