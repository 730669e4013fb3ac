from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kierto.units.table import NotATable, Row, read

HEADER = "name_fi,service\n"


def rows(text: str, encoding: str = "utf-8") -> list[Row]:
    return read(text.encode(encoding), ("name_fi", "service"), ("name_sv",)).rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_in_many_ways(encoding: str, separator: str, newline: str) -> None:
    text = newline.join(
        separator.join(cells) for cells in [("name_fi", "service"), ("Jakomäen terveysasema", "terveysasema")]
    )
    assert rows(text, encoding) == [Row(2, {"name_fi": "Jakomäen terveysasema", "service": "terveysasema"}, 0)]


def test_headers_may_be_written_as_people_write() -> None:
    assert rows(" Name FI ,SERVICE\nMalmi,ward\n")[0].cells == {"name_fi": "Malmi", "service": "ward"}


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    found = rows(HEADER + '"Malmi\ntwo lines",ward\n\n,,\nHaaga,ward\n')
    assert [(row.number, row.cells["name_fi"]) for row in found] == [(2, "Malmi two lines"), (5, "Haaga")]


def test_short_rows_are_filled_and_long_ones_noticed() -> None:
    short, long, trailing = rows(HEADER + "Malmi\nHaaga,ward,Helsinki\nKallio,ward,,\n")
    assert (short.cells["service"], short.surplus) == ("", 0)
    assert (long.surplus, trailing.surplus) == (1, 0)


def test_unasked_columns_are_named() -> None:
    table = read(b"name_fi,Phone,service,\nMalmi,1,ward,\n", ("name_fi", "service"), ())
    assert table.ignored == ["Phone"]


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        (b"", 1, "name_fi"),
        (b"name_fi\nMalmi\n", 1, "service"),
        (b"name_fi,service,Name_fi\n", 1, "name_fi"),
        (b"PK\x03\x04 an Excel file", 1, ""),
        ("name_fi,service\n".encode("utf-16"), 1, ""),
        (b"name_fi,service\n\x81\xff", 1, ""),
        (b'name_fi,service\nMalmi,ward\n"Haaga" x,ward\n', 3, ""),
        (b'name_fi,service\n"Malmi,ward\n', 2, ""),
    ],
)
def test_what_is_no_table_says_where(content: bytes, row: int, column: str) -> None:
    with pytest.raises(NotATable) as found:
        read(content, ("name_fi", "service"), ())
    assert found.value.problem[:2] == (row, column)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_problem(content: bytes) -> None:
    with suppress(NotATable):
        read(content, ("name_fi",), ())


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=10), min_size=1))
def test_names_come_through_unchanged(names: list[str]) -> None:
    quoted = "".join('"{}",ward\n'.format(name.replace('"', '""')) for name in names)
    assert [row.cells["name_fi"] for row in rows(HEADER + quoted)] == names
