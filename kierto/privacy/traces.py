"""What else stands of a person, as an export tells it: seats, messages, ways in, the log, who looked at their data."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from kierto.database import session
from kierto.events.catalogue.applications import ExpertApplied
from kierto.events.models import Event, Reading
from kierto.events.saying import said
from kierto.experts.models import BusySpan
from kierto.jobs.models import Job
from kierto.meetings.models import Meeting
from kierto.messages.models import Message
from kierto.people.models import Expert, Invitation, Member, Person
from kierto.practices.models import PracticeText
from kierto.privacy.erasing import addresses_of
from kierto.seats.models import Seat
from kierto.sign_in.models import ContactChange, Identity, PaperPass, PersonSession, SignInRequest
from kierto.statements.models import AccessibilityFeedback
from kierto.units.models import Organisation

Shape = dict[str, Any]


class ByWhom(StrEnum):
    """Who did what happened, as the person is told it."""

    YOU = "you"
    SOMEBODY = "somebody_else"
    KIERTO = "kierto"


SEVERAL_AT_ONCE = 500
"""Bound parameters of one statement: SQLite takes a limited number."""


def busy_times_of(person: Person) -> list[Shape]:
    """When the person is busy, by the calendar file they brought: nothing else of it is kept."""
    spans = session.scalars(select(BusySpan).where(BusySpan.person_id == person.id).order_by(BusySpan.starts_at))
    return [_told(span, "starts_at ends_at uploaded_at") for span in spans]


def seats_of(person: Person) -> list[Shape]:
    """Every seat the person has or had, by time."""
    place = joinedload(Seat.meeting)
    seats = session.scalars(
        select(Seat)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.person_id == person.id)
        .options(place.joinedload(Meeting.unit), place.joinedload(Meeting.theme))
        .order_by(Meeting.starts_at, Seat.id)
    )
    return [
        {
            "meeting": seat.meeting.ref,
            "starts_at": seat.meeting.starts_at,
            "ends_at": seat.meeting.ends_at,
            "unit": str(seat.meeting.unit.name),
            "theme": str(seat.meeting.theme.name),
            **_told(seat, "role state created_at interested_since asked_first waiting_since offered_until passed_at"),
            **_told(seat, "companions fee_cents fee_declined cancellation_cents travel_paid paid_by"),
            **_told(seat, "answered answered_at call_wanted_at"),
            "answered_by_yourself": seat.answered_by == person.id if seat.answered_by else None,
        }
        for seat in seats
    ]


def practices_of(person: Person) -> list[Shape]:
    """The texts of practices that the person wrote down; they are their organisation's, and stay."""
    texts = session.scalars(select(PracticeText).where(PracticeText.written_by == person.id).order_by(PracticeText.id))
    return [_told(text, "language title start_doing how_noticed written_at") for text in texts]


def messages_to(person: Person) -> list[Shape]:
    """That messages were sent, and when; what they said is not kept."""
    messages = session.scalars(select(Message).where(Message.person_id == person.id).order_by(Message.id))
    return [_told(message, "kind state created_at sent_at") for message in messages]


def ways_in(person: Person) -> Shape:
    """Sessions, requests, changed addresses, single sign-on, paper passes. Tokens and digits are not stored."""
    addresses = addresses_of(person)
    requests = select(SignInRequest).where(
        or_(SignInRequest.person_id == person.id, SignInRequest.address.in_(addresses))
    )
    return {
        "sessions": [
            {"how": one.by, **_told(one, "identified device created_at expires_at ended_at")}
            for one in session.scalars(
                select(PersonSession).where(PersonSession.person_id == person.id).order_by(PersonSession.id)
            )
        ],
        "requests": [
            _told(one, "channel address issuer subject language created_at expires_at used_at")
            for one in session.scalars(requests.order_by(SignInRequest.id))
        ],
        "changed_addresses": _all(
            ContactChange,
            person,
            "channel address created_at expires_at new_confirmed_at old_confirmed_at done_at cancelled_at",
        ),
        "single_sign_on": _all(Identity, person, "issuer subject created_at"),
        "paper_passes": _all(PaperPass, person, "ref created_at expires_at ended_at"),
    }


def invitations_to(person: Person) -> list[Shape]:
    """Invitations to the person's addresses."""
    addresses = addresses_of(person)
    invitations = session.scalars(
        select(Invitation)
        .where(or_(Invitation.email.in_(addresses), Invitation.phone.in_(addresses)))
        .order_by(Invitation.id)
    )
    names = "role name email phone language created_at expires_at accepted_at withdrawn_at"
    return [_told(one, names) for one in invitations]


def feedback_of(person: Person) -> list[Shape]:
    """Feedback on accessibility that asked for an answer at one of the person's addresses."""
    addresses = [address.casefold() for address in addresses_of(person)]
    sent = session.scalars(
        select(AccessibilityFeedback)
        .where(func.lower(AccessibilityFeedback.reply_to).in_(addresses))
        .order_by(AccessibilityFeedback.id)
    )
    return [_told(one, "text page reply_to language created_at due_on answer answered_at") for one in sent]


def jobs_of(person: Person) -> list[Shape]:
    """Long work the person asked for; what it shows is deleted after a month."""
    jobs = session.scalars(select(Job).where(Job.created_by == person.id).order_by(Job.id))
    return [_told(job, "kind file_name state created_at finished_at result") for job in jobs]


def events_of(person: Person) -> list[Shape]:
    """What the person did, and what happened to them and to what is theirs, oldest first, in plain sentences."""
    own = {
        "persons": [person.id],
        "experts": _ids(select(Expert.id).where(Expert.person_id == person.id)),
        "members": _ids(select(Member.id).where(Member.person_id == person.id)),
        "seats": _ids(select(Seat.id).where(Seat.person_id == person.id)),
    }
    found: dict[int, Event] = {one.id: one for one in session.scalars(select(Event).where(Event.actor_id == person.id))}
    organisations = [0, *_ids(select(Organisation.id))]
    for table, ids in own.items():
        for some in _in_parts(ids):
            about = and_(Event.organisation_id.in_(organisations), Event.subject == table, Event.subject_id.in_(some))
            found |= {one.id: one for one in session.scalars(select(Event).where(about))}
    return [
        {
            "at": one.at,
            "kind": one.kind,
            "what": said(one),
            "by_yourself": (by := _by_whom(one, person)) is ByWhom.YOU,
            "by_whom": by,
        }
        for _id, one in sorted(found.items())
    ]


def _by_whom(event: Event, person: Person) -> ByWhom:
    """An application is sent before its person can sign in: what nobody known sent of theirs, they sent themself."""
    if event.actor_id == person.id or (event.actor_id is None and event.kind == ExpertApplied.kind):
        return ByWhom.YOU
    return ByWhom.KIERTO if event.actor_id is None else ByWhom.SOMEBODY


def readings_of(person: Person) -> list[Shape]:
    """Who looked at what of the person, oldest first. A reader who was erased has no name any more."""
    found = session.execute(
        select(Reading, Person, Organisation)
        .outerjoin(Person, Person.id == Reading.reader_id)
        .outerjoin(Organisation, Organisation.id == Reading.organisation_id)
        .where(Reading.person_id == person.id)
        .order_by(Reading.at, Reading.id)
    )
    rows: list[tuple[Reading, Person | None, Organisation | None]] = [(one, by, at) for one, by, at in found]
    return [
        {
            "at": reading.at,
            "what": reading.what,
            "by": reader.name if reader else None,
            "organisation": str(organisation.name) if organisation else None,
        }
        for reading, reader, organisation in rows
    ]


def _all(table: type[Any], person: Person, names: str) -> list[Shape]:
    rows = session.scalars(select(table).where(table.person_id == person.id).order_by(table.id))
    return [_told(row, names) for row in rows]


def _told(row: object, names: str) -> Shape:
    return {name: getattr(row, name) for name in names.split()}


def _ids(statement: Any) -> list[int]:
    return list(session.scalars(statement))


def _in_parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + SEVERAL_AT_ONCE] for start in range(0, len(ids), SEVERAL_AT_ONCE))
