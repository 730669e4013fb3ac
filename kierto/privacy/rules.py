"""Rules of export, erasure and retention."""

from kierto.errors import Rule
from kierto.words import N_

RETENTION_WITHIN = Rule("retention-within", N_("Give a time from 1 to 240 months."))
