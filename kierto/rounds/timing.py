"""When a turn's meeting may be: one judge for booking, moving, changing times, and the times that are offered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import or_, select

from kierto import clock
from kierto.database import session
from kierto.errors import Refused
from kierto.meetings import queries as meetings
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import Span, check_hosting, check_unit_free
from kierto.rounds.models import Round, Stop
from kierto.rounds.rules import BOOKED_AHEAD, ROUND_WITHIN, check_gap
from kierto.units import queries as units
from kierto.units.models import Unit
from kierto.units.rules import Hours
from kierto.words import day


@dataclass(frozen=True)
class Timing:
    """What limits a turn's time within a stretch of days, read in so many queries however many times are judged.

    `others` are the days of the round's other meetings, `taken` when its units have other meetings; `hours` and
    `blocked` are those of the unit that hosts.
    """

    round: Round
    others: Sequence[date]
    taken: Sequence[Span]
    hours: Sequence[Hours]
    blocked: Sequence[tuple[date, date]]

    def check(self, on: date, span: Span, *, override: bool) -> None:
        """Whether the meeting may be then; who may say so has it (`override`) outside the unit's hosting times too.

        Guarded by the locks of the round and of the units.

        Raises:
            Refused: round-within, booked-ahead, round-gap, meeting-unit-free.
        """
        check_day(self.round, on)
        check_gap(on, self.others, self.round.gap_days)
        if span.start <= clock.now():
            raise Refused(BOOKED_AHEAD, field="day")
        check_unit_free(span, self.taken)
        if not override:
            check_hosting(span, self.hours, self.blocked)


def timing(round_: Round, hosts: Sequence[Unit], around: Span, *, but: Collection[int] = ()) -> Timing:
    """What limits a meeting of the round in the first of these units, the others being its co-hosts.

    `but` are ids of meetings that do not count: the one that is moved, and the other one of two that change times.
    """
    host = hosts[0]
    return Timing(
        round_,
        meeting_days(round_.id, but=but),
        meetings.hosted_spans([unit.id for unit in hosts], around, but=but),
        units.hours_of(host),
        [(dates.from_on, dates.until_on) for dates in units.blocked_of(host)],
    )


def span_of(on: date, at: time, length: timedelta) -> Span:
    """The meeting that begins at a wall-clock time in Helsinki."""
    start = clock.instant(on, at)
    return Span(start, start + length)


def check_day(round_: Round, on: date) -> None:
    """Rules booked-ahead and round-within. It needs no instant, so that also the last day of time can be judged.

    Raises:
        Refused: booked-ahead, round-within.
    """
    today = clock.today()
    if on < today:
        raise Refused(BOOKED_AHEAD, field="day")
    if not round_.from_on <= on <= round_.until_on:
        first, last = day(round_.from_on, today=today), day(round_.until_on, today=today)
        raise Refused(ROUND_WITHIN, field="day", first=first, last=last)


def meeting_days(round_id: int, *, but: Collection[int] = ()) -> Sequence[date]:
    """The local days of the round's meetings that were or will be held (round-gap), but for these."""
    rows = session.scalars(
        select(Meeting.starts_at)
        .join(Stop, Stop.meeting_id == Meeting.id)
        .where(
            Stop.round_id == round_id,
            Meeting.id.not_in(but),
            Meeting.state != MeetingState.CANCELLED,
            or_(Meeting.state != MeetingState.PROPOSED, Meeting.starts_at > clock.now()),
        )
    )
    return [clock.local(start).date() for start in rows]
