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
        """The name in the language (the current one unless named), else in Finnish."""
        language = language or current()
        value: str | None = getattr(self, language)
        return Text(value, language) if value else Text(self.fi, "fi")

    def __str__(self) -> str:
        return self.text().value
