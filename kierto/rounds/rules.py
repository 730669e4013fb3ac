"""Rules about rounds and booking, in plain Python."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kierto.clock import instant, local
from kierto.errors import Refused, Rule
from kierto.words import N_

ROUND_EACH_UNIT_ONCE = Rule(
    "round-each-unit-once", N_("The unit is already in the round, or has its meeting. Each unit is visited once.")
)
STOP_SWAP = Rule(
    "stop-swap",
    N_(
        "These two meetings cannot change times any more: one of them has moved, or it was answered. Look at the round."
    ),
)
ROUND_GAP = Rule(
    "round-gap",
    N_(
        "Another meeting of the round is too near: from one to the next there must be at least %(days)s days. "
        "Choose another day."
    ),
)
ROUND_WITHIN = Rule("round-within", N_("The round lasts from %(first)s to %(last)s. Choose a day between them."))
ROUND_OPEN = Rule("round-open", N_("The round is not open for booking. Ask your coordinator."))
ROUND_ENDS_LATER = Rule("round-ends-later", N_("The round must end after it begins. Change its last day."))
ROUND_HAS_UNITS = Rule("round-has-units", N_("A round needs at least two units to rotate between. Choose more units."))
ROUND_DRAFT = Rule("round-draft", N_("The round is no longer a draft. Its units are chosen before it opens."))
ROUND_UNDER_WAY = Rule(
    "round-under-way", N_("The round is not open: it is being prepared, has ended or was cancelled. Open it first.")
)
ROUND_MEETINGS_FIRST = Rule(
    "round-meetings-first", N_("These units still have a meeting to come: %(units)s. Move or cancel it first.")
)
ROUND_CHANGED = Rule(
    "round-changed", N_("Somebody changed the units of the round meanwhile. Look at the list below and save it again.")
)
STOP_REASON = Rule("stop-reason", N_("Say why. The unit and the others of the round read it."))
STOP_TOGETHER = Rule(
    "stop-together",
    N_("Two units meet together when one of them has a meeting to come, and the other waits for its own."),
)
BOOKED_AHEAD = Rule("booked-ahead", N_("That time has already passed. Choose a later time."))


def check_gap(day: date, others: Iterable[date], gap: int) -> None:
    """Rule round-gap: `day` is at least `gap` days from each of the round's other meeting days.

    Guarded by the round's lock.

    Raises:
        Refused: round-gap.
    """
    if any(abs(day - other) < timedelta(days=gap) for other in others):
        raise Refused(ROUND_GAP, field="day", days=gap)


INTEREST_ENDS_BEFORE = timedelta(hours=48)
"""Seats are given at least so long before the meeting."""

INTEREST_LASTS = timedelta(hours=12)
"""Shorter than this, nobody would hear of it in time: then seats go first come at once."""

_NOON = time(12)


def interest_ends(booked_at: datetime, days: int, starts_at: datetime) -> datetime | None:
    """Rule seat-interest-first: noon in Helsinki, so many days after the day of booking; none: first come.

    Never later than 48 hours before the meeting; where that is over within hours, there are no days of interest.
    """
    if days == 0:
        return None
    noon = instant(local(booked_at).date() + timedelta(days=days), _NOON)
    ends = min(noon, starts_at - INTEREST_ENDS_BEFORE)
    return ends if ends - booked_at >= INTEREST_LASTS else None
