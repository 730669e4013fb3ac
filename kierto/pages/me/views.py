"""One's own page: what comes next, what waits for an answer, what one could join."""

from flask import Blueprint, render_template

from kierto.actor import Actor, Role
from kierto.experts import queries as experts
from kierto.meetings.models import MeetingState
from kierto.policy import BOOK_STOP, SEE_OWN_PAGE
from kierto.practices import queries as practices
from kierto.rounds import queries as rounds
from kierto.rounds.models import StopState
from kierto.seats import queries as seats
from kierto.seats.rules import SeatState
from kierto.units import queries as units
from kierto.web.guard import requires

pages = Blueprint("me", __name__)

JOINABLE = 6
VISITS = 5


def asking(actor: Actor) -> Actor:
    """Whoever asks: a visitor is told to sign in, not that the page does not exist."""
    return actor


@pages.get("/me")
@requires(SEE_OWN_PAGE, of=asking)
def show(me: Actor) -> str:
    """The signed-in person's own things, the next meeting first."""
    # What one is invited to stands among the meetings that one could join.
    own = [seat for seat in seats.own_seats(me) if seat.state is not SeatState.INVITED]
    coming = [
        seat for seat in own if seat.state is SeatState.ACCEPTED and seat.meeting.state is not MeetingState.CANCELLED
    ]
    offered = [seat for seat in own if seat.state is SeatState.OFFERED and seat.meeting.open]
    next_seat = coming[0] if coming else None
    is_expert = bool(me.organisations_as(Role.EXPERT))
    workplaces = units.workplaces(me) if me.units else []
    joinable = seats.joinable(me, limit=JOINABLE) if is_expert else []
    newcomer = not own and not seats.ever_seated(me)
    hosted = [unit for unit in workplaces if me.hosts(unit.id)] if newcomer else []
    lacking = units.without_hours(unit.id for unit in hosted) if hosted else frozenset()
    registers = experts.own_registers(me)
    return render_template(
        "pages/me/show.html",
        next_seat=next_seat,
        offered=offered,
        others=[seat for seat in own if seat is not next_seat and seat not in offered],
        places=seats.places_in_line(me),
        visits=seats.visits(me, limit=VISITS),
        is_expert=is_expert,
        joinable=joinable,
        attendance=seats.attendances(joinable) if joinable else {},
        workplaces=workplaces,
        to_answer=practices.counts_to_answer(unit.id for unit in workplaces),
        turns=[(stop, BOOK_STOP.allows(me, stop)) for stop in rounds.own_turns(me) if stop.state is StopState.WAITING]
        if workplaces
        else [],
        registers=registers,
        first_times=experts.silent_of_times(registers) if newcomer else [],
        newcomer=newcomer,
        without_hours=[unit for unit in hosted if unit.id in lacking],
        coordinates=bool(me.organisations_as(Role.COORDINATOR)),
    )
