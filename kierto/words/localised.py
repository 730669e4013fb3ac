"""Names of things in three languages."""

from dataclasses import dataclass
from typing import NamedTuple

from kierto.words.language import Language, current


class Text(NamedTuple):
    """A text and the language it is in, so that a page can mark a fallback for screen readers (WCAG 3.1.2)."""

    value: str
    lang: Language


@dataclass(frozen=True)
class Localised:
    """A name in Finnish and, where there is one, in Swedish and English."""

    fi: str
    sv: str | None = None
    en: str | None = None

    def text(self, language: Language | None = None) -> Text:
        """The name in the language (the current one unless named), else in Finnish, else in what there is."""
        order: tuple[Language, ...] = (language or current(), "fi", "sv", "en")
        for one in order:
            value: str | None = getattr(self, one)
            if value:
                return Text(value, one)
        return Text("", "fi")

    def __bool__(self) -> bool:
        """Whether there is a text in any language: a note may be empty, a name is not."""
        return bool(self.fi or self.sv or self.en)

    def __str__(self) -> str:
        return self.text().value
