"""How a mistake is said in the summary above a form."""

import pytest

from kierto.web.forms import Fault


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("In which area do you want to take part?", "In which area do you want to take part? Choose one."),
        ("Name", "Name: Choose one."),
    ],
)
def test_a_question_is_not_followed_by_a_colon(label: str, said: str) -> None:
    assert Fault("area", label, "Choose one.").said == said
