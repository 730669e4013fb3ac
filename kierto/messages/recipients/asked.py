"""Who was invited to a meeting that has moved or was cancelled since, and has not answered."""

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from kierto.database import session
from kierto.events.catalogue.meetings import ExpertsInvited, VisitorsInvited
from kierto.events.catalogue.seats import SeatOffered
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.messages.models import Message, MessageState
from kierto.messages.recipients.found import Recipient
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.seats.suiting import who_suits

_KINDS = {SeatRole.EXPERT: ExpertsInvited.kind, SeatRole.VISITING_STAFF: VisitorsInvited.kind}


def asked_anew(event: Event, meeting: Meeting) -> Iterable[Recipient]:
    """Whom the new time still suits, by the invitation anew; not who moved it, nor who reads of that time anyway.

    An expert whom it suits no more is told nothing. Their seat stays, so that the link in the letter that they have
    still opens: it shows the time as it is now, and they can say that they come after all.
    """
    suited = {person.id for person in who_suits(meeting)}
    reads_anyway = _reads_anyway(event, meeting)
    return [
        Recipient(seat.person, _KINDS[seat.role])
        for seat in session.scalars(
            select(Seat)
            .where(Seat.meeting_id == meeting.id, Seat.state == SeatState.INVITED, Seat.role.in_(_KINDS))
            .options(joinedload(Seat.person))
            .order_by(Seat.person_id)
        )
        if seat.person_id != event.actor_id
        and seat.person_id not in reads_anyway
        and (seat.role is not SeatRole.EXPERT or seat.person_id in suited)
    ]


def have_invitation(meeting: Meeting) -> set[int]:
    """Ids of those whose invitation to the meeting has left, or may have: one that rests never leaves then.

    Who was asked before others and let that pass while experts say that they are interested is invited like them:
    their offer was the invitation.
    """
    left = or_(Message.state == MessageState.SENT, Message.lease_until.is_not(None))
    seats = select(Seat.id).where(Seat.meeting_id == meeting.id, Seat.state == SeatState.INVITED)
    invited = and_(Message.kind.in_(_KINDS.values()), Message.subject_id == meeting.id)
    offered = and_(Message.kind == SeatOffered.kind, Message.subject_id.in_(seats))
    found = session.scalars(select(Message.person_id).where(or_(invited, offered), left))
    return {id_ for id_ in found if id_ is not None}


def _reads_anyway(event: Event, meeting: Meeting) -> set[int]:
    """Ids of those who were invited by the move itself, or whose invitation has not left: it is written when it does.

    One that a worker has taken may have been written with the old time already.
    """
    rests = and_(Message.state == MessageState.DUE, Message.lease_until.is_(None))
    return {
        id_
        for id_ in session.scalars(
            select(Message.person_id)
            .join(Event, Event.id == Message.event_id)
            .where(
                Message.kind.in_(_KINDS.values()),
                Message.subject_id == meeting.id,
                or_(Event.act == event.act, rests),
            )
        )
        if id_ is not None
    }
