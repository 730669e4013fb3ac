"""Feedback on accessibility as anyone may send it: counted, so that nobody floods a desk or a stranger's mailbox."""

from kierto.actor import Actor
from kierto.privacy.rules import FEEDBACK_BY_ADDRESS, FEEDBACK_BY_NETWORK
from kierto.sign_in import limits
from kierto.statements.actions import Obstacle, send_feedback
from kierto.statements.models import AccessibilityFeedback


def take_feedback(actor: Actor, told: Obstacle, client: str, secret_key: str) -> AccessibilityFeedback:
    """Send it, when neither who calls (`client`: their network address) nor the address to reply to had too many.

    Raises:
        TooMany: of either.
    """
    subjects = [(FEEDBACK_BY_NETWORK, limits.network_of(client))]
    if told.reply_to:
        subjects.append((FEEDBACK_BY_ADDRESS, told.reply_to.casefold()))
    limits.take(subjects, secret_key)
    return send_feedback(actor, told)
