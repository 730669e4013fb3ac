"""Which role a person may have in a meeting (expert-approved, seat-no-double-hat)."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from kierto.database import session
from kierto.errors import Refused
from kierto.meetings.models import Meeting
from kierto.people import queries as people
from kierto.people.models import Member
from kierto.people.rules import EXPERT_APPROVED, SEAT_NO_DOUBLE_HAT
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState


def works_at(person_id: int, meeting: Meeting) -> bool:
    """Whether the person works in a unit that hosts the meeting."""
    statement = select(Member.id).where(Member.person_id == person_id, Member.unit_id.in_(meeting.unit_ids))
    return session.scalar(statement.limit(1)) is not None


def units_worked(person_ids: Collection[int], meetings: Collection[Meeting]) -> Mapping[int, set[int]]:
    """Person id → in which units of two that meet together they work; nothing is read where each meets alone."""
    units = {unit for meeting in meetings if meeting.co_unit_id is not None for unit in meeting.unit_ids}
    found: dict[int, set[int]] = {id_: set() for id_ in person_ids}
    if units and found:
        for person_id, unit_id in session.execute(
            select(Member.person_id, Member.unit_id).where(Member.person_id.in_(found), Member.unit_id.in_(units))
        ):
            if unit_id is not None:
                found[person_id].add(unit_id)
    return found


def check_named(seat: Seat | None, role: SeatRole) -> None:
    """Who leads a meeting was named to (`facilitating`): who was not, or is no more, does not come as that.

    Raises:
        Refused: seat-no-double-hat.
    """
    if role is SeatRole.FACILITATOR and (seat is None or seat.state not in SeatState.holding()):
        raise Refused(SEAT_NO_DOUBLE_HAT)


def works_elsewhere(person_id: int, meeting: Meeting) -> bool:
    """Whether the person works in a unit of the meeting's organisation that does not host it."""
    statement = select(Member.id).where(
        Member.person_id == person_id,
        Member.organisation_id == meeting.organisation_id,
        Member.unit_id.is_not(None),
        Member.unit_id.not_in(meeting.unit_ids),
    )
    return session.scalar(statement.limit(1)) is not None


def check_role(meeting: Meeting, person_id: int, role: SeatRole) -> None:
    """An expert is approved and does not work there; host staff work there, visiting staff elsewhere.

    Raises:
        Refused: expert-approved, seat-no-double-hat.
    """
    if role is SeatRole.FACILITATOR:
        return
    here = works_at(person_id, meeting)
    if role is SeatRole.EXPERT:
        if here:
            raise Refused(SEAT_NO_DOUBLE_HAT)
        if not people.is_approved_expert(person_id, meeting.organisation_id):
            raise Refused(EXPERT_APPROVED)
    elif here is not (role is SeatRole.HOST_STAFF) or not (here or works_elsewhere(person_id, meeting)):
        raise Refused(SEAT_NO_DOUBLE_HAT)
