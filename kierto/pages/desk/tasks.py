"""What needs a person today, gathered from every room.

A kind of task is a function that gives at most so many of its tasks in one query or two. To add a kind, write its
function, in a module of its own beside this one, and put it into `PROVIDERS`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from kierto import clock
from kierto.actor import Actor, Role
from kierto.experts import calling, duplicates, register
from kierto.jobs import queries as jobs
from kierto.jobs.models import JobState
from kierto.pages.desk.meetings import (
    calls_about_meetings,
    lists_to_call,
    people_lacking,
    were_they_held,
)
from kierto.pages.desk.rounds import over, overdue, unvisited
from kierto.pages.desk.swaps import swaps
from kierto.pages.desk.task import MOST, NO_HURRY, SOON, Task, day_of, more
from kierto.people.staff import units_without_host
from kierto.people.unit_list import Shown
from kierto.rounds import queries as rounds
from kierto.sign_in.calls import calls_to_make
from kierto.statements.queries import feedback_to_answer
from kierto.units import queries as units
from kierto.units.municipalities import said
from kierto.words import day, gettext, ngettext

APPLICATION_WAITS = timedelta(days=7)
"""An applicant should hear of their application within so many days."""


def tasks_of(actor: Actor) -> list[Task]:
    """Everything that waits for the actor, the most urgent first."""
    found = [task for provider in PROVIDERS for task in provider(actor)]
    return sorted(found, key=lambda task: task.by)


def _calls(actor: Actor) -> Iterable[Task]:
    """Numbers and addresses that are confirmed by a call, and people who asked for one."""
    for call in calls_to_make(actor):
        proved = call.person.phone_proved_at is not None
        still = gettext("To be sure that the number is still theirs. Waits since %(day)s.", day=day_of(call.since))
        first = gettext("To be sure that the number is theirs. Waits since %(day)s.", day=day_of(call.since))
        changes = gettext(
            "An address changes, and the old one cannot be asked. Waits since %(day)s.", day=day_of(call.since)
        )
        yield Task(
            kind=gettext("Call"),
            title=call.person.name,
            detail=changes if call.changes else still if proved else first,
            href=f"/calls/{call.person.ref}",
            action=gettext("Call"),
            by=clock.local(call.since).date() + SOON,
        )
    wished = register.calls_wished(actor, MOST + 1)
    for expert in wished[:MOST]:
        yield Task(
            kind=gettext("Call"),
            title=expert.person.name,
            detail=gettext("Asked to be called on %(day)s", day=day_of(expert.created_at)),
            href=f"/experts/{expert.ref}",
            action=gettext("Call"),
            by=clock.local(expert.created_at).date() + SOON,
        )
    yield from more(wished, gettext("More calls"), "/experts/?look=to_call", clock.today() + SOON)


def _numbers(actor: Actor) -> Iterable[Task]:
    """Numbers of applicants that were somebody else's: no letter asks whose they are now."""
    numbers = calling.numbers_to_call(actor, MOST + 1)
    for expert in numbers[:MOST]:
        yield Task(
            kind=gettext("Call"),
            title=expert.person.name,
            detail=gettext(
                "Applied with a number that was another person’s. Waits since %(day)s.", day=day_of(expert.created_at)
            ),
            href=f"/experts/{expert.ref}",
            action=gettext("Call"),
            by=clock.local(expert.created_at).date() + SOON,
        )
    yield from more(numbers, gettext("More calls"), "/experts/?look=to_decide", clock.today() + SOON)


def _applications(actor: Actor) -> Iterable[Task]:
    waiting = register.needs_deciding(actor, MOST + 1)
    for expert in waiting[:MOST]:
        yield Task(
            kind=gettext("Application"),
            title=expert.person.name,
            detail=gettext("Waits since %(day)s.", day=day_of(expert.created_at)),
            href=f"/experts/{expert.ref}",
            action=gettext("Read and decide"),
            by=clock.local(expert.created_at).date() + APPLICATION_WAITS,
        )
    yield from more(waiting, gettext("More applications"), "/experts/?look=to_decide", clock.today() + SOON)


def _feedback(actor: Actor) -> Iterable[Task]:
    """Rule accessibility-answer: due within 14 days."""
    waiting = feedback_to_answer(actor)
    for feedback in waiting[:MOST]:
        yield Task(
            kind=gettext("Feedback on accessibility"),
            title=gettext("Somebody met an obstacle"),
            detail=gettext("Answer by %(day)s", day=day(feedback.due_on, today=clock.today())),
            href=f"/feedback/{feedback.ref}",
            action=gettext("Read and answer"),
            by=feedback.due_on,
        )
    yield from more(waiting, gettext("More feedback"), "/feedback/", waiting[-1].due_on if waiting else clock.today())


def _contracts(actor: Actor) -> Iterable[Task]:
    ending = register.contracts_ending(actor, MOST + 1)
    for expert in ending[:MOST]:
        assert expert.contract_until is not None
        ended = expert.contract_until < clock.today()
        until = day(expert.contract_until, today=clock.today())
        yield Task(
            kind=gettext("Contract"),
            title=expert.person.name,
            detail=gettext("Ended on %(day)s", day=until) if ended else gettext("Ends on %(day)s", day=until),
            href=f"/experts/{expert.ref}/dates",
            action=gettext("Make a new one"),
            by=expert.contract_until,
        )
    if len(ending) > MOST:
        last = ending[MOST].contract_until or clock.today()
        yield from more(ending, gettext("More contracts"), "/experts/?look=contract_ends", last)


def _duplicates(actor: Actor) -> Iterable[Task]:
    for one, other in duplicates.duplicates(actor, MOST):
        places = [said(place) for place in (one.municipality, other.municipality) if place]
        yield Task(
            kind=gettext("Perhaps the same person twice"),
            title=", ".join(dict.fromkeys((one.person.name, other.person.name))),
            detail=", ".join(dict.fromkeys(places)),
            href=f"/experts/{one.ref}/merge/{other.ref}",
            action=gettext("Compare the two"),
            by=clock.today() + NO_HURRY,
        )


def _hosts(actor: Actor) -> Iterable[Task]:
    """Until a unit has a contact person, the coordinator acts for it."""
    bare = units_without_host(actor, MOST + 1)
    for unit in bare[:MOST]:
        yield Task(
            kind=gettext("Unit without a contact person"),
            title=str(unit.name),
            detail=gettext("Until it has one, you act for it."),
            href=f"/units/{unit.ref}/people",
            action=gettext("Invite somebody"),
            by=clock.today() + NO_HURRY,
        )
    yield from more(
        bare,
        gettext("More units without a contact person"),
        f"/units/?show={Shown.NO_CONTACT.value}",
        clock.today() + NO_HURRY,
    )


def _beginning(actor: Actor) -> Iterable[Task]:
    """What a new organisation does first: its units, then its first round."""
    if not coordinates(actor):
        return
    organisation = units.coordinated(actor)
    if rounds.any_round(organisation.id):
        return
    kind, name = gettext("First steps"), str(organisation.name)
    if units.any_unit(organisation.id):
        yield Task(
            kind=kind,
            title=gettext("Plan your first round"),
            detail=gettext("%(name)s has units but no round yet. You choose the theme and the units.", name=name),
            href="/rounds/new",
            action=gettext("Plan a round"),
            by=clock.today(),
        )
    else:
        yield Task(
            kind=kind,
            title=gettext("Bring your units in"),
            detail=gettext("%(name)s has no units yet. After that you plan a round.", name=name),
            href="/units/import",
            action=gettext("Import units from a file"),
            by=clock.today(),
        )


def _imports(actor: Actor) -> Iterable[Task]:
    for job in jobs.under_way(actor, MOST):
        asks = job.state is JobState.ASKING
        yield Task(
            kind=gettext("Import"),
            title=job.file_name or gettext("Import"),
            detail=gettext("Waits until you say that it is saved.") if asks else gettext("Is being looked through."),
            href=f"/jobs/{job.ref}",
            action=gettext("Look and save") if asks else gettext("See how far it is"),
            by=clock.today() + (timedelta() if asks else SOON),
        )


PROVIDERS: Sequence[Callable[[Actor], Iterable[Task]]] = (
    people_lacking,
    calls_about_meetings,
    lists_to_call,
    _calls,
    _numbers,
    _applications,
    _feedback,
    were_they_held,
    swaps,
    overdue,
    over,
    _contracts,
    _beginning,
    _imports,
    _duplicates,
    _hosts,
    unvisited,
)
"""Each kind of task; of the same day, the earlier here stands first."""


def counted(tasks: Sequence[Task]) -> str:
    """How many things wait, as a sentence."""
    return ngettext("%(num)s thing waits for you.", "%(num)s things wait for you.", len(tasks))


def coordinates(actor: Actor) -> bool:
    """Whether the actor is a coordinator anywhere: their empty desk is another than an administrator's."""
    return bool(actor.organisations_as(Role.COORDINATOR))
