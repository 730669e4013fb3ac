"""Withdrawing the consent to the register: leaving it, with everything that was stored because of consents."""

from kierto.actor import Actor
from kierto.experts.consents import withdraw_application
from kierto.people.models import Expert
from kierto.people.rules import ExpertState
from kierto.seats.leaving import leave


def leave_register(actor: Actor, expert: Expert) -> None:
    """Take the application back, or leave the register and give up every coming seat; health data is deleted at once.

    Raises:
        Refused: expert-moves, when the person is not in the register.
    """
    if expert.state is ExpertState.APPLIED:
        withdraw_application(actor, expert)
    else:
        leave(actor, expert)
