"""Tasks about meetings: people lacking, seats to fill, whether one was held, calls to make."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from kierto import clock
from kierto.actor import Actor, Role
from kierto.clock import local
from kierto.meetings.happening import unanswered
from kierto.meetings.models import Meeting
from kierto.pages.desk.task import MOST, SOON, Task, day_of, more
from kierto.seats.needed import still_needed
from kierto.seats.recording import Reason, calls_to_make
from kierto.seats.unreached import meetings_to_call_about
from kierto.seats.watching import Watched, lacking, must_be_decided, to_fill
from kierto.words import gettext, moment, ngettext

FOUND_BY = timedelta(days=3)
"""People that a meeting lacks are found so many days before it."""

ANSWERED_WITHIN = timedelta(days=3)
"""A unit that has not said by then whether its meeting was held is asked by the coordinator."""


def people_lacking(actor: Actor) -> Iterable[Task]:
    """Rule meeting-mix: meetings that lack people they need; within a day, whether they are held is to be decided."""
    found = lacking(actor, MOST + 1)
    for meeting, attendance in found[:MOST]:
        starts = local(meeting.starts_at).date()
        now = must_be_decided(meeting)
        yield Task(
            kind=gettext("Decide: is the meeting held?") if now else gettext("People are lacking"),
            title=_called(meeting),
            detail=gettext(
                "%(when)s. Still needed: %(people)s.", when=_when(meeting), people=still_needed(meeting, attendance)
            ),
            href=f"/meetings/{meeting.ref}/decide",
            action=gettext("Find people or decide"),
            by=clock.today() if now else max(clock.today(), starts - FOUND_BY),
        )
    yield from more(found, gettext("More meetings that lack people"), "/meetings/", clock.today() + SOON)


def were_they_held(actor: Actor) -> Iterable[Task]:
    """Meetings of which the unit was asked whether they were held, and has not answered."""
    found = unanswered(actor.organisations_as(Role.COORDINATOR), MOST + 1)
    for meeting in found[:MOST]:
        assert meeting.asked_happened_at is not None
        yield Task(
            kind=gettext("Was the meeting held?"),
            title=_called(meeting),
            detail=gettext("The unit was asked on %(day)s.", day=day_of(meeting.asked_happened_at)),
            href=f"/meetings/{meeting.ref}/happened",
            action=gettext("Answer"),
            by=local(meeting.asked_happened_at).date() + ANSWERED_WITHIN,
        )
    yield from more(found, gettext("More meetings"), "/meetings/", clock.today() + SOON)


def calls_about_meetings(actor: Actor) -> Iterable[Task]:
    """Calls about seats: to those who asked for one, and to those whom nothing else reaches."""
    why = {
        Reason.CANCELLED: gettext("The meeting is cancelled, and only a call reaches them"),
        Reason.MOVED: gettext("The meeting was moved, and only a call reaches them"),
        Reason.OFFERED: gettext("A seat is offered, and only a call reaches them"),
        Reason.WISHED: gettext("Asked to be called"),
    }
    for seat, reason, since in calls_to_make(actor, MOST):
        soonest = min(local(since).date() + SOON, local(seat.meeting.starts_at).date())
        yield Task(
            kind=gettext("Call"),
            title=seat.person.name,
            detail=gettext(
                "%(why)s. Meeting %(when)s: %(unit)s.",
                why=why[reason],
                when=_when(seat.meeting),
                unit=seat.meeting.unit.name,
            ),
            href=f"/seats/{seat.ref}/call",
            action=gettext("Call"),
            by=soonest,
        )


def lists_to_call(actor: Actor) -> Iterable[Task]:
    """Meetings about whose people or seats to call, one task for each.

    There are people whom no message reaches: invited, or of a new time. Else there are empty seats worth a call.
    """
    found = meetings_to_call_about(actor, MOST + 1)
    for meeting, people in found[:MOST]:
        yield Task(
            kind=ngettext(
                "Call %(num)s person whom no message reaches", "Call %(num)s people whom no message reaches", people
            ),
            title=_called(meeting),
            detail=gettext("%(when)s. They are invited, or the meeting has a new time.", when=_when(meeting)),
            href=f"/meetings/{meeting.ref}/answers",
            action=gettext("See whom to call"),
            by=min(clock.today() + SOON, local(meeting.starts_at).date()),
        )
    yield from more(found, gettext("More meetings to call about"), "/meetings/", clock.today() + SOON)
    called_about = {meeting.id for meeting, _people in found}
    yield from _seats_to_fill([one for one in to_fill(actor, 2 * MOST + 1) if one.meeting.id not in called_about])


def _seats_to_fill(found: Sequence[Watched]) -> Iterable[Task]:
    for meeting, attendance in found[:MOST]:
        yield Task(
            kind=gettext("Free seats"),
            title=_called(meeting),
            detail=ngettext(
                "%(when)s. %(num)s seat is free.",
                "%(when)s. %(num)s seats are free.",
                attendance.free,
                when=_when(meeting),
            ),
            href=f"/meetings/{meeting.ref}/answers",
            action=gettext("Ask somebody"),
            by=max(clock.today(), local(meeting.starts_at).date() - FOUND_BY),
        )
    yield from more(found, gettext("More meetings with free seats"), "/meetings/", clock.today() + SOON)


def _called(meeting: Meeting) -> str:
    return f"{meeting.unit.name}: {meeting.theme.name}"


def _when(meeting: Meeting) -> str:
    return moment(local(meeting.starts_at), today=clock.today())
