"""Beginning and ending to work somewhere, with what that means for seats."""

from collections.abc import Sequence

from sqlalchemy import select, update

from kierto import clock
from kierto.actor import Actor, Membership, Role
from kierto.database import NO_ORGANISATION, lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import InvitationAccepted, MembershipEnded, StaffJoined
from kierto.meetings.models import Meeting
from kierto.people.actions import add_person
from kierto.people.inviting import invited_person
from kierto.people.models import Invitation, Member, Person
from kierto.people.queries import works_in
from kierto.people.roles import check_not_last, coordinators_of, ensure_role, make_administrator
from kierto.people.rules import INVITATION_NUMBER_SILENT
from kierto.seats.actions import give_up_all
from kierto.seats.leaving import Held, hold
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole
from kierto.sign_in.queries import is_silent
from kierto.words import Language


def accept_invitation(invitation: Invitation, name: str, language: Language) -> Person | None:
    """Say yes: whoever holds the letter is who its address belongs to. None when the invitation can no longer be used.

    An unknown address becomes a person with the name and language; a known one keeps theirs. Who begins to work in a
    unit gives up coming seats as an expert there (seat-no-double-hat). One statement uses the invitation up, so that
    of two presses at one moment one is the first.

    Raises:
        Refused: invitation-number-silent when the known person's number may be somebody else's by now;
            person-reached-once when the address became known at this very moment: a second press goes through.
    """
    if not invitation.usable:
        return None
    known = invited_person(invitation)
    if known is not None and invitation.phone is not None and is_silent(known):
        raise Refused(INVITATION_NUMBER_SILENT)
    held = hold([known.id]) if known is not None else None
    now = clock.now()
    used = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now)
        .returning(Invitation.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if used is None:
        return None
    person = known or _made(invitation, name, language)
    if invitation.email is not None:
        person.email_proved_at = now
    else:
        person.phone_proved_at = now
    _give(invitation, person, held)
    return person


def end_role(actor: Actor, member: Member) -> None:
    """End one role of a person: by themself, or by who may. What it let them do ends with their next request.

    Coming seats that came with a unit are given up, offers pass on, a lost mix is flagged. The locks of the persons
    who coordinate the organisation guard its last one.

    Raises:
        Refused: organisation-keeps-coordinator.
    """
    coordinators = coordinators_of(member.organisation_id) if member.role is Role.COORDINATOR else set[int]()
    held = hold({member.person_id} | coordinators)
    still = session.scalar(select(Member).where(Member.id == member.id), execution_options={"populate_existing": True})
    if still is None:
        return  # ended at the same moment, in another tab
    check_not_last(still)
    record(actor, still, MembershipEnded(person_id=still.person_id, role=still.role.value, unit_id=still.unit_id))
    session.delete(still)
    session.flush()
    give_up_all(actor, [(seat, held.meetings[seat.meeting_id]) for seat in _no_longer(held, still)])


def leave_unit(actor: Actor, unit_id: int, person_id: int) -> bool:
    """End every role of the person in the unit; whether there was one."""
    roles = session.scalars(select(Member).where(Member.unit_id == unit_id, Member.person_id == person_id)).all()
    for member in roles:
        end_role(actor, member)
    return bool(roles)


def _made(invitation: Invitation, name: str, language: Language) -> Person:
    person = add_person(name, email=invitation.email, phone=invitation.phone, language=language)
    return lock_one(Person, person.id)


def _give(invitation: Invitation, person: Person, held: Held | None) -> None:
    themself = Actor(person_id=person.id, name=person.name)
    record(themself, invitation, InvitationAccepted(person_id=person.id))
    if invitation.role is None or invitation.organisation_id == NO_ORGANISATION:
        make_administrator(themself, person)
        return
    new = invitation.unit_id is not None and not works_in(person.id, invitation.unit_id)
    member = ensure_role(themself, person, Membership(invitation.organisation_id, invitation.role, invitation.unit_id))
    if new and invitation.created_by is None and invitation.unit_id is not None:
        record(themself, member, StaffJoined(unit_id=invitation.unit_id, person_id=person.id))
    seats = [(seat, held.meetings[seat.meeting_id]) for seat in held.seats] if held else []
    expert_here = [
        (seat, meeting)
        for seat, meeting in seats
        if seat.role is SeatRole.EXPERT and invitation.unit_id in meeting.unit_ids
    ]
    give_up_all(themself, expert_here)


def _no_longer(held: Held, ended: Member) -> Sequence[Seat]:
    """The seats that the person had because of the role, and has no more."""
    if ended.unit_id is None:
        return []
    left = session.scalars(
        select(Member.unit_id).where(
            Member.person_id == ended.person_id,
            Member.organisation_id == ended.organisation_id,
            Member.unit_id.is_not(None),
        )
    ).all()
    seats = [seat for seat in held.seats if seat.person_id == ended.person_id]
    return [seat for seat in seats if _came_with(seat, held.meetings[seat.meeting_id], ended, left)]


def _came_with(seat: Seat, meeting: Meeting, ended: Member, left: Sequence[int | None]) -> bool:
    """Host staff work in the meeting's unit; visiting staff in some unit of the organisation."""
    if seat.organisation_id != ended.organisation_id:
        return False
    if seat.role is SeatRole.HOST_STAFF:
        return ended.unit_id in meeting.unit_ids and not set(meeting.unit_ids).intersection(left)
    return seat.role is SeatRole.VISITING_STAFF and not left
