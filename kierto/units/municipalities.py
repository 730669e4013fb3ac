"""The 308 municipalities of Finland (since 2025, when Pertunmaa joined Mäntyharju), in Finnish and Swedish.

`municipalities.csv` has their names; the Swedish stands only where it is another (Institute for the Languages of
Finland). The Finnish name is the one that is stored, a page says it in the reader's language.

    municipality("helsingfors")   → "Helsinki"
    near("Helsinky")              → ["Helsinki"]
    names("sv")                   → ["Akaa", …, "Åbo", "Östermark", "Övertorneå"]
    said("Turku", "sv")           → "Åbo"
"""

import csv
from functools import cache
from importlib.resources import files

from kierto.units import cells
from kierto.words import Language, current, folded

_LAST = str.maketrans({"å": "{a", "ä": "{b", "ö": "{c"})
"""The last three letters of the alphabet, in its order."""


def municipality(text: str) -> str | None:
    """The Finnish name of the municipality meant by its Finnish or Swedish name, None when there is none such."""
    return _by_folded().get(folded(text))


def near(text: str) -> list[str]:
    """Finnish names of at most three municipalities whose Finnish or Swedish name is like the text, likest first."""
    return cells.near(text, _by_folded())


def names(language: Language | None = None) -> list[str]:
    """Every municipality as it is said in the language (the current one unless named), by the alphabet."""
    return sorted((said(name, language) for name in _swedish()), key=lambda name: name.lower().translate(_LAST))


def said(name: str, language: Language | None = None) -> str:
    """How a municipality with this Finnish name is said in the language (the current one unless named).

    A text that names no municipality is given back as it is.
    """
    return _swedish().get(name) or name if (language or current()) == "sv" else name


@cache
def _swedish() -> dict[str, str]:
    """Finnish name → the Swedish one, empty where it is the same."""
    text = files(__package__).joinpath("municipalities.csv").read_text(encoding="utf-8")
    return {row["name_fi"]: row["name_sv"] for row in csv.DictReader(text.splitlines())}


@cache
def _by_folded() -> dict[str, str]:
    """Folded Finnish or Swedish name → Finnish name."""
    return {folded(text): name for name, swedish in _swedish().items() for text in (swedish, name) if text}
