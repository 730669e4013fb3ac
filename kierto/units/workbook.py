"""Workbooks of spreadsheet programs (xlsx): their rows as text, and small ones written.

A file may be made to harm: it is unpacked only when what it says to hold is little, and nothing in it is ever run. Of a
formula the value counts that the spreadsheet has last worked out.
"""

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zipfile import BadZipFile, ZipFile

MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
_MINUTE = timedelta(minutes=1)


class NoWorkbook(Exception):
    """The bytes are no workbook that can be read."""


class TooBig(Exception):
    """Unpacked, the file is larger than any table of ours."""


def rows(content: bytes, columns: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that has any, numbered as shown, each at most so many cells wide.

    Raises:
        NoWorkbook, TooBig: see there.
    """
    from openpyxl import load_workbook  # here: it takes half a second, and few need it

    _weigh(content)
    blank = (None,) * columns
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of parts that it leaves out
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some programs write wrong ones
                found = False
                for number, cells in enumerate(sheet.iter_rows(max_col=columns, values_only=True), 1):
                    if cells != blank:  # a sheet may have a million such
                        found = True
                        yield number, [_said(cell) for cell in cells]
                if found:
                    return
    except GeneratorExit:
        raise
    except Exception as fault:  # whatever its parts are, openpyxl fails in many ways
        raise NoWorkbook from fault


def _weigh(content: bytes) -> None:
    try:
        parts = ZipFile(io.BytesIO(content)).infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError) as fault:
        raise NoWorkbook from fault
    # zipfile unpacks no more of a part than it says to hold.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooBig


def _said(value: object) -> str:
    """A cell as a person would type it: whole numbers without a point, days in ISO 8601, times as 9:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, timedelta):
        minutes = round(value / _MINUTE)  # spreadsheets keep times as parts of a day, a hair beside the minute
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def written(lines: Iterable[Sequence[str]], title: str) -> bytes:
    """A workbook of one sheet with these rows; the first is its header.

    Every cell is text, so that no program turns 9.00 into a number, or takes what begins with = for a formula.
    """
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    sheet.freeze_panes = "A2"
    for number, cells in enumerate(lines, 1):
        for place, text in enumerate(cells, 1):
            cell = sheet.cell(number, place)
            assert isinstance(cell, Cell)
            cell.value = text
            cell.data_type = "s"
            cell.number_format = "@"
            if number == 1:
                cell.font = Font(bold=True)
                column = sheet.column_dimensions[cell.column_letter]
                column.width = max(18.0, len(text) + 4.0)
                column.number_format = "@"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
