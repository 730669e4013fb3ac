"""A table as people save it from a spreadsheet: bytes to rows, whatever the format, the encoding and the separator."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kierto.units import workbook
from kierto.words import N_, Language, folded

SEPARATORS = ",;\t"
HEADER_ROW = 1
MOST_ROWS = 5_000
MOST_COLUMNS = 100

_OLE = b"\xd0\xcf\x11\xe0"
"""How files of Excel before 2007, and those behind a password, begin."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class Column(NamedTuple):
    """What a file may tell of a thing: its name, what else people call it, whether it is needed, how long it may be.

    The first of the `aliases` is its header in Finnish, the second in Swedish; in English it is its name. `parts`:
    columns that together may stand in its place.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    longest: int = 0
    parts: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[Language, str]:
        """How its header is written in each language."""
        return {"fi": self.aliases[0], "sv": self.aliases[1], "en": self.name}

    @property
    def said(self) -> str:
        """How its header is written, for who has not written it."""
        return " / ".join(dict.fromkeys((*self.aliases[:2], self.name)))


class Problem(NamedTuple):
    """What is wrong with one cell: the row as a spreadsheet counts it, an English source string, its values.

    `cell` is what stands there, where that may be shown: never of a person.
    """

    row: int
    column: str
    message: str
    values: dict[str, object]
    cell: str = ""


class NotATable(Exception):
    """The file cannot be read as rows and columns at all."""

    def __init__(self, row: int, message: str, column: Column | None = None, **values: object) -> None:
        super().__init__(message)
        self.problem = Problem(row, column.name if column else "", message, values)
        if column:
            values["column"] = column.said


class Row(NamedTuple):
    """One row under the header: its number as a spreadsheet counts, its cells by column, how many cells too many."""

    number: int
    cells: dict[str, str]
    surplus: int


class Table(NamedTuple):
    """The rows of a file; `headers` are those that were read, as they are written.

    `ignored` names the columns that nobody asked for, `withheld` those of them that should not be in such a file.
    """

    rows: list[Row]
    ignored: list[str]
    withheld: list[str]
    headers: dict[str, str]


def read(content: bytes, columns: Sequence[Column], withheld: tuple[str, ...] = ()) -> Table:
    """Read a table with a header: xlsx, or CSV in UTF-8, UTF-16 or Windows-1252. Empty rows are left out.

    Raises:
        NotATable: it is no such file, lacks a column, or is too long.
    """
    lines = _lines(content)
    header_row, header = next(lines, (HEADER_ROW, []))
    wanted = _wanted(header_row, header, columns)
    width = max((index + 1 for index, cell in enumerate(header) if cell), default=0)
    joined = {column.name: column.parts for column in columns if column.parts and column.name not in wanted}
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) == MOST_ROWS:
            message = N_("The file has more than %(most)s rows. Divide it into several files.")
            raise NotATable(number, message, most=MOST_ROWS)
        padded = [*cells, *[""] * (len(header) - len(cells))]
        surplus = sum(1 for cell in padded[width:] if cell)
        found = {name: padded[index] for name, index in wanted.items()}
        found |= {whole: " ".join(found[part] for part in parts).strip() for whole, parts in joined.items()}
        rows.append(Row(number, found, surplus))
    others = [cell for index, cell in enumerate(header) if cell and index not in wanted.values()]
    bad = [cell for cell in others if any(part in folded(cell) for part in withheld)]
    headers = {name: header[index] for name, index in wanted.items()}
    return Table(rows, [cell for cell in others if cell not in bad], bad, headers)


def csv_of(lines: Iterable[Sequence[str]]) -> bytes:
    """Rows as a CSV file that Finnish spreadsheets open with its letters and columns right.

    What a spreadsheet would take for a formula has a ' before it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells] for cells in lines)
    return buffer.getvalue().encode("utf-8-sig")


def shape_problems(row: Row, columns: Sequence[Column]) -> Iterator[Problem]:
    """What can be seen wrong with a row before anyone looks at what it means."""
    for column in columns:
        cell = row.cells.get(column.name, "")
        if column.required and not cell:
            yield Problem(row.number, column.name, N_("This cell is empty. Fill it in."), {})
        if cell.startswith("="):
            yield Problem(row.number, column.name, N_("This cell holds a formula. Write its result instead."), {})
        elif cell in _ERRORS:
            yield Problem(row.number, column.name, N_("The spreadsheet shows an error here. Write the value."), {})
        if column.longest and len(cell) > column.longest:
            message = N_("This is too long: at most %(longest)s characters.")
            yield Problem(row.number, column.name, message, {"longest": column.longest})
    if row.surplus:
        message = N_("There is text outside the named columns. In CSV, put quotation marks around a text with commas.")
        yield Problem(row.number, "", message, {})


def _wanted(header_row: int, header: list[str], columns: Sequence[Column]) -> dict[str, int]:
    """Column → its place in the header."""
    called = {_key(text): column.name for column in columns for text in (*column.aliases, column.name)}
    found = [(called[_key(cell)], index) for index, cell in enumerate(header) if _key(cell) in called]
    times = Counter(name for name, _index in found)
    for column in columns:
        if times[column.name] > 1:
            raise NotATable(header_row, N_("The file has the column “%(column)s” twice. Remove one of them."), column)
        if column.required and not times[column.name] and not (column.parts and times.keys() >= set(column.parts)):
            raise NotATable(header_row, N_("The file has no column “%(column)s”. Add it."), column)
    return dict(found)


def _key(header: str) -> str:
    return " ".join(folded(header.replace("_", " ")).rstrip(":* ").split())


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, numbered as a spreadsheet counts them; spaces in cells are single."""
    rows = _sheet(content) if content.startswith(b"PK\x03\x04") else _csv(_text(content))
    for number, cells in rows:
        tidy = [" ".join(cell.split()) for cell in cells]
        if any(tidy):
            if any(tidy[MOST_COLUMNS:]):
                message = N_("The file has more than %(most)s columns. Remove those that are not needed.")
                raise NotATable(number, message, most=MOST_COLUMNS)
            yield number, tidy[:MOST_COLUMNS]


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from workbook.rows(content, MOST_COLUMNS + 1)
    except workbook.TooBig as fault:
        raise NotATable(HEADER_ROW, N_("The file is too big inside. Copy the rows alone into a new file.")) from fault
    except workbook.NoWorkbook as fault:
        message = N_("This file cannot be opened. Save it as an Excel workbook (.xlsx) or as CSV.")
        raise NotATable(HEADER_ROW, message) from fault


def _text(content: bytes) -> str:
    if content.startswith(_OLE):
        message = N_("This is an old Excel file, or it has a password. Save it as .xlsx, without a password.")
        raise NotATable(HEADER_ROW, message)
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NotATable(HEADER_ROW, N_("This is no table. Save it as an Excel workbook (.xlsx) or as CSV."))
        return text
    raise NotATable(HEADER_ROW, N_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip().partition("\n")[0]
    named = first.strip().lower()
    # Excel writes and reads a first line that names the separator.
    told = named[4:] if named.startswith("sep=") and named[4:] in tuple(SEPARATORS) else ""
    separator = told or max(SEPARATORS, key=first.count)
    number = HEADER_ROW
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if not (told and number == HEADER_ROW):
                yield number, cells
    except csv.Error as fault:
        raise NotATable(number + 1, N_("This row cannot be read. Look at its quotation marks.")) from fault
