"""A table as people save it from a spreadsheet: bytes to rows, whatever the encoding and the separator."""

import csv
import io
from collections.abc import Collection, Iterator
from typing import NamedTuple

from kierto.words import N_

SEPARATORS = ",;\t"
HEADER_ROW = 1


class Problem(NamedTuple):
    """What is wrong with one cell: the row as a spreadsheet counts it, an English source string, its values."""

    row: int
    column: str
    message: str
    values: dict[str, object]


class NotATable(Exception):
    """The file cannot be read as rows and columns at all."""

    def __init__(self, row: int, message: str, column: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(row, column, message, {"column": column})


class Row(NamedTuple):
    """One row under the header: its number as a spreadsheet counts, its cells by column, how many cells too many."""

    number: int
    cells: dict[str, str]
    surplus: int


class Table(NamedTuple):
    """The rows of a file; `ignored` names the columns that nobody asked for."""

    rows: list[Row]
    ignored: list[str]


def read(content: bytes, required: Collection[str], optional: Collection[str]) -> Table:
    """Read CSV with a header: UTF-8 or Windows-1252; comma, semicolon or tab. Empty rows are left out.

    Raises:
        NotATable: it is no such file, or lacks a column.
    """
    lines = _lines(_text(content))
    header_row, header = next(lines, (HEADER_ROW, []))
    names = [" ".join(cell.split()).lower().replace(" ", "_") for cell in header]
    for name in required:
        if name not in names:
            raise NotATable(header_row, N_("The file has no column “%(column)s”. Add it."), name)
    for name in (*required, *optional):
        if names.count(name) > 1:
            raise NotATable(header_row, N_("The file has the column “%(column)s” twice."), name)
    wanted = {name: index for index, name in enumerate(names) if name in required or name in optional}
    rows = []
    for number, cells in lines:
        padded = [" ".join(cell.split()) for cell in cells] + [""] * (len(names) - len(cells))
        surplus = sum(1 for cell in padded[len(names) :] if cell)
        rows.append(Row(number, {name: padded[index] for name, index in wanted.items()}, surplus))
    return Table(rows, [cell for cell, name in zip(header, names, strict=True) if name and name not in wanted])


def _text(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04") or b"\x00" in content[:1000]:
        raise NotATable(HEADER_ROW, N_("This is not a CSV file. Save the table in CSV format first."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable(HEADER_ROW, N_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, numbered as a spreadsheet counts them."""
    first = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    number = HEADER_ROW
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as fault:
        raise NotATable(number + 1, N_("This row cannot be read. Look at its quotation marks.")) from fault
