"""Rules of export, erasure and retention."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kierto.errors import Rule
from kierto.sign_in.rules import Limit
from kierto.words import N_

RETENTION_WITHIN = Rule("retention-within", N_("Give a time from 1 to 240 months."))
ERASE_PERSON = Rule(
    "erase-person", N_("Your data cannot be erased yet. Hand on what only you can do, and then try again.")
)

MONTHS_FROM, MONTHS_TO = 1, 240

TOLD_BEFORE = timedelta(days=30)
"""How long before their data is deleted a person is told."""

LEFT_BEHIND = timedelta(days=30)
"""How long what is over lies before it is deleted: ended sessions and passes, invitations, results of long work."""

FEEDBACK_BY_NETWORK = Limit("feedback-network", most=10, within=timedelta(hours=1))
FEEDBACK_BY_ADDRESS = Limit("feedback-address", most=3, within=timedelta(days=1))
"""A stranger's address must not be filled with receipts."""


class DataKind(StrEnum):
    """What has a retention of its own."""

    EXPERTS_LEFT = "experts_left"
    APPLICATIONS_DECLINED = "applications_declined"
    MESSAGES = "messages"
    READINGS = "readings"
    FEEDBACK = "feedback"


@dataclass(frozen=True)
class Kept:
    """How many months a kind of data is kept unless an organisation says otherwise, and why."""

    months: int
    what: str
    reason: str


KEPT: dict[DataKind, Kept] = {
    DataKind.EXPERTS_LEFT: Kept(
        12,
        N_("Experts who have left"),
        N_("Fees, certificates and questions about meetings can still come up for a year."),
    ),
    DataKind.APPLICATIONS_DECLINED: Kept(
        6,
        N_("Applications that were declined or withdrawn"),
        N_("The person can ask about the decision, or apply again, without writing everything anew."),
    ),
    DataKind.MESSAGES: Kept(
        12,
        N_("That a message was sent, and when"),
        N_("It can be found out whether somebody was told. The text of the message is not kept."),
    ),
    DataKind.READINGS: Kept(
        24,
        N_("Who has looked at what of whom"),
        N_("Everyone can ask later who has looked at their data."),
    ),
    DataKind.FEEDBACK: Kept(
        24,
        N_("Feedback on accessibility, and the answers to it"),
        N_("It can be shown that obstacles were heard of and mended."),
    ),
}


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; the month's last one where it has no such day."""
    return _moved(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of a later month; the month's last one where it has no such day."""
    return _moved(day, months)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
