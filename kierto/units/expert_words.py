"""The word that an organisation has for its experts, on its own pages.

Source strings say "expert", their translations the common word: kokemusasiantuntija, erfarenhetsexpert. A page of one
organisation says its own word instead:

    {{ _("Register of experts")|in_words_of(organisation) }}                      in a template
    in_words_of(organisation, gettext("Register of experts"))                     in Python

Each word has its full set of translations. In Finnish all of them are inflected alike (asiantuntijoille, toimijoille),
so that the stem is enough; in Swedish and English each form has its counterpart. A test walks the catalogues and fails
for a form that would stay as it was. What people themselves have written is never passed through this.
"""

import re
from functools import cache
from typing import Protocol

from kierto.units.models import ExpertWord
from kierto.words import Language, current


class Speaks(Protocol):
    """An organisation, or whatever else knows its word."""

    @property
    def expert_word(self) -> ExpertWord: ...


COMMON = ExpertWord.KOKEMUSASIANTUNTIJA

_FORMS: dict[Language, dict[ExpertWord, tuple[str, ...]]] = {
    "fi": {
        ExpertWord.KOKEMUSASIANTUNTIJA: ("kokemusasiantuntij",),
        ExpertWord.KOKEMUSTOIMIJA: ("kokemustoimij",),
        ExpertWord.VERTAISTOIMIJA: ("vertaistoimij",),
    },
    "sv": {
        ExpertWord.KOKEMUSASIANTUNTIJA: tuple(
            f"erfarenhetsexpert{ending}" for ending in ("", "en", "er", "erna", "s", "ens", "ers", "ernas")
        ),
        ExpertWord.KOKEMUSTOIMIJA: tuple(
            f"erfarenhetsaktör{ending}" for ending in ("", "en", "er", "erna", "s", "ens", "ers", "ernas")
        ),
        ExpertWord.VERTAISTOIMIJA: tuple(
            f"kamratstödjar{ending}" for ending in ("e", "en", "e", "na", "es", "ens", "es", "nas")
        ),
    },
    "en": {
        ExpertWord.KOKEMUSASIANTUNTIJA: ("an expert by experience", "an expert", "expert", "experts"),
        ExpertWord.KOKEMUSTOIMIJA: (
            "an experience partner",
            "an experience partner",
            "experience partner",
            "experience partners",
        ),
        ExpertWord.VERTAISTOIMIJA: ("a peer supporter", "a peer supporter", "peer supporter", "peer supporters"),
    },
}
"""Language → word → its forms, the same form at the same place; in Finnish the stem of them all."""

_SAID: dict[ExpertWord, dict[Language, str]] = {
    ExpertWord.KOKEMUSASIANTUNTIJA: {"fi": "kokemusasiantuntija", "sv": "erfarenhetsexpert", "en": "expert"},
    ExpertWord.KOKEMUSTOIMIJA: {"fi": "kokemustoimija", "sv": "erfarenhetsaktör", "en": "experience partner"},
    ExpertWord.VERTAISTOIMIJA: {"fi": "vertaistoimija", "sv": "kamratstödjare", "en": "peer supporter"},
}


def said(word: ExpertWord, language: Language | None = None) -> str:
    """The word by itself in the language (the current one unless named)."""
    return _SAID[word][language or current()]


def in_words_of(organisation: Speaks, text: str) -> str:
    """The text, in the current language, with the organisation's word for its experts; all else stays as it is."""
    word = organisation.expert_word
    if word is COMMON:
        return text
    forms = _FORMS[current()]
    counterparts = dict(zip(forms[COMMON], forms[word], strict=True))

    def counterpart(found: re.Match[str]) -> str:
        own = counterparts[found[0].lower()]
        return own[0].upper() + own[1:] if found[0][0].isupper() else own

    return _common(current()).sub(counterpart, text)


@cache
def _common(language: Language) -> re.Pattern[str]:
    """Any form of the common word, at the beginning of a word; whole words but in Finnish."""
    forms = "|".join(sorted(_FORMS[language][COMMON], key=len, reverse=True))
    return re.compile(rf"\b(?:{forms})" + ("" if language == "fi" else r"\b"), re.IGNORECASE)
