"""What a person's own page tells of their seats: the next meeting, what to answer, the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kierto.actor import Actor
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats import queries as seats
from kierto.seats.answering import Question, questions
from kierto.seats.models import Seat
from kierto.seats.rules import SeatState

INVITATIONS = 3
"""So many invitations are asked of at once; the others are among the meetings that one could join."""

_FIRST = (SeatState.RECONFIRM, SeatState.OFFERED)


@dataclass(frozen=True)
class Coming:
    """One's own seats in meetings that have not ended.

    `next` is the first meeting that one comes to; `to_answer` what waits for an answer, offers and moves before
    invitations; `others` all the rest but invitations. `same_time`: id of a seat → the person’s other seats at that
    time; that somebody was invited matters only beside another invitation.
    """

    next: Question | None
    to_answer: Sequence[Question]
    others: Sequence[Seat]
    same_time: Mapping[int, Sequence[Seat]]

    @property
    def asked(self) -> frozenset[int]:
        """Ids of the meetings of which one is asked."""
        return frozenset(one.seat.meeting_id for one in self.to_answer)

    def besides(self, meetings: Sequence[Meeting], most: int) -> Sequence[Meeting]:
        """At most so many of the meetings, without those of which one is asked already."""
        return [meeting for meeting in meetings if meeting.id not in self.asked][:most]


def coming(me: Actor) -> Coming:
    """The actor's seats, sorted for their own page; in a number of queries that does not grow with the seats."""
    own = seats.own_seats(me)
    on = [seat for seat in own if seat.meeting.state is not MeetingState.CANCELLED and not seat.meeting.lapsed]
    following = next((seat for seat in on if seat.state is SeatState.ACCEPTED), None)
    first = [seat for seat in own if seat.state in _FIRST and seat.meeting.open]
    invited = [seat for seat in own if seat.state is SeatState.INVITED and seat.meeting.open][:INVITATIONS]
    asked = questions([*([following] if following else []), *first, *invited])
    to_answer = asked[1:] if following else asked
    shown = {following, *first}
    return Coming(
        asked[0] if following else None,
        to_answer,
        [seat for seat in own if seat not in shown and seat.state is not SeatState.INVITED],
        {seat.id: found for seat in on if (found := _at_the_time_of(seat, on))},
    )


def _at_the_time_of(seat: Seat, own: Sequence[Seat]) -> Sequence[Seat]:
    return [
        other
        for other in own
        if other is not seat
        and other.meeting.span.overlaps(seat.meeting.span)
        and (other.state is not SeatState.INVITED or seat.state is SeatState.INVITED)
    ]
