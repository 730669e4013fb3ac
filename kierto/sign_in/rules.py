"""Rules of how people come in."""

from datetime import timedelta
from typing import NamedTuple

from kierto.errors import Refused, Rule
from kierto.words import N_

IDENTITY_JOINED_ONCE = Rule(
    "identity-joined-once", N_("This sign-in belongs to another person already. Ask us to look into it.")
)

CONTACT_BOTH_ENDS = Rule(
    "contact-both-ends",
    N_("An address changes when the new and the old one have both confirmed it. This change is over: begin again."),
)
PERSON_REACHABLE = Rule("person-reachable", N_("This is our only way to reach you. Add another one first, or call us."))
CALL_ANOTHER = Rule("call-another", N_("Nobody confirms their own address in a call. Ask another coordinator."))
PHONE_UNREACHED = Rule(
    "phone-unreached",
    N_("Kierto cannot send text messages here. Write your e-mail address. If you have none, call us."),
)
PASS_DIGITS = Rule(
    "pass-digits", N_("These digits are too easy to guess. Choose four others: not all the same, and not in a row.")
)

PASS_INSIDE = Rule(
    "pass-inside",
    N_(
        "This person takes part in another organisation, too, and the paper would open what they have there. "
        "They make it themself: My page, Paper pass. If they cannot, ask the other organisation, too: whoever "
        "coordinates both can make it."
    ),
)

REQUEST_LASTS = timedelta(minutes=30)
"""How long a sign-in link and its code can be used."""

WINDOW = timedelta(minutes=15)
"""Shorter than a link lasts: who is kept from asking again has a message whose link still works."""

CHANGE_LASTS = timedelta(days=3)
"""How long both ends of a changed address may take: over a weekend, so that a coordinator can be called."""

SESSION_LASTS = timedelta(days=30)
PASS_LASTS = timedelta(days=365)

WRONG_CODES = 5
"""So many wrong codes end a request's code: a guess has 5 chances of 1,000,000. Its link works on."""


class Limit(NamedTuple):
    """So many tries within a time, each counted for a subject: an address, or who calls (`Attempt`)."""

    name: str
    most: int
    within: timedelta


REQUESTS_TO_ADDRESS = Limit("requests-to-address", 5, WINDOW)
REQUESTS_OF_CLIENT = Limit("requests-of-client", 60, WINDOW)
"""Many: a whole hospital may come from one network address."""

CODES_OF_CLIENT = Limit("codes-of-client", 30, WINDOW)
CODES_FOR_ADDRESS = Limit("codes-for-address", 20, timedelta(days=1))
"""After that only links let in for a day: strangers who ask and guess have 20 chances of 1,000,000 a day."""

DIGITS_OF_CLIENT = Limit("digits-of-client", 30, WINDOW)
"""Wrong digits of paper passes, whichever passes they were."""

SIGN_ONS_OF_CLIENT = Limit("sign-ons-of-client", 300, WINDOW)
"""Beginnings and ends of single sign-on: each may wait for somebody else's server."""

ATTEMPTS_KEPT = timedelta(days=1)
"""As long as the longest limit looks back."""

REQUESTS_KEPT = timedelta(days=7)
"""How long a request of somebody with a silent number stands on the desk; after that it is deleted."""

NUMBER_SILENT_AFTER = timedelta(days=365)
"""A number that has not been proved for so long may be somebody else's by now: operators give numbers again."""

PASS_RIGHT_LASTS = timedelta(minutes=30)
"""How long a device may answer after the right digits of a paper pass."""

WRONG_DIGITS = 5
"""So many wrong digits in a row lock a paper pass until its person calls: a guess has 5 chances of 10,000."""

_ROWS = ("01234567890", "09876543210")


def check_digits(digits: str) -> None:
    """Rule pass-digits: four digits that nobody guesses at once.

    Raises:
        Refused: pass-digits.
    """
    if len(set(digits)) == 1 or any(digits in row for row in _ROWS):
        raise Refused(PASS_DIGITS, field="digits")
