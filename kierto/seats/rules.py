"""Rules about seats, in plain Python."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from kierto.clock import instant, local
from kierto.errors import Refused, Rule
from kierto.meetings.rules import Span
from kierto.words import N_

PERSON_ONE_PLACE = Rule(
    "person-one-place", N_("You already have a seat in another meeting at that time. Give that seat up first.")
)
SEAT_MIX_KEPT = Rule(
    "seat-mix-kept", N_("The last seats are kept for those the meeting still needs. You can join the waiting list.")
)
SEAT_WAITING_ORDER = Rule(
    "seat-waiting-order", N_("The offer has ended. You keep your place in the waiting list and are asked again.")
)
SEAT_INTEREST_FIRST = Rule(
    "seat-interest-first",
    N_("Seats are given when the days of interest are over. You can say that you are interested."),
)
SEAT_FAIR_TURN = Rule(
    "seat-fair-turn", N_("Seats go first to those who have been in the fewest meetings during the last 12 months.")
)
SEAT_RECONFIRM = Rule("seat-reconfirm", N_("The meeting has moved. Say whether you can still come."))
FEE_BEFORE_YES = Rule("fee-before-yes", N_("The fee has changed since you saw it. Look at it once more, then answer."))
ANSWER_FOR_ANOTHER = Rule("answer-for-another", N_("Say how you got the answer."))
VISITING_NEXT_UNIT = Rule(
    "visiting-next-unit", N_("Workers of the unit that meets next may come to visit. Ask your coordinator who is next.")
)
SEAT_COMPANIONS = Rule(
    "seat-companions", N_("At most nine people can come along. If you need more, call your coordinator.")
)
SEAT_WITHDRAW_FREELY = Rule("seat-withdraw-freely", N_("You can give up your seat at any time before the meeting."))
SEAT_BEFORE_START = Rule("seat-before-start", N_("The meeting has begun or was cancelled. Seats no longer change."))


OFFER_ENDS_BEFORE = timedelta(hours=24)
"""So long before the meeting an offer ends at the latest, unless it is made later than that."""


RECONFIRM_OVER = timedelta(minutes=30)
"""A meeting that is moved by so much on its day asks nobody again."""

MOST_COMPANIONS = 9


class SeatRole(StrEnum):
    EXPERT = "expert"
    HOST_STAFF = "host_staff"
    VISITING_STAFF = "visiting_staff"
    FACILITATOR = "facilitator"


class Answered(StrEnum):
    """How an answer was given; the last three were recorded by a coordinator (answer-for-another)."""

    SIGNED_IN = "signed_in"
    LINK = "link"
    PAPER_PASS = "paper_pass"  # noqa: S105 - a kind of paper
    PHONE = "phone"
    TOLD = "told"
    PAPER = "paper"

    @classmethod
    def for_another(cls) -> tuple["Answered", ...]:
        """How a coordinator got the answer that they record for another."""
        return (cls.PHONE, cls.TOLD, cls.PAPER)


class SeatState(StrEnum):
    """Where a person stands with a meeting; accepted, offered and reconfirm hold one of its seats."""

    INVITED = "invited"
    INTERESTED = "interested"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RECONFIRM = "reconfirm"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"
    ABSENT = "absent"

    @classmethod
    def holding(cls) -> tuple["SeatState", ...]:
        return (cls.ACCEPTED, cls.OFFERED, cls.RECONFIRM)


class Mix(NamedTuple):
    """How many experts and host staff a meeting needs."""

    experts: int
    staff: int


class Interested(NamedTuple):
    """Somebody interested: since when, and in how many of the organisation's meetings they were or will be."""

    seat_id: int
    since: datetime
    meetings: int


class Waiting(NamedTuple):
    """A person in the waiting list: since when, and whether an offer already went by unanswered.

    `apart`: so many of the workers that the mix lacks are of a unit that this worker is not from.
    """

    seat_id: int
    role: SeatRole
    since: datetime
    passed: bool
    apart: int = 0


def mix_met(mix: Mix, held: Mix) -> bool:
    """Rule meeting-mix: whether those who hold a seat are enough of each role."""
    return held.experts >= mix.experts and held.staff >= mix.staff


def workers_counted(wanted: int, held: int, without: int) -> int:
    """Rule meeting-mix: how many workers count, where `without` of two units that meet together have none there.

    The mix needs a worker of each: however many come from one unit, a place is the other's.
    """
    return min(held, max(0, wanted - without))


def has_room(
    role: SeatRole, *, seats: int, taken: int, mix: Mix, held: Mix, released: bool = False, apart: int = 0
) -> bool:
    """Rules seat-capacity and seat-mix-kept: whether one more of `role` may take a seat.

    What the mix still lacks of the *other* roles is kept for them, until it is `released`; and from a worker of one of
    two units what it lacks of the other's (`apart`). A facilitator needs none of the seats. Guarded by the meeting's
    lock.
    """
    if role is SeatRole.FACILITATOR:
        return True
    if released:
        return taken < seats
    kept_for_experts = 0 if role is SeatRole.EXPERT else max(0, mix.experts - held.experts)
    kept_for_staff = apart if role is SeatRole.HOST_STAFF else max(0, mix.staff - held.staff)
    return taken + kept_for_experts + kept_for_staff < seats


def moved_far(agreed: datetime, start: datetime) -> bool:
    """Rule seat-reconfirm: whether a meeting that begins at `start` is on another day, or over 30 minutes away.

    `agreed` is the beginning that somebody has said yes to: small moves, one after the other, add up.
    """
    return local(agreed).date() != local(start).date() or abs(start - agreed) > RECONFIRM_OVER


def check_one_place(span: Span, others: Iterable[Span]) -> None:
    """Rule person-one-place: no two accepted seats that overlap in time. Guarded by the person's lock.

    Raises:
        Refused: person-one-place.
    """
    if any(span.overlaps(other) for other in others):
        raise Refused(PERSON_ONE_PLACE)


def check_answer_for(teller: int | None, person_id: int, how: Answered) -> None:
    """Rule answer-for-another: whoever answers for another says how they got the answer; Kierto itself answers nothing.

    Raises:
        Refused: answer-for-another.
    """
    if teller is not None and teller != person_id and how not in Answered.for_another():
        raise Refused(ANSWER_FOR_ANOTHER, field="how")


def fair_turn(interested: Iterable[Interested]) -> list[Interested]:
    """Rule seat-fair-turn: who goes first. Fewest meetings first, then who has been interested longest."""
    return sorted(interested, key=lambda one: (one.meetings, one.since, one.seat_id))


def year_before(moment: datetime) -> datetime:
    """Rule seat-fair-turn: the beginning of the day 12 months before; of a leap day, the day before it."""
    day = local(moment).date()
    leap = (day.month, day.day) == (2, 29)
    return instant(day.replace(year=day.year - 1, day=28 if leap else day.day), time.min)


def next_in_line(
    waiting: Iterable[Waiting], *, seats: int, taken: int, mix: Mix, held: Mix, released: bool = False
) -> Waiting | None:
    """Rule seat-waiting-order: who is offered the freed seat.

    First whose role the mix lacks most, then in order of joining; who let an offer pass is not asked again in this
    turn; None when there is room for nobody who waits.
    """
    lack = {SeatRole.EXPERT: mix.experts - held.experts, SeatRole.HOST_STAFF: mix.staff - held.staff}
    asked = [
        one
        for one in waiting
        if not one.passed
        and has_room(one.role, seats=seats, taken=taken, mix=mix, held=held, released=released, apart=one.apart)
    ]

    def turn(one: Waiting) -> tuple[int, datetime, int]:
        return -max(0, lack.get(one.role, 0) - one.apart), one.since, one.seat_id

    return min(asked, key=turn, default=None)


def offer_ends(offered_at: datetime, meeting_starts: datetime) -> datetime:
    """Rule seat-waiting-order: the same local time two weekdays later, or 24 hours before the meeting if sooner.

    An offer made within those 24 hours lasts until the meeting starts: somebody may still say yes.
    """
    moment = local(offered_at)
    day = moment.date()
    for _ in range(2):
        day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
    return min(instant(day, moment.time()), last_answer(offered_at, meeting_starts))


def uncalled_offer_ends(now: datetime, meeting_starts: datetime) -> datetime | None:
    """Rule seat-waiting-order: the clock of an offer to who can only be phoned, before the call: it starts with that.

    Within the last 24 hours it lasts until the meeting starts, as other offers do then.
    """
    last = last_answer(now, meeting_starts)
    return None if last < meeting_starts else last


def last_answer(now: datetime, meeting_starts: datetime) -> datetime:
    """Rule seat-waiting-order: how long an offer can last at most: 24 hours before the meeting, then its start."""
    latest = meeting_starts - OFFER_ENDS_BEFORE
    return latest if latest > now else meeting_starts
