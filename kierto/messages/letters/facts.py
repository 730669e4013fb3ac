"""What letters about meetings tell: when, where, who meets one, the fee. Nothing about health: no theme, no round."""

from typing import NamedTuple

from sqlalchemy import select

from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.meetings import MeetingMoved
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.letters.told import Facts, Outdated, Told
from kierto.people.addresses import spoken_phone
from kierto.people.queries import host_contacts
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole
from kierto.settings import Settings
from kierto.sign_in.tokens import answer_token
from kierto.units.fees import rate_of
from kierto.units.models import FeeRate
from kierto.words import Text, current, day_long, euros, gettext, hours, when


class Detail(NamedTuple):
    """A line of a letter: what it is, and what it says; `lang` where that is not in the reader's language."""

    label: str
    value: str
    lang: str | None = None


class Choice(NamedTuple):
    """One of several things that a letter leads to."""

    text: Text
    link: str


def meeting_told(told: Told) -> Meeting:
    """The meeting that the message is about.

    Raises:
        Outdated: there is none any more.
    """
    meeting = session.get(Meeting, told.message.subject_id)
    if meeting is None:
        raise Outdated
    return meeting


def seat_told(told: Told) -> Seat:
    """The seat that the message is about, its meeting still to come.

    Raises:
        Outdated: there is none any more, or its meeting has begun or was cancelled.
    """
    seat = session.get(Seat, told.message.subject_id)
    if seat is None or seat.person_id != told.message.person_id or not seat.meeting.open:
        raise Outdated
    return seat


def readers_seat(told: Told, meeting: Meeting) -> Seat | None:
    """The seat that the reader has in the meeting, whatever its state."""
    return session.scalar(select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == told.message.person_id))


def facts_of(meeting: Meeting, settings: Settings, seat: Seat | None = None, *, fee: bool = False) -> Facts:
    """When and where a meeting is, and where to answer: with a seat by its link, else on the meeting's page."""
    start, end = local(meeting.starts_at), local(meeting.ends_at)
    unit = meeting.unit.name.text()
    phone = meeting.organisation.phone
    details = [
        Detail(gettext("When"), gettext("%(day)s at %(hours)s", day=day_long(start.date()), hours=hours(start, end))),
        Detail(gettext("Where"), f"{unit.value}, {meeting.unit.address}", unit.lang),
    ]
    if meeting.room:
        details.append(Detail(gettext("Room"), meeting.room))
    if seat is not None and seat.role is not SeatRole.HOST_STAFF:
        details += _who_meets(meeting, seat)
    if fee and seat is not None and seat.role is SeatRole.EXPERT:
        details += _fee(seat)
    return {
        "short_when": when(start, end),
        "unit": unit,
        "details": details,
        "choices": [],
        "certain": meeting.state is not MeetingState.PROPOSED,
        "expert": seat is not None and seat.role is SeatRole.EXPERT,
        "seated": seat is not None,
        "leads": seat is not None and seat.role is SeatRole.FACILITATOR,
        "phone": spoken_phone(phone) if phone else None,
        "email": meeting.organisation.email,
        "link": answer_address(seat, settings) if seat else f"{settings.base_url}/meetings/{meeting.ref}",
    }


def before(meeting: Meeting, move: MeetingMoved) -> Detail:
    """When the meeting was before it was moved: moving it keeps its length."""
    start = local(move.before_at)
    return Detail(gettext("Before"), when(start, start + (meeting.ends_at - meeting.starts_at)))


def answer_address(seat: Seat, settings: Settings) -> str:
    """Where the seat's person answers, without signing in, in the language of the letter."""
    return f"{settings.base_url}/answer/{answer_token(seat, settings.secret_key)}?lang={current()}"


def _who_meets(meeting: Meeting, seat: Seat) -> list[Detail]:
    names = [person.name for person in host_contacts(meeting.unit_id) if person.id != seat.person_id]
    return [Detail(gettext("Who meets you"), names[0])] if names else []


def _fee(seat: Seat) -> list[Detail]:
    """Rule fee-before-yes: what was agreed on the seat, else what the organisation pays that year."""
    if seat.fee_declined:
        return [Detail(gettext("Fee"), gettext("You have chosen to come without a fee."))]
    agreed = seat.fee_cents is not None
    year = local(seat.meeting.starts_at).year
    rate: Seat | FeeRate | None = seat if agreed else rate_of(seat.organisation_id, year)
    if rate is None:
        undecided = gettext("The fee has not been decided yet. Ask your coordinator before you say yes.")
        return [Detail(gettext("Fee"), undecided)]
    details = [
        Detail(gettext("Fee"), euros(rate.fee_cents) if rate.fee_cents else gettext("No fee is paid.")),
        Detail(gettext("Travel"), gettext("Is paid beside the fee.") if rate.travel_paid else gettext("Is not paid.")),
    ]
    if rate.cancellation_cents:
        details.append(Detail(gettext("If the meeting is cancelled late"), _cancellation(rate)))
    if rate.paid_by:
        details.append(Detail(gettext("Who pays"), rate.paid_by))
    return details


def _cancellation(rate: Seat | FeeRate) -> str:
    """What a late cancellation pays; what was agreed on a seat does not say what is late."""
    late = euros(rate.cancellation_cents or 0)
    if isinstance(rate, Seat):
        return late
    return gettext("%(sum)s, when it is cancelled less than %(hours)s hours before.", sum=late, hours=rate.late_hours)
