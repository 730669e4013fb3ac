"""The 23 public organisations: the wellbeing services counties, Helsinki and HUS, by name in three languages.

`counties.csv` has their names, and whether the area is bilingual (Finnish and Swedish).
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from kierto.words import Localised


class County(NamedTuple):
    """A public organisation as its own law names it."""

    name: Localised
    bilingual: bool


@cache
def counties() -> tuple[County, ...]:
    """All of them, in the order of the file: by the Finnish alphabet, Helsinki and HUS last."""
    text = files(__package__).joinpath("counties.csv").read_text(encoding="utf-8")
    return tuple(
        County(Localised(row["name_fi"], row["name_sv"], row["name_en"]), row["bilingual"] == "yes")
        for row in csv.DictReader(text.splitlines())
    )
