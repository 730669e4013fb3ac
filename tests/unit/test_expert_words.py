"""Each word for the expert has its full set of translations: no form of the common word is left in any sentence."""

import re
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from kierto.units.expert_words import in_words_of, said
from kierto.units.models import ExpertWord
from kierto.words import Language, speaking
from kierto.words.language import CATALOGUES


class Speaks(NamedTuple):
    expert_word: ExpertWord


COMMON = {"fi": re.compile("asiantuntij", re.IGNORECASE), "sv": re.compile("erfarenhetsexpert", re.IGNORECASE)}
OTHERS = [word for word in ExpertWord if word is not ExpertWord.KOKEMUSASIANTUNTIJA]


def sentences(language: Language) -> list[str]:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [message.string for message in read_po(file) if message.id and message.string]
    return [one for text in texts for one in ([text] if isinstance(text, str) else text)]


@pytest.mark.parametrize("word", OTHERS)
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_of_the_catalogue_is_said_with_the_word(language: Language, word: ExpertWord) -> None:
    found = [text for text in sentences(language) if COMMON[language].search(text)]
    assert found
    with speaking(language):
        left = [text for text in found if COMMON[language].search(in_words_of(Speaks(word), text))]
    assert left == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fi", "Kokemusasiantuntijoille kerrotaan.", "Kokemustoimijoille kerrotaan."),
        ("fi", "Etsi kokemusasiantuntijaa", "Etsi kokemustoimijaa"),
        ("sv", "Erfarenhetsexperterna får veta.", "Erfarenhetsaktörerna får veta."),
        ("en", "Experts, and who is an expert", "Experience partners, and who is an experience partner"),
        ("en", "Apply to be an expert by experience", "Apply to be an experience partner"),
        ("en", "Their expertise stays.", "Their expertise stays."),
    ],
)
def test_a_form_becomes_the_same_form(language: Language, text: str, expected: str) -> None:
    with speaking(language):
        assert in_words_of(Speaks(ExpertWord.KOKEMUSTOIMIJA), text) == expected
        assert in_words_of(Speaks(ExpertWord.KOKEMUSASIANTUNTIJA), text) == text


def test_words_that_are_inflected_otherwise() -> None:
    peer = Speaks(ExpertWord.VERTAISTOIMIJA)
    with speaking("sv"):
        assert in_words_of(peer, "Två erfarenhetsexperter, erfarenhetsexpertens ord") == (
            "Två kamratstödjare, kamratstödjarens ord"
        )
    with speaking("en"):
        assert in_words_of(peer, "An expert comes.") == "A peer supporter comes."


def test_the_word_by_itself() -> None:
    assert said(ExpertWord.KOKEMUSTOIMIJA, "fi") == "kokemustoimija"
    with speaking("sv"):
        assert [said(word) for word in ExpertWord] == ["erfarenhetsexpert", "erfarenhetsaktör", "kamratstödjare"]
