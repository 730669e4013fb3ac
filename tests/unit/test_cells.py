from datetime import date, time

import pytest

from kierto.experts.old_register import COLUMNS as OF_EXPERTS
from kierto.units.cells import date_of, near, time_of, weekday_of, yes_or_no
from kierto.units.importing import COLUMNS as OF_UNITS
from kierto.units.importing_hours import COLUMNS as OF_HOURS
from kierto.units.table import Column


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9", time(9)),
        ("09.05", time(9, 5)),
        ("15.3", time(15, 30)),
        ("15,30", time(15, 30)),
        ("kl 13", time(13)),
        ("klo 13.15", time(13, 15)),
        ("13 h", time(13)),
        ("13:00:00", time(13)),
        ("0.375", time(9)),
        ("0,645833333333333", time(15, 30)),
        ("0.0", time(0)),
        ("9.5", None),
        ("24", None),
        ("9.60", None),
        ("0.99999", None),
        ("9-12", None),
        ("-1", None),
        ("", None),
        ("yhdeksän", None),
    ],
)
def test_times(text: str, at: time | None) -> None:
    assert time_of(text) == at


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("ma maanantai maanantaisin må mån måndag måndagar Mon MONDAY 1", 1),
        ("to torstai tors torsdag Thu thursday 4", 4),
        ("ke keskiviikko on ons onsdag wed 3", 3),
        ("su sunnuntai sö söndag sun 7", 7),
        ("0 8 arki x", None),
    ],
)
def test_weekdays(names: str, number: int | None) -> None:
    assert {weekday_of(name) for name in names.split()} == {number}


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("24.1.2027", date(2027, 1, 24)),
        ("24.01.2027", date(2027, 1, 24)),
        ("2027-01-24", date(2027, 1, 24)),
        ("2027-01-24 9:30", date(2027, 1, 24)),
        ("31.2.2027", None),
        ("24.1.", None),
        ("tammikuu 2027", None),
    ],
)
def test_days(text: str, on: date | None) -> None:
    assert date_of(text) == on


def test_yes_and_no() -> None:
    assert {yes_or_no(word) for word in ("Kyllä", "ja", "YES", "x", "1", "on")} == {True}
    assert {yes_or_no(word) for word in ("Ei", "nej", "no", "0", "-", "–")} == {False}
    assert yes_or_no("ehkä") is None


def test_what_is_near_is_offered_likest_first() -> None:
    known = {"terveysasema": "terveysasema", "health centre": "health centre", "osasto": "osasto"}
    assert near("terveys-asema", known) == ["terveysasema"]
    assert near("Healt center", known) == ["health centre"]
    assert near("parturi", known) == []


@pytest.mark.parametrize("columns", [OF_UNITS, OF_HOURS, OF_EXPERTS])
def test_no_header_means_two_columns(columns: tuple[Column, ...]) -> None:
    assert all(len(column.aliases) > 1 for column in columns), "each has a header in Finnish and in Swedish"
    headers = [text for column in columns for text in {column.name.replace("_", " "), *column.aliases}]
    assert len(headers) == len(set(headers))
