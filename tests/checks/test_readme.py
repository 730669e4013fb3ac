"""What the documents tell people to do can be done, and what they point to is there."""

import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from kierto.cli import Verbs, main
from kierto.settings import Settings

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]

_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?\)")
_IMAGE_TAG = re.compile(r'(?:src|srcset|href)="([^"]+)"')
_SETTING = re.compile(r"\bKIERTO_[A-Z_]+\b")
_OWN_SETTINGS = {"KIERTO_TEST_DATABASES", "KIERTO_TEST_REQUIRE"}


def commands(text: str) -> list[list[str]]:
    """The commands in a document's blocks and between its back-ticks, without the settings before them."""
    lines = [line for block in _BLOCK.findall(text) for line in block.splitlines()]
    found = []
    for line in [*lines, *_INLINE.findall(_BLOCK.sub("", text))]:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # an apostrophe: words, not a command
            continue
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words = words[1:]
        if words:
            found.append(words)
    return found


def calls(program: str) -> list[tuple[str, ...]]:
    """The different calls of the program in the documents: what stands after its name."""
    return sorted(
        {tuple(words[1:]) for path in DOCUMENTS for words in commands(path.read_text()) if words[0] == program}
    )


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    return {name for line in re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE) for name in line.split()}


def test_the_readme_has_commands() -> None:
    """Or the tests here would look at nothing."""
    assert calls("make")
    assert calls("kierto")


@pytest.mark.parametrize("words", calls("make"), ids=" ".join)
def test_make_has_the_target(words: tuple[str, ...]) -> None:
    asked = {word for word in words if "=" not in word and word not in ("|", "…")}
    assert asked <= targets()


@pytest.mark.parametrize("words", calls("kierto"), ids=" ".join)
def test_kierto_takes_the_command(words: tuple[str, ...]) -> None:
    """The verb is there, and takes the options and arguments as written."""
    assert isinstance(main, Verbs)
    with click.Context(main) as context:
        verb = main.get_command(context, words[0])
        assert verb is not None, words[0]
        verb.make_context(words[0], list(words[1:]), parent=context)


def test_the_wheel_has_the_name_that_is_installed() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    wheels = [words[-1] for words in calls("pip") if words[-1].endswith(".whl")]
    assert wheels == [f"dist/kierto-{version}-py3-none-any.whl"]


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_known(name: str) -> None:
    known = {f"KIERTO_{field.name.upper()}" for field in fields(Settings)} | _OWN_SETTINGS
    told = set(_SETTING.findall((ROOT / name).read_text()))
    assert told - known - {"KIERTO_"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    document = ROOT / name
    text = _INLINE.sub("", _BLOCK.sub("", document.read_text()))
    lost = []
    for link in [*_LINK.findall(text), *_IMAGE_TAG.findall(text)]:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = document if not parts.path else document.parent / unquote(parts.path)
        if not target.exists() or (parts.fragment and parts.fragment not in anchors(target)):
            lost.append(link)
    assert lost == []


def anchors(document: Path) -> set[str]:
    """The anchors that a document's headings get where Markdown is shown."""
    headings = re.findall(r"^#+ (.+)$", _BLOCK.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
