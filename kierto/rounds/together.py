"""Two units of a round that meet together: one hosts, the other is its co-host, and both have had their turn."""

from collections.abc import Sequence

from kierto.actor import Actor
from kierto.database import lock, lock_one, session
from kierto.errors import Refused
from kierto.meetings import queries as meetings
from kierto.meetings.models import Meeting
from kierto.meetings.rules import check_unit_free
from kierto.rounds.booking import give_meeting
from kierto.rounds.lifecycle import locked_open, locked_stops
from kierto.rounds.models import Round, Stop, StopState
from kierto.rounds.rules import STOP_TOGETHER
from kierto.seats.sharing import host_alone, host_together
from kierto.units.models import Unit


def meet_together(actor: Actor, stop: Stop, co_stop: Stop) -> Meeting:
    """Let a unit that waits (`co_stop`) hold the coming meeting of another one (`stop`) together with it.

    The people of its own meetings that were cancelled are asked first (seat-interest-first). Doing it twice changes
    nothing.

    Raises:
        Refused: round-under-way, stop-together; meeting-unit-free when the unit has another meeting then.
    """
    round_ = locked_open(stop.round_id)
    stops = {one.id: one for one in locked_stops(round_.id)}
    host, guest = stops.get(stop.id), stops.get(co_stop.id)
    if host is None or guest is None or host is guest:
        raise Refused(STOP_TOGETHER)
    if guest.meeting_id is not None and guest.meeting_id == host.meeting_id and co_hosts(guest):
        return lock_one(Meeting, guest.meeting_id)
    lock(Unit, [host.unit_id, guest.unit_id])
    if guest.state is not StopState.WAITING or host.meeting_id is None or not _may_share(host):
        raise Refused(STOP_TOGETHER)
    meeting = lock_one(Meeting, host.meeting_id)
    if not _may_share(host):
        raise Refused(STOP_TOGETHER)
    check_unit_free(meeting.span, meetings.hosted_spans([guest.unit_id], meeting.span))
    former = give_meeting(guest, meeting)
    host_together(actor, meeting, guest.unit_id, former)
    return meeting


def meet_apart(actor: Actor, co_stop: Stop) -> None:
    """Give a co-host its own turn back: it waits again, and the meeting is the other unit's alone.

    Raises:
        Refused: round-under-way; stop-together when it is no co-host of a meeting to come.
    """
    locked_open(co_stop.round_id)
    guest = next(one for one in locked_stops(co_stop.round_id) if one.id == co_stop.id)
    if guest.meeting_id is None or not co_hosts(guest):
        raise Refused(STOP_TOGETHER)
    meeting = lock_one(Meeting, guest.meeting_id)
    if not co_hosts(guest):
        raise Refused(STOP_TOGETHER)
    host_alone(actor, meeting)
    guest.meeting_id = None
    session.flush()
    session.expire(guest, ["meeting"])


def co_hosts(stop: Stop) -> bool:
    """Whether the unit is the co-host of a meeting that is still to come."""
    return stop.state is StopState.BOOKED and stop.meeting is not None and stop.meeting.co_unit_id == stop.unit_id


def to_share(round_: Round) -> Sequence[Stop]:
    """The turns whose coming meetings another unit may hold, too. Needs the round's stops with their meetings."""
    return [stop for stop in round_.stops if _may_share(stop)]


def _may_share(stop: Stop) -> bool:
    return (
        stop.state is StopState.BOOKED
        and stop.meeting is not None
        and stop.meeting.open
        and stop.meeting.co_unit_id is None
    )
