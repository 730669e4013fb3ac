"""Rules about experts: consent, what is secret, how long things stay."""

from datetime import date, timedelta

from kierto.actor import Actor, Identified
from kierto.errors import Rule
from kierto.sign_in.rules import WINDOW, Limit
from kierto.words import N_

THEME_CONSENT = Rule(
    "theme-consent", N_("Themes of one’s own experience are stored only with consent. Give your consent first.")
)
CONSENT_FIRST = Rule("consent-first", N_("Give your consent first. Before it nothing of you is asked or stored."))
APPLICATION_OPEN = Rule(
    "application-open", N_("This application cannot be changed any more: it was sent, deleted, or too old.")
)
APPLICATION_READ = Rule(
    "application-read", N_("Nobody reads applications there right now. Choose where you apply instead.")
)
APPLICATION_WHOLE = Rule("application-whole", N_("Something is still missing. Answer it first."))
AWAY_FUTURE = Rule("away-future", N_("These days are over. Give a last day that is still to come."))
SECRET_BEHIND_STRONG_ID = Rule(
    "secret-behind-strong-id",
    N_("This is shown only when you have signed in strongly, with your organisation’s sign-in or Suomi.fi."),
)

CONSENT_VERSION = 1
"""Grows when the words that people consent to change; each consent keeps the version it was given to."""

APPLICATION_KEPT = timedelta(days=30)
"""How long an application that was not sent waits for its person."""

ANSWERS_SHOWN = timedelta(hours=2)
"""How long after the last answer the device that wrote it shows what was told of health: it may be a library's."""

CLAIM_LASTS = timedelta(days=14)
"""How long the owner of an address that Kierto knew already may say that an application is theirs."""

MOST_LINKS = 3
LINKS_TO_ADDRESS = Limit("application-links-to-address", 3, timedelta(days=1))
"""So often one application mails its link, and to one address: it may be mistyped, but nobody's mailbox is flooded."""

LINKS_OF_CLIENT = Limit("application-links-of-client", 30, WINDOW)
BEGUN_BY_CLIENT = Limit("applications-begun-by-client", 60, WINDOW)
"""Many: a whole association may sit in one room and begin."""

SENT_BY_CLIENT = Limit("applications-sent-by-client", 30, WINDOW)
SENT_FROM_ADDRESS = Limit("applications-sent-from-address", 5, timedelta(days=1))
"""Each application that is sent writes to its address: to several organisations, but not all day."""

ENDS_SOON = timedelta(days=92)
"""A contract that ends within three months is to be thought of."""


def ends_soon(contract_until: date | None, today: date) -> bool:
    """Whether the contract has ended or ends within three months."""
    return contract_until is not None and contract_until <= today + ENDS_SOON


NEEDS_SHOWN = timedelta(days=7)
"""How long after a meeting its host contact sees what to arrange for those who came (needs-least-seen)."""


def may_read_secrets(actor: Actor, weak_reading_reason: str | None) -> bool:
    """Rule secret-behind-strong-id: stored themes and what to arrange are read only in a strongly identified session.

    An organisation may relax this for itself with a recorded reason.
    """
    return actor.identified is Identified.STRONGLY or bool(weak_reading_reason)
