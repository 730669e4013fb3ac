"""How much a browser fetches for the start page: `python -m tests.bench.weight`; aim: under 60 KB."""

import gzip
import re
import tempfile
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import turbohtml

from tests.running import serving, settle

AIM = 60_000
LOADED = "link[rel=stylesheet], link[rel=icon], script[src], img[src]"
_NAMED = re.compile(r"""url\(["']?((?!data:)[^"')]+)["']?\)""")
"""What a stylesheet loads; its drawings in data URLs are in it already."""

PACKED_ALREADY = ".woff2"


def weights(url: str) -> dict[str, int]:
    """Every file that the page at the address loads, and the page itself: bytes as a server sends them, gzipped."""
    page = _fetched(url)
    addresses = [
        urljoin(url, str(element.attrs.get("href") or element.attrs["src"]))
        for element in turbohtml.parse(page.decode()).select(LOADED)
    ]
    found = {url: len(gzip.compress(page))}
    while addresses:
        address = addresses.pop(0)
        if address in found:
            continue
        body = _fetched(address)
        if ".css" in address:
            addresses += [urljoin(address, name) for name in _NAMED.findall(body.decode())]
        found[address] = len(body) if PACKED_ALREADY in address else len(gzip.compress(body))
    return found


def _fetched(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - a site of our own
        body: bytes = answer.read()
        return body


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kierto-weight-") as folder:
        instance = Path(folder, "instance")
        instance.mkdir()
        with serving(settle(instance), Path(folder, "served")) as site:
            found = weights(site.url)
    for address, size in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"{size:>8,}  {address.removeprefix(site.url).partition('?')[0] or '/'}")
    print(f"{sum(found.values()):>8,}  all of the start page, gzipped (aim: under {AIM:,})")


if __name__ == "__main__":
    main()
