"""Rules about practices and their adoption, in plain Python."""

from enum import StrEnum

from kierto.errors import Refused, Rule
from kierto.words import N_

PRACTICE_FROM_MEETING = Rule(
    "practice-from-meeting",
    N_("A practice is agreed in a meeting that has begun, by at least one expert and one worker."),
)
PRACTICE_AGREED_ONCE = Rule("practice-agreed-once", N_("The practice has already been agreed."))
PRACTICE_WRITTEN_ONCE = Rule(
    "practice-written-once", N_("The practice already has a text in that language. Choose the language you write in.")
)
PRACTICE_TEXT_CHANGED = Rule(
    "practice-text-changed",
    N_("Somebody changed the text while you wrote. Read it below, then save yours again if it should stand."),
)
PRACTICE_ARRIVES = Rule("practice-arrives", N_("The practice has already arrived at this unit."))
ADOPTION_ANSWER = Rule(
    "adoption-answer", N_("Say why it is not for your unit: the reason helps the next unit. One sentence is enough.")
)
ADOPTION_ANSWERED = Rule("adoption-answered", N_("Your unit has already answered this practice."))


class PracticeState(StrEnum):
    """draft → agreed → retired."""

    DRAFT = "draft"
    AGREED = "agreed"
    RETIRED = "retired"


class Stage(StrEnum):
    """How far a practice is in a unit."""

    ARRIVED = "arrived"
    TRYING = "trying"
    IN_USE = "in_use"
    ROOTED = "rooted"
    DECLINED = "declined"
    STOPPED = "stopped"


class Answer(StrEnum):
    """What a unit says to an arrived practice (adoption-answer)."""

    TRY = "try"
    ADAPT = "adapt"
    DECLINE = "decline"


def check_agreement(experts: int, workers: int) -> None:
    """Rule practice-from-meeting: at least one expert and one worker agree.

    Raises:
        Refused: practice-from-meeting.
    """
    if experts < 1:
        raise Refused(PRACTICE_FROM_MEETING, N_("At least one expert must agree."), field="experts")
    if workers < 1:
        raise Refused(PRACTICE_FROM_MEETING, N_("At least one worker must agree."), field="workers")


def stage_after(answer: Answer, words: str) -> Stage:
    """Rule adoption-answer: try, adapt and try, or decline with a reason; adapting says what is changed.

    Raises:
        Refused: adoption-answer, when the words are missing.
    """
    if answer is Answer.TRY:
        return Stage.TRYING
    if not words.strip():
        message = N_("Say what you change. One sentence is enough.") if answer is Answer.ADAPT else None
        raise Refused(ADOPTION_ANSWER, message, field="words")
    return Stage.TRYING if answer is Answer.ADAPT else Stage.DECLINED
