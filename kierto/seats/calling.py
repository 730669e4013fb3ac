"""Calls about a seat: asked for by the person, or needed because nothing else reaches them."""

from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.seats import SeatCalled, SeatCallTakenBack, SeatCallWanted
from kierto.events.models import Event
from kierto.meetings.models import Meeting
from kierto.seats.models import Seat
from kierto.seats.rules import SEAT_BEFORE_START, SeatState, offer_ends


def ask_to_call(actor: Actor, seat: Seat) -> Seat:
    """“Call me”: the coordinator finds it on the desk. Asking twice changes nothing.

    Raises:
        Refused: seat-before-start.
    """
    _locked(seat)
    if seat.call_wanted_at is None:
        seat.call_wanted_at = clock.now()
        session.flush()
        record(actor, seat, SeatCallWanted(meeting_id=seat.meeting_id))
    return seat


def take_call_back(actor: Actor, seat: Seat) -> Seat:
    """“I need no call after all.” Where none was asked for, or it was made meanwhile, nothing changes.

    Raises:
        Refused: seat-before-start.
    """
    _locked(seat)
    if seat.call_wanted_at is not None:
        seat.call_wanted_at = None
        session.flush()
        record(actor, seat, SeatCallTakenBack(meeting_id=seat.meeting_id))
    return seat


def called(actor: Actor, seat: Seat) -> Seat:
    """The person was called: an offer without a clock gets its clock now (seat-waiting-order).

    Raises:
        Refused: seat-before-start.
    """
    meeting = _locked(seat)
    seat.call_wanted_at = None
    if seat.state is SeatState.OFFERED and seat.offered_until is None:
        seat.offered_until = offer_ends(clock.now(), meeting.starts_at)
    session.flush()
    record(actor, seat, SeatCalled(meeting_id=seat.meeting_id))
    return seat


def called_since(moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether a call about the seat has been recorded since then, as the database says it of the table of seats."""
    call = aliased(Event)
    about_it = (
        call.organisation_id == Seat.organisation_id,
        call.subject == Seat.__tablename__,
        call.subject_id == Seat.id,
        call.kind == SeatCalled.kind,
        call.at >= moment,
    )
    # Also two levels within a query it is about the seat that is asked of there, not about any seat.
    return exists().where(*about_it).correlate_except(call)


def _locked(seat: Seat) -> Meeting:
    meeting = lock_one(Meeting, seat.meeting_id)
    if not meeting.open:
        raise Refused(SEAT_BEFORE_START)
    session.refresh(seat)
    return meeting
