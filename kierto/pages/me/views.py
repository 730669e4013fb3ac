"""One's own page: what comes next, what waits for an answer, what one could join."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template

from kierto.actor import Actor, Role
from kierto.experts import queries as experts
from kierto.meetings.happening import unanswered_in
from kierto.pages.me.coming import INVITATIONS, coming
from kierto.policy import BOOK_STOP, SEE_OWN_PAGE
from kierto.practices import queries as practices
from kierto.rounds import queries as rounds
from kierto.rounds.models import StopState
from kierto.rounds.swapping import asked_swaps
from kierto.seats import queries as seats
from kierto.units import queries as units
from kierto.web.guard import requires

pages = Blueprint("me", __name__)

JOINABLE = 6
VISITS = 5
HAPPENED = 5


def asking(actor: Actor) -> Actor:
    """Whoever asks: a visitor is told to sign in, not that the page does not exist."""
    return actor


@pages.get("/me")
@requires(SEE_OWN_PAGE, of=asking)
def show(me: Actor) -> str:
    """The signed-in person's own things, the next meeting first."""
    own = coming(me)
    is_expert = bool(me.organisations_as(Role.EXPERT))
    joinable = own.besides(seats.joinable(me, limit=JOINABLE + INVITATIONS), JOINABLE) if is_expert else []
    visits = seats.visits(me, limit=VISITS)
    newcomer = not (own.next or own.others) and not seats.ever_seated(me)
    registers = experts.own_registers(me)
    return render_template(
        "pages/me/show.html",
        next=own.next,
        asked=own.to_answer,
        others=own.others,
        same_time=own.same_time,
        places=seats.places_in_line(me),
        visits=visits,
        born=practices.born_in(me, [seat.meeting_id for seat in visits]) if visits else {},
        is_expert=is_expert,
        joinable=joinable,
        attendance=seats.attendances(joinable) if joinable else {},
        registers=registers,
        first_times=experts.silent_of_times(registers) if newcomer else [],
        newcomer=newcomer,
        coordinates=bool(me.organisations_as(Role.COORDINATOR)),
        **_work(me, newcomer=newcomer),
    )


def _work(me: Actor, *, newcomer: bool) -> Mapping[str, Any]:
    """What waits for the people of the actor's units; nothing for who works in none."""
    workplaces = units.workplaces(me) if me.units else []
    hosted = [unit for unit in workplaces if me.hosts(unit.id)]
    lacking = units.without_hours(unit.id for unit in hosted) if hosted and newcomer else frozenset()
    turns = rounds.own_turns(me) if workplaces else []
    return {
        "workplaces": workplaces,
        "to_answer": practices.counts_to_answer(unit.id for unit in workplaces) if workplaces else {},
        "turns": [(stop, BOOK_STOP.allows(me, stop)) for stop in turns if stop.state is StopState.WAITING],
        "swaps": [swap for swap in asked_swaps(me) if me.hosts(swap.asked.unit_id)] if hosted else [],
        "happened": unanswered_in([unit.id for unit in hosted], HAPPENED) if hosted else [],
        "without_hours": [unit for unit in hosted if unit.id in lacking],
    }
