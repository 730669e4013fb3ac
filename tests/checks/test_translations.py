"""Every word that people read is there in Finnish and Swedish, sure of itself, with the same places to fill."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from kierto.words.language import CATALOGUES

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ("fi", "sv")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def key(message: str | tuple[str, ...] | list[str]) -> str:
    """A plural's first form names it, as in the catalogue."""
    return message if isinstance(message, str) else message[0]


def forms(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """One form, or those of a plural."""
    return (said,) if isinstance(said, str) else tuple(said or ())


@cache
def sources() -> dict[str, tuple[str, ...]]:
    """Every source string of programs and templates, as `make words` finds them; both forms of a plural."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's own, without types
    keywords = DEFAULT_KEYWORDS | parse_keywords(["N_", "lazy_gettext", "plural:1,2", "_setting:1"])
    found = {}
    for _file, _line, message, _comments, _context in _extracted(methods, options, keywords):
        found[key(message)] = forms(message)
    return found


def _extracted(methods: list[tuple[str, str]], options: dict[str, dict[str, str]], keywords: dict[str, object]) -> list:  # type: ignore[type-arg]  # Babel's own tuples
    inside = ("kierto", "templates")
    return list(
        extract_from_dir(
            ROOT,
            methods,
            options,
            keywords,  # type: ignore[arg-type]  # as pybabel hands them over
            directory_filter=lambda path: (
                any(Path(path).is_relative_to(ROOT / name) for name in inside) and "vendor" not in Path(path).parts
            ),
        )
    )


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def test_source_strings_are_found() -> None:
    assert len(sources()) > 300
    assert "The meeting is full. You can join the waiting list." in sources()
    assert "%(num)s unit" in sources()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language: str) -> None:
    there = {key(message.id): message for message in messages(language)}
    assert sorted(set(sources()) - set(there)) == [], "make words, then translate"
    assert [id_ for id_ in sources() if not all(forms(there[id_].string))] == []
    assert [id_ for id_ in sources() if len(forms(there[id_].string)) != len(sources()[id_])] == [], (
        "a plural has its forms"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_catalogue_is_unsure_or_left_over(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []
    assert sorted({key(message.id) for message in messages(language)} - set(sources())) == []
    assert list(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_the_same_places(language: str) -> None:
    wrong = []
    for message in messages(language):
        source = forms(message.id)
        wanted = set(PLACE.findall(source[-1]))
        for number, form in enumerate(forms(message.string)):
            places = set(PLACE.findall(form))
            # The form for one may say the number as a word.
            missing = wanted - places - ({"%(num)s"} if len(source) > 1 and number == 0 else set())
            if missing or places - wanted:
                wrong.append((key(message.id), form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_source(language: str) -> None:
    """A sentence stays a sentence, a question a question; no spaces come around it."""
    wrong = []
    for message in messages(language):
        end = next((one for one in ".?:!" if key(message.id).endswith(one)), "")
        wrong += [form for form in forms(message.string) if form != form.strip() or not form.endswith(end)]
    assert wrong == []
