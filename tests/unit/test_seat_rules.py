"""The rules of seats: room, the mix, who is next in line, how long an offer lasts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kierto.clock import HELSINKI, local
from kierto.errors import Refused
from kierto.meetings.rules import Span
from kierto.seats.rules import (
    PERSON_ONE_PLACE,
    SEAT_WITHDRAW_FREELY,
    Mix,
    SeatRole,
    SeatState,
    Waiting,
    check_one_place,
    has_room,
    mix_met,
    next_in_line,
    offer_ends,
)

EXPERT, STAFF, VISITING = SeatRole.EXPERT, SeatRole.HOST_STAFF, SeatRole.VISITING_STAFF
TUESDAY = datetime(2027, 1, 12, 10, 0, tzinfo=HELSINKI)
FAR = TUESDAY + timedelta(days=60)


def room(role: SeatRole, seats: int, mix: tuple[int, int], held: tuple[int, int], others: int = 0) -> bool:
    return has_room(role, seats=seats, taken=sum(held) + others, mix=Mix(*mix), held=Mix(*held))


def waits(seat_id: int, role: SeatRole, *, hour: int = 0, passed: bool = False) -> Waiting:
    return Waiting(seat_id, role, TUESDAY + timedelta(hours=hour), passed)


@pytest.mark.parametrize(
    ("held", "met"), [((2, 1), True), ((3, 2), True), ((1, 1), False), ((2, 0), False), ((0, 9), False)]
)
def test_a_mix_is_met_when_there_are_enough_of_each_role(held: tuple[int, int], met: bool) -> None:
    """Rule meeting-mix."""
    assert mix_met(Mix(2, 1), Mix(*held)) is met


@pytest.mark.parametrize(
    ("role", "held", "others", "fits"),
    [
        (EXPERT, (0, 0), 0, True),
        (EXPERT, (2, 0), 0, True),
        (EXPERT, (3, 0), 0, False),  # the last one is kept for a worker
        (STAFF, (3, 0), 0, True),
        (STAFF, (0, 2), 0, False),  # two are kept for experts
        (STAFF, (1, 2), 0, False),
        (EXPERT, (0, 2), 0, True),
        (VISITING, (0, 0), 0, True),  # one seat is nobody's
        (VISITING, (0, 0), 1, False),
        (VISITING, (2, 1), 0, True),
        (EXPERT, (2, 2), 0, False),  # full
        (STAFF, (2, 1), 1, False),
    ],
)
def test_seats_are_kept_for_whom_the_mix_lacks(role: SeatRole, held: tuple[int, int], others: int, fits: bool) -> None:
    """seat-mix-kept, seat-capacity: four seats, two experts and one worker are needed."""
    assert room(role, 4, (2, 1), held, others) is fits


@given(
    mix=some.tuples(some.integers(1, 3), some.integers(1, 3)),
    spare=some.integers(0, 4),
    coming=some.lists(some.sampled_from((EXPERT, STAFF, VISITING)), max_size=20),
    leaving=some.lists(some.integers(0, 19), max_size=10),
)
def test_whoever_comes_the_mix_stays_possible(
    mix: tuple[int, int], spare: int, coming: list[SeatRole], leaving: list[int]
) -> None:
    """seat-capacity, seat-mix-kept: never more than the seats, and always room for what the mix lacks."""
    seats = sum(mix) + spare
    sitting: list[SeatRole] = []
    for number, role in enumerate(coming):
        held = Mix(sitting.count(EXPERT), sitting.count(STAFF))
        if has_room(role, seats=seats, taken=len(sitting), mix=Mix(*mix), held=held):
            sitting.append(role)
        if number in leaving and sitting:
            sitting.pop(number % len(sitting))
        lacking = max(0, mix[0] - sitting.count(EXPERT)) + max(0, mix[1] - sitting.count(STAFF))
        assert len(sitting) + lacking <= seats


def test_the_role_that_the_mix_lacks_most_is_asked_first() -> None:
    """Rule seat-waiting-order."""
    line = [waits(1, EXPERT), waits(2, STAFF, hour=1), waits(3, EXPERT, hour=2)]
    asked = next_in_line(line, seats=4, taken=3, mix=Mix(2, 1), held=Mix(3, 0))
    assert asked is not None
    assert asked.seat_id == 2


def test_then_whoever_joined_first_then_the_lower_number() -> None:
    line = [waits(3, EXPERT, hour=2), waits(2, EXPERT), waits(1, EXPERT)]
    asked = next_in_line(line, seats=4, taken=3, mix=Mix(1, 1), held=Mix(2, 1))
    assert asked is not None
    assert asked.seat_id == 1


def test_who_let_an_offer_pass_is_not_asked_in_the_same_turn() -> None:
    line = [waits(1, EXPERT, passed=True), waits(2, EXPERT, hour=1)]
    asked = next_in_line(line, seats=4, taken=3, mix=Mix(1, 1), held=Mix(2, 1))
    assert asked is not None
    assert asked.seat_id == 2
    assert next_in_line(line[:1], seats=4, taken=3, mix=Mix(1, 1), held=Mix(2, 1)) is None


def test_nobody_is_asked_without_room_for_them() -> None:
    assert next_in_line([waits(1, EXPERT)], seats=4, taken=4, mix=Mix(1, 1), held=Mix(3, 1)) is None
    assert next_in_line([waits(1, EXPERT)], seats=4, taken=3, mix=Mix(1, 1), held=Mix(3, 0)) is None
    assert next_in_line([], seats=4, taken=0, mix=Mix(1, 1), held=Mix(0, 0)) is None


@pytest.mark.parametrize(
    ("offered", "ends"),
    [
        ((12, 10), (14, 10)),  # Tuesday → Thursday
        ((13, 23), (15, 23)),
        ((14, 9), (18, 9)),  # Thursday → Monday
        ((15, 16), (19, 16)),  # Friday → Tuesday
        ((16, 12), (19, 12)),  # Saturday → Tuesday
        ((17, 12), (19, 12)),  # Sunday → Tuesday
    ],
)
def test_an_offer_lasts_two_weekdays(offered: tuple[int, int], ends: tuple[int, int]) -> None:
    """seat-waiting-order: days and hours of January 2027 in Helsinki."""
    start, end = (datetime(2027, 1, day, hour, 30, tzinfo=HELSINKI) for day, hour in (offered, ends))
    assert offer_ends(start, FAR) == end


def test_an_offer_keeps_its_hour_over_the_change_of_clocks() -> None:
    friday = datetime(2027, 3, 26, 9, 0, tzinfo=HELSINKI)
    end = local(offer_ends(friday, FAR + timedelta(days=90)))
    assert (end.day, end.hour, end.minute) == (30, 9, 0)


def test_an_offer_ends_a_day_before_the_meeting_if_that_is_sooner() -> None:
    meeting = TUESDAY + timedelta(days=2, hours=1)
    assert offer_ends(TUESDAY, meeting) == meeting - timedelta(hours=24)


def test_within_the_last_day_an_offer_lasts_until_the_meeting() -> None:
    for hours in (1, 23, 24):
        meeting = TUESDAY + timedelta(hours=hours)
        assert offer_ends(TUESDAY, meeting) == meeting


@given(made=some.integers(0, 4 * 365 * 24 * 60), ahead=some.integers(1, 60 * 24 * 60))
def test_an_offer_never_ends_before_it_is_made_nor_after_the_meeting_begins(made: int, ahead: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=made)
    meeting = at + timedelta(minutes=ahead)
    ends = offer_ends(at, meeting)
    assert at < ends <= meeting
    assert ends <= meeting - timedelta(hours=24) or ends == meeting
    assert ends - at <= timedelta(days=4, hours=1)


def test_two_meetings_at_one_time_are_refused() -> None:
    span = Span(TUESDAY, TUESDAY + timedelta(hours=2))
    check_one_place(span, [])
    check_one_place(span, [Span(span.end, span.end + timedelta(hours=1)), Span(TUESDAY - timedelta(hours=1), TUESDAY)])
    with pytest.raises(Refused) as refused:
        check_one_place(span, [Span(TUESDAY + timedelta(minutes=119), FAR)])
    assert refused.value.rule is PERSON_ONE_PLACE


def test_what_holds_a_seat() -> None:
    assert set(SeatState.holding()) == {SeatState.ACCEPTED, SeatState.OFFERED, SeatState.RECONFIRM}


def test_giving_up_a_seat_has_a_sentence() -> None:
    """No action refuses it; the sentence is for pages."""
    assert SEAT_WITHDRAW_FREELY.id == "seat-withdraw-freely"
