"""Every rule has its test: its id is named in one."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from kierto.errors import Rule
from kierto.words import LANGUAGES, gettext, speaking

ROOT = Path(__file__).parent.parent.parent
TESTED = "\n".join(
    file.read_text() for folder in ("unit", "feature") for file in sorted((ROOT / "tests" / folder).rglob("test_*.py"))
)
RULES = [
    pytest.param(name, rule, id=rule.id)
    for file in sorted((ROOT / "kierto").glob("*/rules.py"))
    for name, rule in inspect.getmembers(import_module(f"kierto.{file.parent.name}.rules"))
    if isinstance(rule, Rule)
]


def test_rules_are_found() -> None:
    assert len(RULES) > 20


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_a_rule_is_named_by_a_test(name: str, rule: Rule) -> None:
    assert name == rule.id.replace("-", "_").upper(), "the constant is the id in capitals"
    assert re.search(rf"(?<![\w-])({rule.id}|{name})(?![\w-])", TESTED), f"no test names {rule.id}"


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_a_rule_speaks_every_language(name: str, rule: Rule) -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert gettext(rule.sentence).strip().endswith(".")
