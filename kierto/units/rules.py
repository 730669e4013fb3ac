"""Rules about units."""

from kierto.errors import Rule
from kierto.words import N_

UNIT_NAMED_ONCE = Rule("unit-named-once", N_("The organisation already has a unit with this name. Give another name."))
UNIT_HOURS_IN_ORDER = Rule("unit-hours-in-order", N_("The end must be after the beginning. Change one of them."))
