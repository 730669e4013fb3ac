"""Which experts a meeting, or a time to book, suits (seat-fair-turn). Queries do not grow with people."""

from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta

from sqlalchemy import Select, select

from kierto import clock
from kierto.database import session
from kierto.experts.models import AvailableHours, AwayDates, BusySpan, ExpertMunicipality, ExpertTheme
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.seats.candidates import Candidate, Occasion, counts, month_of, suits
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.units.fees import rate_of
from kierto.units.models import Unit
from kierto.units.rules import Hours

_COMING = (SeatState.ACCEPTED, SeatState.RECONFIRM, SeatState.ATTENDED)


def suitable(
    organisation_id: int, spans: Sequence[Span], unit: Unit, theme_id: int, *, but: int = 0
) -> Mapping[Span, int]:
    """Each of the times → how many experts of the organisation could come to a meeting in the unit then.

    `but`: the id of a meeting that would be moved there: whoever comes to it is not busy with it.
    """
    if not spans:
        return {}
    candidates = _candidates(organisation_id, spans, but=but)
    theirs = _theme(candidates.values(), theme_id)
    fees = {year: _fee(organisation_id, year) for year in {clock.local(span.start).year for span in spans}}
    occasions = [
        Occasion(span, (unit.id,), unit.municipality, theirs, fees[clock.local(span.start).year]) for span in spans
    ]
    return counts(list(candidates.values()), occasions)


def who_suits(meeting: Meeting) -> Sequence[Person]:
    """The experts whom the meeting suits, by number; a seat they have in it does not count."""
    candidates = _candidates(meeting.organisation_id, [meeting.span], but=meeting.id)
    unit = session.get_one(Unit, meeting.unit_id)
    occasion = Occasion(
        meeting.span,
        meeting.unit_ids,
        unit.municipality,
        _theme(candidates.values(), meeting.theme_id),
        _fee(meeting.organisation_id, clock.local(meeting.starts_at).year),
    )
    ids = [id_ for id_, one in candidates.items() if suits(one, occasion)]
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()


def _theme(candidates: Collection[Candidate], theme_id: int) -> int | None:
    """The theme where anyone approved there has it in their background; otherwise it narrows nothing."""
    return theme_id if any(theme_id in one.theme_ids for one in candidates) else None


def _fee(organisation_id: int, year: int) -> int:
    rate = rate_of(organisation_id, year)
    return rate.fee_cents if rate else 0


def _candidates(organisation_id: int, spans: Sequence[Span], *, but: int = 0) -> dict[int, Candidate]:
    """Person id → what is known of the organisation's approved experts for the time from the first span to the last.

    `but`: the id of a meeting that does not count.
    """
    approved = select(Expert).where(Expert.organisation_id == organisation_id, Expert.state == ExpertState.APPROVED)
    around = Span(min(span.start for span in spans), max(span.end for span in spans))
    by_expert = {
        one.id: Candidate(one.person_id, one.earliest_start, one.longest_minutes, one.most_meetings, one.most_euros)
        for one in session.scalars(approved)
    }
    by_person = {one.person_id: one for one in by_expert.values()}
    _read_told(approved.with_only_columns(Expert.id), by_expert, around)
    persons = approved.with_only_columns(Expert.person_id)
    for member in session.scalars(select(Member).where(Member.person_id.in_(persons), Member.unit_id.is_not(None))):
        by_person[member.person_id].workplaces.add(member.unit_id or 0)
    for busy in session.scalars(
        select(BusySpan).where(
            BusySpan.person_id.in_(persons), BusySpan.starts_at < around.end, BusySpan.ends_at > around.start
        )
    ):
        by_person[busy.person_id].taken.append(Span(busy.starts_at, busy.ends_at))
    _read_seats(persons, by_person, around, but)
    return by_person


def _read_told(experts: Select[int], by_expert: Mapping[int, Candidate], around: Span) -> None:
    """What experts have told of where and when they can come, and of what their experience is about."""
    for hours in session.scalars(select(AvailableHours).where(AvailableHours.expert_id.in_(experts))):
        by_expert[hours.expert_id].hours.append(Hours(hours.weekday, hours.from_at, hours.until_at))
    first, last = clock.local(around.start).date(), clock.local(around.end).date()
    for away in session.scalars(
        select(AwayDates).where(
            AwayDates.expert_id.in_(experts), AwayDates.from_on <= last, AwayDates.until_on >= first
        )
    ):
        by_expert[away.expert_id].away.append((away.from_on, away.until_on))
    for reach in session.scalars(select(ExpertMunicipality).where(ExpertMunicipality.expert_id.in_(experts))):
        by_expert[reach.expert_id].municipalities.add(reach.municipality)
    for theme in session.scalars(select(ExpertTheme).where(ExpertTheme.expert_id.in_(experts))):
        by_expert[theme.expert_id].theme_ids.add(theme.theme_id)


def _read_seats(persons: Select[int], by_person: Mapping[int, Candidate], around: Span, but: int) -> None:
    """When they are elsewhere, in whatever organisation, and how much a month they come to as experts."""
    months = _whole_months(around)
    rows = session.execute(
        select(Seat, Meeting.starts_at, Meeting.ends_at)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Seat.person_id.in_(persons),
            Seat.state.in_(_COMING),
            Seat.meeting_id != but,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at < months.end,
            Meeting.ends_at > months.start,
        )
    )
    for seat, starts_at, ends_at in rows:
        one, span = by_person[seat.person_id], Span(starts_at, ends_at)
        one.taken.append(span)
        if seat.role is SeatRole.EXPERT:
            month = month_of(span)
            one.seats[month] = one.seats.get(month, 0) + 1
            one.cents[month] = one.cents.get(month, 0) + (0 if seat.fee_declined else seat.fee_cents or 0)


def _whole_months(around: Span) -> Span:
    first, last = clock.local(around.start).date().replace(day=1), clock.local(around.end).date().replace(day=28)
    after = (last + timedelta(days=7)).replace(day=1)
    return Span(clock.instant(first, time.min), clock.instant(after, time.min))
