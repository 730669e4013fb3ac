import pytest

from kierto.units.municipalities import municipality, names, near, said
from kierto.words import speaking


def test_there_are_308_with_a_name_in_both_languages() -> None:
    assert len(names("fi")) == len(set(names("fi"))) == len(set(names("sv"))) == 308
    assert sum(said(name, "sv") != name for name in names("fi")) == 90


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Helsinki", "Helsinki"),
        (" HELSINGFORS ", "Helsinki"),
        ("mänttä  vilppula", "Mänttä-Vilppula"),
        ("Pedersöre", "Pedersören kunta"),
        ("S:t Karins", "Kaarina"),
        ("Pertunmaa", None),
        ("", None),
    ],
)
def test_a_municipality_goes_by_either_name(text: str, name: str | None) -> None:
    assert municipality(text) == name


@pytest.mark.parametrize(
    ("text", "first"),
    [("Helsinky", "Helsinki"), ("Ähtari", "Ähtäri"), ("Jakobsstad", "Pietarsaari"), ("Kosk", "Koski Tl")],
)
def test_what_is_nearly_one_is_offered(text: str, first: str) -> None:
    found = near(text)
    assert first in found
    assert len(found) <= 3


def test_nothing_is_offered_for_what_is_like_none() -> None:
    assert near("xyzzy") == near("") == []


def test_they_are_said_and_sorted_in_the_readers_language() -> None:
    with speaking("sv"):
        assert said("Turku") == "Åbo"
        assert said("Kajaani") == "Kajana"
        assert names()[-2:] == ["Östermark", "Övertorneå"]
    assert said("Turku", "en") == "Turku"
    assert said("Atlantis", "sv") == "Atlantis"
    assert names("fi")[-2:] == ["Ähtäri", "Äänekoski"]
