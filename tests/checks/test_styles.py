"""Stylesheets and templates know the same classes: nothing is unstyled by mistake, nothing is styled in vain."""

import re
from pathlib import Path

import kierto
from kierto.settings import resources
from tools.assets import COMPONENTS

PACKAGE = Path(kierto.__file__).parent
SHEETS = sorted((PACKAGE / "static" / "css").glob("*.css"))
PAGES = (*resources("templates").rglob("*.html"), *(PACKAGE / "web").glob("*.py"))
IN_BASE = {"ds-sr-only"}
FIELD_TYPES = {"k-field-date", "k-field-integer", "k-field-time"}
"""Put together by components/field.html from the field's type."""


def named(text: str, prefix: str) -> set[str]:
    return set(re.findall(rf"(?<![\w-]){prefix}-[a-z-]*[a-z](?![\w-])", text))


USED = "\n".join(place.read_text() for place in PAGES)
DEFINED = "\n".join(re.sub(r"/\*.*?\*/|--[\w-]+", "", sheet.read_text(), flags=re.DOTALL) for sheet in SHEETS)


def test_every_class_of_ours_is_styled_and_used() -> None:
    assert named(USED, "k") | FIELD_TYPES == named(DEFINED, "k")


def test_what_the_design_system_gives_is_loaded_and_used() -> None:
    assert named(USED, "ds") - IN_BASE == {f"ds-{component}" for component in COMPONENTS}


def test_every_rule_is_in_a_layer() -> None:
    """Else it would win over everything, and an old browser would meet rules without those they rest on."""
    for sheet in SHEETS:
        outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        while "{" in outside:
            outside = re.sub(r"\{[^{}]*\}", "", outside)
        rest = re.sub(r"@layer [\w., ]+;?", "", outside).strip()
        assert not rest, f"{sheet.name}: {rest[:80]}"


def test_nothing_is_loaded_from_elsewhere() -> None:
    for sheet in SHEETS:
        assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", sheet.read_text()), sheet.name
        assert "@import" not in sheet.read_text(), sheet.name
