"""Tasks about rounds: turns not booked in time, rounds to close, units that no round has visited."""

from collections.abc import Iterable

from kierto import clock
from kierto.actor import Actor
from kierto.pages.desk.task import MOST, NO_HURRY, SOON, Task, more
from kierto.rounds.overdue import middle_of, never_visited, overdue_stops, rounds_over
from kierto.words import day, gettext, ngettext

NAMED = 3
"""So many units are named before the others are counted."""


def overdue(actor: Actor) -> Iterable[Task]:
    """Units that have not booked though half of their round has gone by."""
    late = overdue_stops(actor, MOST + 1)
    for stop in late[:MOST]:
        last = day(stop.round.until_on, today=clock.today())
        yield Task(
            kind=gettext("Unit without a meeting"),
            title=str(stop.unit.name),
            detail=gettext("%(round)s: not booked yet. The last day is %(day)s.", round=stop.round.name, day=last),
            href=f"/rounds/{stop.round.ref}/book/{stop.unit.ref}",
            action=gettext("Book the meeting"),
            by=middle_of(stop.round),
        )
    yield from more(late, gettext("More units without a meeting"), "/rounds/", clock.today())


def over(actor: Actor) -> Iterable[Task]:
    """Rounds whose last day has passed and that are still open."""
    found = rounds_over(actor, MOST + 1)
    for round_ in found[:MOST]:
        yield Task(
            kind=gettext("Round"),
            title=str(round_.name),
            detail=gettext(
                "Its last day was %(day)s. Close it, or give it more days.",
                day=day(round_.until_on, today=clock.today()),
            ),
            href=f"/rounds/{round_.ref}",
            action=gettext("Look after the round"),
            by=round_.until_on + 7 * SOON,
        )
    yield from more(found, gettext("More rounds"), "/rounds/", clock.today())


def unvisited(actor: Actor) -> Iterable[Task]:
    """Units that no round has visited and none is going to: one task for all of them."""
    units = never_visited(actor, MOST + 1)
    if not units:
        return
    names = ", ".join(str(unit.name) for unit in units[:NAMED])
    rest = len(units) - NAMED
    several = gettext("Many units have never had a meeting")
    yield Task(
        kind=gettext("Units never visited"),
        title=several
        if len(units) > MOST
        else ngettext("%(num)s unit has never had a meeting", "%(num)s units have never had a meeting", len(units)),
        detail=f"{names} …" if rest > 0 else names,
        href="/rounds/new",
        action=gettext("Plan a round"),
        by=clock.today() + NO_HURRY,
    )
