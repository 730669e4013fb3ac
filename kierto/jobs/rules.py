"""When a job is given up, and what the person then reads."""

from datetime import timedelta

from kierto.words import N_

MAX_LOST = 3
"""How often a job is queued again after its process died with it."""

ANSWER_WAITED_FOR = timedelta(days=1)
"""How long a job that asks waits for its person; until then what they uploaded is kept."""

GIVEN_UP = N_("This did not succeed: it broke off several times. Nothing was saved. Ask for help.")
FAILED = N_("This did not succeed, because of a fault in Kierto. Nothing was saved. Ask for help.")
STOPPED = N_("This was stopped. Nothing was saved.")
UNANSWERED = N_("This waited for a day, and nobody pressed Save. Nothing was saved. Send the file again.")
