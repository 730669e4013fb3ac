"""Rules of statements, and of feedback on accessibility."""

from datetime import date, timedelta

from kierto.errors import Rule
from kierto.words import N_

ACCESSIBILITY_ANSWER = Rule(
    "accessibility-answer", N_("This has been answered already. Every feedback is answered once, within 14 days.")
)

ANSWERED_WITHIN = timedelta(days=14)
"""Act 306/2019, section 9: feedback on accessibility is answered within 14 days."""


def answer_due(sent_on: date) -> date:
    """The last day to answer (accessibility-answer)."""
    return sent_on + ANSWERED_WITHIN
