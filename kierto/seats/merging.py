"""One person who is known twice made one, with a preview of what stays and what moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.people import MembershipGiven
from kierto.events.catalogue.seats import SeatMoved
from kierto.events.models import Reading
from kierto.experts.merging import STATES, merge_experts
from kierto.experts.models import Application, BusySpan
from kierto.meetings.models import Meeting
from kierto.people.blanking import blank_person
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.rules import MERGE_OWN_ONLY, SEAT_NO_DOUBLE_HAT, check_not_own
from kierto.seats.actions import give_up_all
from kierto.seats.leaving import COMING, Held, hold
from kierto.seats.models import Seat
from kierto.seats.rules import PERSON_ONE_PLACE, SeatRole, SeatState
from kierto.sign_in.ending import end_ways_in
from kierto.words import N_

_BEST_FIRST = (
    *(SeatState.ATTENDED, SeatState.ACCEPTED, SeatState.RECONFIRM, SeatState.OFFERED, SeatState.WAITING),
    *(SeatState.INTERESTED, SeatState.INVITED, SeatState.ABSENT, SeatState.DECLINED, SeatState.WITHDRAWN),
)
_STANDING = (
    *("role", "state", "created_at", "waiting_since", "offered_until", "passed_at", "interested_since", "asked_first"),
    *("companions", "fee_cents", "cancellation_cents", "travel_paid", "paid_by", "fee_declined"),
    "agreed_starts_at",
    *("answered", "answered_by", "answered_at", "call_wanted_at"),
)
"""Where a person stands with a meeting: what two seats in one meeting exchange."""


@dataclass(frozen=True)
class Contacts:
    """Which of the two persons' addresses stay."""

    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Preview:
    """What merging `gone` into `kept` does; `problem` says why it cannot be done."""

    kept: Expert
    gone: Expert
    state: ExpertState
    seats_moved: Sequence[Seat]
    seats_doubled: Sequence[Seat]
    members: Sequence[Member]
    elsewhere: int
    emails: Sequence[str]
    phones: Sequence[str]
    problem: Refused | None


def merge_preview(actor: Actor, kept: Expert, gone: Expert) -> Preview:
    """What would stay and what would move, and whether it can be done now."""
    seats = {expert.person_id: _seats_of(expert.person_id) for expert in (kept, gone)}
    members = {expert.person_id: _members_of(expert.person_id) for expert in (kept, gone)}
    experts = {expert.person_id: _experts_of(expert.person_id) for expert in (kept, gone)}
    own = {seat.meeting_id for seat in seats[kept.person_id]}
    problem = None
    try:
        check_not_own(actor.person_id, kept.person_id)
        check_not_own(actor.person_id, gone.person_id)
        _check_ours(actor, (kept.person, gone.person), members, experts)
        both = [*seats[kept.person_id], *seats[gone.person_id]]
        _check_coming([seat for seat in both if seat.state in COMING and seat.meeting.open], members)
    except Refused as fault:
        problem = fault
    return Preview(
        kept=kept,
        gone=gone,
        state=min(kept.state, gone.state, key=STATES.index),
        seats_moved=[seat for seat in seats[gone.person_id] if seat.meeting_id not in own],
        seats_doubled=[seat for seat in seats[gone.person_id] if seat.meeting_id in own],
        members=members[gone.person_id],
        elsewhere=len(experts[gone.person_id]) - 1,
        emails=_both(kept.person.email, gone.person.email),
        phones=_both(kept.person.phone, gone.person.phone),
        problem=problem,
    )


def merge(actor: Actor, kept: Expert, gone: Expert, contacts: Contacts) -> None:
    """Make the two persons one: `kept` has everything from then on, of `gone` a number remains.

    Both are locked, and before them the meetings of their coming seats. In a meeting where both have a seat the better
    one stays and the other is given up; what is past stays as it was recorded.

    Raises:
        Refused: seat-no-double-hat, merge-own-only, person-one-place.
        NotFound: one of them is gone already.
    """
    check_not_own(actor.person_id, kept.person_id)
    check_not_own(actor.person_id, gone.person_id)
    held = hold([kept.person_id, gone.person_id])
    persons = {person.id: person for person in held.persons}
    if any(person.erased_at for person in held.persons):
        raise NotFound
    staying, leaving = persons[kept.person_id], persons[gone.person_id]
    members = {id_: _members_of(id_) for id_ in persons}
    _check_ours(actor, persons.values(), members, {id_: _experts_of(id_) for id_ in persons})
    seats = {id_: _seats_of(id_) for id_ in persons}
    _check_coming(held.seats, members)
    _merge_seats(actor, held, seats[staying.id], seats[leaving.id], staying)
    _merge_members(actor, staying, members[staying.id], members[leaving.id])
    _merge_registers(actor, staying, leaving)
    end_ways_in(leaving.id)
    _take_contacts(staying, leaving, contacts)
    session.execute(update(Seat).where(Seat.answered_by == leaving.id).values(answered_by=staying.id))
    _move_busy(staying, leaving)
    for model in (Reading, Application):
        session.execute(update(model).where(model.person_id == leaving.id).values(person_id=staying.id))


def _move_busy(staying: Person, leaving: Person) -> None:
    """Busy times are of one calendar file: that of the person who stays, if they have brought one."""
    if session.scalar(select(BusySpan.id).where(BusySpan.person_id == staying.id).limit(1)) is not None:
        session.execute(delete(BusySpan).where(BusySpan.person_id == leaving.id))
    else:
        session.execute(update(BusySpan).where(BusySpan.person_id == leaving.id).values(person_id=staying.id))


def _check_ours(
    actor: Actor,
    persons: Iterable[Person],
    members: dict[int, Sequence[Member]],
    experts: dict[int, Sequence[Expert]],
) -> None:
    """Rule merge-own-only: both belong only where the actor coordinates, and neither looks after Kierto itself."""
    ours = actor.organisations_as(Role.COORDINATOR)
    for person in persons:
        there = {one.organisation_id for one in members[person.id]}
        there |= {one.organisation_id for one in experts[person.id]}
        if person.administrator or not there <= ours:
            raise Refused(MERGE_OWN_ONLY)


def _check_coming(seats: Iterable[Seat], members: dict[int, Sequence[Member]]) -> None:
    """Rules person-one-place and seat-no-double-hat hold for the one person that the two become."""
    accepted = [seat for seat in seats if seat.state in (SeatState.ACCEPTED, SeatState.RECONFIRM)]
    units = {member.unit_id for own in members.values() for member in own}
    if any(seat.role is SeatRole.EXPERT and not units.isdisjoint(seat.meeting.unit_ids) for seat in accepted):
        raise Refused(
            SEAT_NO_DOUBLE_HAT,
            N_("One of the two has a seat as an expert in a unit where the other works. Give that seat up first."),
        )
    if any(
        one.meeting_id != other.meeting_id and one.meeting.span.overlaps(other.meeting.span)
        for one, other in combinations(accepted, 2)
    ):
        raise Refused(
            PERSON_ONE_PLACE, N_("The two have seats in two meetings at the same time. Give one of the seats up first.")
        )


def _merge_seats(actor: Actor, held: Held, own: Sequence[Seat], others: Sequence[Seat], staying: Person) -> None:
    by_meeting = {seat.meeting_id: seat for seat in own}
    left: list[tuple[Seat, Meeting]] = []
    for seat in others:
        if seat.meeting_id not in by_meeting:
            seat.person_id = staying.id
            record(actor, seat, SeatMoved(meeting_id=seat.meeting_id))
            continue
        better, worse = by_meeting[seat.meeting_id], seat
        if _BEST_FIRST.index(worse.state) < _BEST_FIRST.index(better.state):
            for name in _STANDING:
                mine, theirs = getattr(better, name), getattr(worse, name)
                setattr(better, name, theirs)
                setattr(worse, name, mine)
            record(actor, better, SeatMoved(meeting_id=seat.meeting_id))
        if worse.state in COMING and seat.meeting_id in held.meetings:
            left.append((worse, held.meetings[seat.meeting_id]))
    give_up_all(actor, left)


def _merge_members(actor: Actor, staying: Person, own: Sequence[Member], others: Sequence[Member]) -> None:
    there = {(member.organisation_id, member.role, member.unit_id) for member in own}
    for member in others:
        if (member.organisation_id, member.role, member.unit_id) in there:
            session.delete(member)
        else:
            member.person_id = staying.id
            record(actor, member, MembershipGiven(role=member.role.value, unit_id=member.unit_id))


def _merge_registers(actor: Actor, staying: Person, leaving: Person) -> None:
    """Organisation by organisation: the place in the register goes over, or into the one that is there."""
    own = {expert.organisation_id: expert for expert in _experts_of(staying.id)}
    for expert in _experts_of(leaving.id):
        if expert.organisation_id in own:
            merge_experts(actor, own[expert.organisation_id], expert)
        else:
            expert.person_id = staying.id
    session.flush()


def _take_contacts(staying: Person, leaving: Person, contacts: Contacts) -> None:
    """The chosen addresses stay; an address belongs to one person at a time (person-reached-once)."""
    proved: dict[str | None, datetime | None] = {}
    for person in (leaving, staying):
        proved |= {person.email: person.email_proved_at, person.phone: person.phone_proved_at}
    blank_person(leaving)
    session.flush()
    if contacts.email in proved:
        staying.email = contacts.email
    if contacts.phone in proved:
        staying.phone = contacts.phone
    staying.email_proved_at = proved.get(staying.email) if staying.email else None
    staying.phone_proved_at = proved.get(staying.phone) if staying.phone else None
    session.flush()


def _both(own: str | None, other: str | None) -> Sequence[str]:
    return [address for address in (own, other) if address]


def _seats_of(person_id: int) -> Sequence[Seat]:
    return session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.person_id == person_id)
        .options(joinedload(Seat.meeting).joinedload(Meeting.unit))
        .order_by(Meeting.starts_at, Seat.id),
        execution_options={"populate_existing": True},
    ).all()


def _members_of(person_id: int) -> Sequence[Member]:
    return session.scalars(select(Member).where(Member.person_id == person_id).order_by(Member.id)).all()


def _experts_of(person_id: int) -> Sequence[Expert]:
    return session.scalars(
        select(Expert).where(Expert.person_id == person_id).order_by(Expert.id),
        execution_options={"populate_existing": True},
    ).all()
