"""Rules about experts: consent, what is secret, how long things stay."""

from datetime import timedelta

from kierto.actor import Actor, Identified
from kierto.errors import Rule
from kierto.words import N_

THEME_CONSENT = Rule(
    "theme-consent", N_("Themes of one’s own experience are stored only with consent. Give your consent first.")
)
SECRET_BEHIND_STRONG_ID = Rule(
    "secret-behind-strong-id",
    N_("This is shown only when you have signed in strongly, with your organisation’s sign-in or Suomi.fi."),
)

CONSENT_VERSION = 1
"""Grows when the words that people consent to change; each consent keeps the version it was given to."""

APPLICATION_KEPT = timedelta(days=30)
"""How long an application that was not sent waits for its person."""


def may_read_secrets(actor: Actor, weak_reading_reason: str | None) -> bool:
    """Rule secret-behind-strong-id: stored themes and what to arrange are read only in a strongly identified session.

    An organisation may relax this for itself with a recorded reason.
    """
    return actor.identified is Identified.STRONGLY or bool(weak_reading_reason)
