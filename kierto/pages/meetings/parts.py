"""What a meeting's page has for those who look after it, and of one's own part beside the answer."""

from dataclasses import dataclass

from kierto.actor import Actor
from kierto.errors import NotFound
from kierto.meetings.happening import can_be_said
from kierto.meetings.models import Meeting
from kierto.meetings.queries import who_holds_anyway
from kierto.policy import (
    CANCEL_MEETING,
    EDIT_MEETING,
    HOLD_ANYWAY,
    MOVE_MEETING,
    NAME_FACILITATOR,
    RECORD_ANSWER,
    SAY_HAPPENED,
    SEE_PARTICIPANTS,
    works_there,
)
from kierto.rounds.models import Round
from kierto.rounds.visiting import visit_to
from kierto.seats.models import Seat
from kierto.seats.queries import Attendance
from kierto.seats.rules import SeatState
from kierto.seats.watching import Remote, must_be_decided, remote_of

_NOT_COMING = (SeatState.INVITED, SeatState.DECLINED, SeatState.WITHDRAWN)


@dataclass(frozen=True)
class Care:
    """What whoever looks after a meeting can do: each says whether the reader may now; addresses are none otherwise."""

    edit: bool
    facilitators: bool
    answers: bool
    decide: bool
    must_decide: bool
    happened: bool
    move: str | None
    cancel: str | None

    @property
    def anything(self) -> bool:
        return any(vars(self).values())


@dataclass(frozen=True)
class Decided:
    """That a coordinator has the meeting held without those it needs: who decided so, if that is known, and why."""

    name: str | None
    reason: str


@dataclass(frozen=True)
class Own:
    """Of the reader's own part: taking part from afar, who comes along, whether they can come to visit."""

    remote: Remote | None
    seat: Seat | None
    visit: bool

    @property
    def anything(self) -> bool:
        return self.remote is not None or self.seat is not None or self.visit


def care_of(who: Actor, meeting: Meeting, attendance: Attendance, round_: Round | None) -> Care:
    """What the reader can do for the meeting now."""
    lacks = sum(attendance.lacking) > 0
    turn = f"/{meeting.unit.ref}" if round_ is not None and meeting.open else None
    coordinates = HOLD_ANYWAY.allows(who, meeting)
    return Care(
        edit=meeting.open and EDIT_MEETING.allows(who, meeting),
        facilitators=meeting.open and NAME_FACILITATOR.allows(who, meeting),
        answers=meeting.open and RECORD_ANSWER.allows(who, meeting),
        decide=meeting.open and lacks and coordinates,
        must_decide=lacks and coordinates and must_be_decided(meeting),
        happened=meeting.happened is None and can_be_said(meeting) and SAY_HAPPENED.allows(who, meeting),
        move=f"/rounds/{round_.ref}/move{turn}" if round_ and turn and MOVE_MEETING.allows(who, meeting) else None,
        cancel=f"/rounds/{round_.ref}/give-up{turn}"
        if round_ and turn and CANCEL_MEETING.allows(who, meeting)
        else None,
    )


def decided_of(who: Actor, meeting: Meeting, attendance: Attendance) -> Decided | None:
    """Who has the meeting held though it lacks people, for those who may see names; others learn only that it is so."""
    if meeting.override_reason is None or not sum(attendance.lacking) or not SEE_PARTICIPANTS.allows(who, meeting):
        return None
    person = who_holds_anyway(meeting)
    return Decided(person.name if person else None, meeting.override_reason)


def own_of(who: Actor, meeting: Meeting, seat: Seat | None) -> Own:
    """The reader's own part."""
    shown = seat if seat is not None and seat.state not in _NOT_COMING and meeting.open else None
    return Own(remote=remote_of(meeting, seat), seat=shown, visit=_can_visit(who, meeting, seat))


def _can_visit(who: Actor, meeting: Meeting, seat: Seat | None) -> bool:
    """Whether the reader works in the unit that meets next; who was invited answers as everybody does."""
    if seat is not None or not meeting.open or not who.units or works_there(who, meeting):
        return False
    try:
        visit_to(who, meeting.ref)
    except NotFound:
        return False
    return True
