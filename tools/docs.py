"""Writes the generated pages of docs/: settings, rules, permissions, messages. A test fails when one is old."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path

from kierto import policy
from kierto.errors import Rule
from kierto.events.saying import called
from kierto.messages.recipients import FINDERS
from kierto.messages.rules import (
    AFTERNOON,
    IN_TIME,
    LATE_REMINDER,
    MIX_WARNED_BEFORE,
    WAKING,
    WEEK_BEFORE,
    Hours,
    hours_of,
)
from kierto.seats.answering import LINK_LASTS
from kierto.settings import Settings
from kierto.words import speaking

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by `make docs`: change the code instead. -->"


def _between(hours: Hours) -> str:
    return f"between {hours.begins.hour} and {hours.ends.hour}"


def main() -> None:
    """Write every page whose text has changed."""
    for name, text in pages().items():
        page = DOCS / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
            print(f"docs/{name} written")


def pages() -> dict[str, str]:
    """File name → text of each generated page."""
    return {
        "settings.md": settings(),
        "rules.md": rules(),
        "permissions.md": permissions(),
        "messages.md": messages(),
    }


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


def messages() -> str:
    """Every message: what happened, who is told, and at which hours it leaves where those are its own."""
    rows = [(f"`{kind}`", _happened(kind), _sentence(find.__doc__), _own_hours(kind)) for kind, find in FINDERS.items()]
    table = _table(("kind", "what happened", "who is told", "leaves"), sorted(rows))
    return _page("Messages", f"{_HOURS}\n\n{_REMINDERS}\n\n{_ANSWERS}", table)


_HOURS = f"""\
What people are told, as a mail in plain text and HTML, or as a text message where they have no e-mail address.
Each message is in its person’s language and says nothing about health. Nothing is sent twice, and what is no
longer so when it would leave is not sent.

**Hours.** On Helsinki’s clocks messages leave {_between(WAKING)}, experts’ reminders {_between(AFTERNOON)};
what is due at another time waits. Whatever the hour, what somebody waits for at the screen leaves at once
(codes, links, the confirmation of one’s own booking), and so does news of a meeting that would otherwise come
later than {IN_TIME.seconds // 3600} hours before it. A demonstration sends everything at once."""
_REMINDERS = f"""\
**Reminders** are set in motion {WEEK_BEFORE} days and 1 day before a meeting: the first until {LATE_REMINDER}
days before, if the worker was away, and not at all for a meeting booked within the week. That people are
missing is said {MIX_WARNED_BEFORE.days} days before, once the days of interest are over."""
_ANSWERS = f"""\
**Answers.** What asks for an answer has a link to `/answer/…`: one page for one seat, without signing in. The
link is made from the seat and the secret key, opening it changes nothing, and it ends {LINK_LASTS.days} days
after the meeting. It does not go to a number that has long been silent: a coordinator calls."""


def _own_hours(kind: str) -> str:
    hours = hours_of(kind)
    return _between(hours) if hours != WAKING else ""


def _happened(kind: str) -> str:
    with speaking("en"):
        return called(kind)


def _sentence(docstring: str | None) -> str:
    return inspect.cleandoc(docstring or "").partition("\n\n")[0].replace("\n", " ")


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
