"""The rules of practices."""

import pytest

from kierto.errors import Refused
from kierto.practices.rules import Answer, Stage, check_agreement, stage_after


@pytest.mark.parametrize(
    ("experts", "workers", "field"), [(0, 3, "experts"), (2, 0, "workers"), (0, 0, "experts"), (-1, 1, "experts")]
)
def test_an_expert_and_a_worker_must_agree(experts: int, workers: int, field: str) -> None:
    """Rule practice-from-meeting."""
    check_agreement(1, 1)
    with pytest.raises(Refused) as refused:
        check_agreement(experts, workers)
    assert (refused.value.rule.id, refused.value.field) == ("practice-from-meeting", field)


@pytest.mark.parametrize(
    ("answer", "words", "stage"),
    [
        (Answer.TRY, "", Stage.TRYING),
        (Answer.TRY, "Hyvä ajatus", Stage.TRYING),
        (Answer.ADAPT, "Meillä kerran viikossa", Stage.TRYING),
        (Answer.DECLINE, "Meillä ei ole vastaanottoa", Stage.DECLINED),
    ],
)
def test_what_an_answer_leads_to(answer: Answer, words: str, stage: Stage) -> None:
    """Rule adoption-answer."""
    assert stage_after(answer, words) is stage


@pytest.mark.parametrize("answer", [Answer.ADAPT, Answer.DECLINE])
@pytest.mark.parametrize("words", ["", "   \n"])
def test_adapting_and_declining_say_why(answer: Answer, words: str) -> None:
    with pytest.raises(Refused) as refused:
        stage_after(answer, words)
    assert (refused.value.rule.id, refused.value.field) == ("adoption-answer", "words")
