import csv
import io
from contextlib import suppress
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kierto.units import workbook
from kierto.units.table import MOST_COLUMNS, MOST_ROWS, Column, NotATable, Row, csv_of, read
from tests.scenes_imports import sheet

HEADER = "name_fi,service\n"
COLUMNS = (Column("name_fi", ("nimi", "yksikön nimi"), True), Column("service", ("palvelu",), True), Column("name_sv"))
NAMED = (Column("name", ("nimi",), True, 0, ("first_name", "last_name")), Column("first_name"), Column("last_name"))


def rows(content: str | bytes, encoding: str = "utf-8") -> list[Row]:
    return read(content.encode(encoding) if isinstance(content, str) else content, COLUMNS).rows


# ---- CSV ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_in_many_ways(encoding: str, separator: str, newline: str) -> None:
    text = newline.join(
        separator.join(cells) for cells in [("name_fi", "service"), ("Jakomäen terveysasema", "terveysasema")]
    )
    assert rows(text, encoding) == [Row(2, {"name_fi": "Jakomäen terveysasema", "service": "terveysasema"}, 0)]


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_is_read_either_way_round(mark: bytes, encoding: str) -> None:
    assert rows(mark + (HEADER + "Ähtäri,ward\n").encode(encoding))[0].cells["name_fi"] == "Ähtäri"


@pytest.mark.parametrize(
    "header", [" Name FI ,SERVICE", "Nimi:,Palvelu *", "YKSIKÖN_NIMI,palvelu", "yksikön-nimi,Palvelu"]
)
def test_headers_may_be_written_as_people_write(header: str) -> None:
    assert rows(f"{header}\nMalmi,ward\n")[0].cells == {"name_fi": "Malmi", "service": "ward"}


def test_a_first_line_may_name_the_separator() -> None:
    found = rows("sep=;\nname_fi;service\nMalmi, Helsinki;ward\n")
    assert (found[0].number, found[0].cells["name_fi"]) == (3, "Malmi, Helsinki")


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    found = rows(HEADER + '"Malmi\ntwo lines",ward\n\n,,\nHaaga,ward\n')
    assert [(row.number, row.cells["name_fi"]) for row in found] == [(2, "Malmi two lines"), (5, "Haaga")]


def test_short_rows_are_filled_and_long_ones_noticed() -> None:
    short, long, trailing = rows(HEADER + "Malmi\nHaaga,ward,Helsinki\nKallio,ward,,\n")
    assert (short.cells["service"], short.surplus) == ("", 0)
    assert (long.surplus, trailing.surplus) == (1, 0)


def test_unasked_columns_are_named_and_those_that_should_not_be_there_apart() -> None:
    table = read(b"nimi,Phone,service,Secret thing,\nMalmi,1,ward,x,\n", COLUMNS, ("secret",))
    assert (table.ignored, table.withheld) == (["Phone"], ["Secret thing"])
    assert table.headers == {"name_fi": "nimi", "service": "service"}


def test_parts_may_stand_for_the_whole() -> None:
    table = read(b"Last name,First name\nMallikas,Maija\n", NAMED)
    assert table.rows[0].cells["name"] == "Maija Mallikas"
    with pytest.raises(NotATable):
        read(b"First name\nMaija\n", NAMED)


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        (b"", 1, "name_fi"),
        (b"name_fi\nMalmi\n", 1, "service"),
        (b"name_fi,service,Name_fi\n", 1, "name_fi"),
        (b"name_fi,service,nimi\n", 1, "name_fi"),
        (b"PK\x03\x04 no workbook", 1, ""),
        (b"\xd0\xcf\x11\xe0 an old one", 1, ""),
        (b"\x89PNG\x00\x00\x01", 1, ""),
        (b"\xff\xfe\x00", 1, ""),
        ("name_fi,service\n".encode("utf-32"), 1, ""),
        (b"name_fi,service\n\x81\xff", 1, ""),
        (b'name_fi,service\nMalmi,ward\n"Haaga" x,ward\n', 3, ""),
        (b'name_fi,service\n"Malmi,ward\n', 2, ""),
        (HEADER.encode() + b"Malmi,ward\n" * (MOST_ROWS + 1), MOST_ROWS + 2, ""),
        (",".join(["name_fi", "service", *map(str, range(MOST_COLUMNS))]).encode(), 1, ""),
    ],
)
def test_what_is_no_table_says_where(content: bytes, row: int, column: str) -> None:
    with pytest.raises(NotATable) as found:
        rows(content)
    assert found.value.problem[:2] == (row, column)
    assert found.value.problem.message % found.value.problem.values


def test_as_many_rows_as_may_be_are_read_empty_ones_not_counted() -> None:
    assert len(rows(HEADER + "\nMalmi,ward\n" * MOST_ROWS)) == MOST_ROWS


# ---- workbooks ----


def test_the_first_sheet_that_has_rows_is_read() -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in ([], ["Palvelu", None, "Nimi"], [], ["ward", None, "Malmi"]):
        book.create_sheet("Toinen") if len(book.worksheets) < 2 else None
        book.worksheets[1].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert rows(buffer.getvalue()) == [Row(4, {"name_fi": "Malmi", "service": "ward"}, 0)]


def test_a_formula_is_never_worked_out() -> None:
    assert rows(sheet(["name_fi", "service"], ["=1+1", "ward"]))[0].cells["name_fi"] == ""
    kept = workbook.written([["name_fi", "service"], ["=1+1", "ward"]], "x")
    assert rows(kept)[0].cells["name_fi"] == "=1+1", "as text it stays, and the row is a problem"


def test_a_sheet_of_a_million_empty_rows_is_quickly_read() -> None:
    from openpyxl import Workbook

    book = Workbook()
    for place, text in (("A1", "name_fi"), ("B1", "service"), ("A1048576", "Malmi")):
        book.worksheets[0][place] = text
    buffer = io.BytesIO()
    book.save(buffer)
    assert [row.number for row in rows(buffer.getvalue())] == [1048576]


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part of it replaced or added."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, part)
    return buffer.getvalue()


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = repacked(sheet(["name_fi", "service"]), "xl/media/x.bin", b"\0" * (workbook.MOST_UNPACKED + 1))
    assert len(bomb) < 200_000
    with pytest.raises(NotATable) as found:
        rows(bomb)
    assert "too big inside" in found.value.problem.message


def test_entities_that_multiply_are_refused() -> None:
    many = '<!ENTITY a0 "xxxxxxxxxx">'
    for number in range(1, 12):
        many += f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">'
    cell = '<sheetData><row r="1"><c t="str"><v>&a11;</v></c></row></sheetData>'
    part = f'<?xml version="1.0"?><!DOCTYPE worksheet [{many}]><worksheet>{cell}</worksheet>'
    with pytest.raises(NotATable):
        rows(repacked(sheet(["name_fi", "service"]), "xl/worksheets/sheet1.xml", part.encode()))


def test_a_csv_file_for_spreadsheets_holds_no_formula() -> None:
    text = csv_of([["a", "=1+1", "+358", "@x", "-1", "ä;b"]]).decode("utf-8-sig")
    assert text == "a;'=1+1;'+358;'@x;'-1;\"ä;b\"\r\n"


# ---- any table ----

WORDS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters="äöåÄÖÅ–’"), min_size=1, max_size=8)
CELLS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join) | st.just("")
TABLES = st.lists(st.tuples(CELLS, CELLS), max_size=8)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[tuple[str, str]], bytes]:
    """A table, and the same as bytes, written in some way."""
    table = draw(TABLES)
    kind = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "xlsx"]))
    if kind == "xlsx":
        return table, workbook.written([["name_fi", "service"], *table], "x")
    if kind == "cp1252":
        table = [(in_windows(first), in_windows(second)) for first, second in table]
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer, delimiter=draw(st.sampled_from(",;\t")), lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerows([["name_fi", "service"], *table])
    content = buffer.getvalue().encode(kind)
    if kind == "cp1252":
        assume(content.isascii() or not is_utf8(content))  # a few texts look like another encoding's
    return table, content


def in_windows(text: str) -> str:
    return text.encode("cp1252", "ignore").decode("cp1252").strip()


def is_utf8(content: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        content.decode("utf-8")
        return True
    return False


@settings(max_examples=150)
@given(files())
def test_any_table_written_in_any_way_is_read_back_equal(given: tuple[list[tuple[str, str]], bytes]) -> None:
    table, content = given
    expected = [tuple(" ".join(cell.split()) for cell in row) for row in table]
    assert [(row.cells["name_fi"], row.cells["service"]) for row in rows(content)] == [
        row for row in expected if any(row)
    ]


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_a_table_or_a_problem(content: bytes) -> None:
    with suppress(NotATable):
        rows(content)


WHOLE = sheet(["name_fi", "service"], ["Malmi", "ward"])
"""Made once: a workbook holds the time at which it was made."""


@settings(max_examples=60)
@given(st.data())
def test_a_broken_workbook_is_a_table_or_a_problem(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for place in data.draw(st.lists(st.integers(4, len(whole) - 1), min_size=1, max_size=5)):
        whole[place] = data.draw(st.integers(0, 255))
    with suppress(NotATable):
        rows(bytes(whole))
