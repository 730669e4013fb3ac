"""Sums of money as people write them."""

import pytest

from kierto.words import LANGUAGES, Language, euros, speaking


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("cents", "said"),
    [(0, "0 €"), (7000, "70 €"), (6250, "62,50 €"), (123450, "1 234,50 €"), (100000, "1 000 €"), (5, "0,05 €")],
)
def test_a_sum(language: Language, cents: int, said: str) -> None:
    with speaking(language):
        assert euros(cents).replace("\N{NO-BREAK SPACE}", " ") == said
