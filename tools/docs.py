"""Writes the generated pages of docs/: settings, rules, permissions. A test fails when one is not up to date."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path

from kierto import policy
from kierto.errors import Rule
from kierto.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by `make docs`: change the code instead. -->"


def main() -> None:
    """Write every page whose text has changed."""
    for name, text in pages().items():
        page = DOCS / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
            print(f"docs/{name} written")


def pages() -> dict[str, str]:
    """File name → text of each generated page."""
    return {"settings.md": settings(), "rules.md": rules(), "permissions.md": permissions()}


def settings() -> str:
    """Every setting with its meaning and default."""
    rows = [
        (f"`KIERTO_{field.name.upper()}`", field.metadata["doc"], field.metadata["default"])
        for field in fields(Settings)
    ]
    intro = (
        "Kierto is set up by environment variables; none is needed to try it. A wrong one stops the start with a "
        "sentence that says how to mend it, and `kierto check` looks at them all."
    )
    return _page("Settings", intro, _table(("variable", "meaning", "default"), rows))


def rules() -> str:
    """Every business rule, by room, with the sentence that a person meets."""
    rows = [(f"`{rule.id}`", room, rule.sentence) for room, rule in _rules()]
    intro = (
        "What Kierto holds people to. The sentence is what somebody reads when the rule stops them, or what holds; "
        "`%(…)s` is filled in. Each rule is judged in `kierto/<room>/rules.py`, and what else follows it (a "
        "constraint, a query, a page) names its id."
    )
    return _page("Rules", intro, _table(("rule", "room", "sentence"), rows))


def permissions() -> str:
    """Every permission, and to whom it is granted."""
    rows = [
        (f"`{permission.verb}`", ", or ".join(_who(predicate.__doc__) for predicate in permission.granted_to))
        for permission in policy.permissions()
    ]
    intro = (
        "Who may do what with a thing that they see. What someone does not see is not there for them (404); what they "
        "see and may not do is refused (403). Pages that only show something ask for no permission: they show what is "
        "visible to the reader."
    )
    return _page("Permissions", intro, _table(("verb", "granted to"), rows))


def _rules() -> Iterator[tuple[str, Rule]]:
    for file in sorted((ROOT / "kierto").glob("*/rules.py")):
        room = file.parent.name
        for _name, value in inspect.getmembers(import_module(f"kierto.{room}.rules")):
            if isinstance(value, Rule):
                yield room, value


def _who(docstring: str | None) -> str:
    text = inspect.cleandoc(docstring or "").partition("\n")[0].rstrip(".")
    return text[:1].lower() + text[1:]


def _page(title: str, intro: str, table: str) -> str:
    return f"{NOTE}\n\n# {title}\n\n{intro}\n\n{table}\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    main()
