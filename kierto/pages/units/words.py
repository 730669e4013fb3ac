"""What a page says of a unit in words: when it hosts; and the list of units as a table of text."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from kierto.units import hosting, municipalities
from kierto.units.models import Unit
from kierto.units.rules import Hours
from kierto.words import N_, gettext, spoken, weekday


class Day(NamedTuple):
    """A day of the week and its hosting hours in words."""

    name: str
    hours: str


def week(hours: Sequence[Hours]) -> list[Day]:
    """The hosting hours day by day, days alike in a row as one; days without any are left out."""
    days = [(number, hosting.written(spans)) for number, spans in groupby(hours, key=lambda one: one.weekday)]
    found: list[Day] = []
    # Numbers less their place in the list stay the same as long as days follow each other.
    for (_run, text), alike in groupby(enumerate(days), key=lambda item: (item[1][0] - item[0], item[1][1])):
        numbers = [number for _place, (number, _text) in alike]
        found.append(Day(" – ".join(weekday(number) for number in dict.fromkeys((numbers[0], numbers[-1]))), text))
    return found


def as_csv(units: Iterable[Unit]) -> str:
    """The units as a CSV file with semicolons, as Finnish spreadsheets open them."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    heads: tuple[str, ...] = (
        N_("Name in Finnish"),
        N_("Name in Swedish"),
        N_("Name in English"),
        N_("Service"),
        N_("Street address"),
    )
    heads += (N_("Municipality"), N_("Languages of service"), N_("No longer in use since"))
    rows.writerow(gettext(head) for head in heads)
    for unit in units:
        retired = unit.retired_on.isoformat() if unit.retired_on else ""
        cells = [unit.name.fi, unit.name.sv, unit.name.en, str(unit.service.name), unit.street_address]
        cells += [municipalities.said(unit.municipality), ", ".join(spoken(one) for one in unit.languages), retired]
        rows.writerow(_harmless(cell or "") for cell in cells)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet takes what begins with one of these for a formula; behind an apostrophe it is text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
