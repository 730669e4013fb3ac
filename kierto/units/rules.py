"""Rules about units."""

from kierto.errors import Rule
from kierto.words import N_

UNIT_NAMED_ONCE = Rule("unit-named-once", N_("The organisation already has a unit with this name. Give another name."))
