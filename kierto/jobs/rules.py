"""When a job is given up, and what the person then reads."""

from kierto.words import N_

MAX_LOST = 3
"""How often a job is queued again after its process died with it."""

GIVEN_UP = N_("This did not succeed: it broke off several times. Nothing was saved. Ask for help.")
FAILED = N_("This did not succeed, because of a fault in Kierto. Nothing was saved. Ask for help.")
STOPPED = N_("This was stopped. Nothing was saved.")
