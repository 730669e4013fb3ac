"""Rules of how people come in."""

from datetime import timedelta

from kierto.errors import Rule
from kierto.words import N_

IDENTITY_JOINED_ONCE = Rule(
    "identity-joined-once", N_("This sign-in belongs to another person already. Ask us to look into it.")
)

REQUEST_LASTS = timedelta(minutes=30)
"""How long a sign-in link and its code can be used."""

SESSION_LASTS = timedelta(days=30)
PASS_LASTS = timedelta(days=365)

WRONG_CODES = 5
"""So many wrong codes end a request: a guess has 5 chances of 1,000,000."""
