"""Questions of one unit to another about changing times: a coordinator may answer in the unit's place."""

from collections.abc import Iterable
from datetime import timedelta

from kierto import clock
from kierto.actor import Actor
from kierto.pages.desk.task import MOST, Task, day_of
from kierto.rounds.swapping import asked_swaps
from kierto.words import gettext

ANSWERED_WITHIN = timedelta(days=3)
"""A unit should answer another one within so many days; then the coordinator asks after it."""


def swaps(actor: Actor) -> Iterable[Task]:
    """Those that wait for an answer, the oldest first."""
    for swap in asked_swaps(actor)[:MOST]:
        yield Task(
            kind=gettext("Changing times"),
            title=gettext(
                "%(unit)s asks %(other)s to change times.", unit=swap.asking.unit.name, other=swap.asked.unit.name
            ),
            detail=gettext("Waits since %(day)s.", day=day_of(swap.asked_at)),
            href=f"/rounds/{swap.asking.round.ref}/swaps/{swap.ref}",
            action=gettext("Look and answer"),
            by=clock.local(swap.asked_at).date() + ANSWERED_WITHIN,
        )
