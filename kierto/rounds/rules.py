"""Rules about rounds and booking, in plain Python."""

from collections.abc import Iterable
from datetime import date, timedelta

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
BOOKED_AHEAD = Rule("booked-ahead", N_("That time has already passed. Choose a later time."))


def check_gap(day: date, others: Iterable[date], gap: int) -> None:
    """Rule round-gap: `day` is at least `gap` days from each of the round's other meeting days.

    Guarded by the round's lock.

    Raises:
        Refused: round-gap.
    """
    if any(abs(day - other) < timedelta(days=gap) for other in others):
        raise Refused(ROUND_GAP, field="day", days=gap)
