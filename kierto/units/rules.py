"""Rules about organisations, units and the words they share, in plain Python."""

from collections.abc import Iterable
from datetime import date, timedelta
from datetime import time as clock_time
from itertools import pairwise
from typing import NamedTuple

from kierto.errors import Refused, Rule
from kierto.words import N_

FEE_RATE_ONCE = Rule("fee-rate-once", N_("The year has its rates already. Change them in the list."))
ORGANISATION_NAMED_ONCE = Rule(
    "organisation-named-once", N_("There is an organisation with this name already. Look for it in the list.")
)
WORD_NAMED_ONCE = Rule("word-named-once", N_("There is such a word already. Give another name, or use that one."))
UNIT_NAMED_ONCE = Rule("unit-named-once", N_("The organisation already has a unit with this name. Give another name."))
UNIT_HOURS_IN_ORDER = Rule("unit-hours-in-order", N_("The end must be after the beginning. Change one of them."))
UNIT_HOURS_APART = Rule(
    "unit-hours-apart", N_("Two of the times overlap. Write them one after the other, such as 9–11, 13–16.")
)
UNIT_CHANGED = Rule(
    "unit-changed",
    N_("Somebody changed the unit while you wrote. See below what stands now, then save yours again if it should."),
)
UNIT_RETIRED = Rule("unit-retired", N_("The unit is no longer in use. Choose another unit."))
UNIT_SUCCESSOR = Rule("unit-successor", N_("Choose another unit of the organisation, one that is in use."))
UNIT_MEETINGS_FIRST = Rule(
    "unit-meetings-first", N_("The unit has meetings to come. Move or cancel them first, then retire the unit.")
)
UNIT_BACK = Rule(
    "unit-back",
    N_("The unit has been out of use for over %(days)s days. Add it as a new unit under another name."),
)
BACK_WITHIN = timedelta(days=90)
"""How long a retired unit can be taken back into use: later it would be another unit in all but its name."""


class Hours(NamedTuple):
    """A stretch of a weekday, on Helsinki's clocks. `weekday`: 1 is Monday (ISO 8601)."""

    weekday: int
    from_at: clock_time
    until_at: clock_time


def check_hours(hours: Iterable[Hours]) -> None:
    """Rules unit-hours-in-order and unit-hours-apart: each ends after it begins, and no two of a day overlap.

    One may begin when another ends. Guarded by the unit's lock.

    Raises:
        Refused: unit-hours-in-order, unit-hours-apart; the field is `day_<weekday>`.
    """
    ordered = sorted(hours)
    for one in ordered:
        if one.from_at >= one.until_at:
            raise Refused(UNIT_HOURS_IN_ORDER, field=f"day_{one.weekday}")
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.from_at < before.until_at:
            raise Refused(UNIT_HOURS_APART, field=f"day_{after.weekday}")


def check_back(retired_on: date, today: date) -> None:
    """Rule unit-back: a unit is taken back into use within 90 days.

    Raises:
        Refused: unit-back.
    """
    if today - retired_on > BACK_WITHIN:
        raise Refused(UNIT_BACK, days=BACK_WITHIN.days)
