"""Whom a meeting suits, and whose turn it is."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kierto.clock import HELSINKI, local
from kierto.errors import Refused
from kierto.meetings.rules import Span
from kierto.seats.candidates import Candidate, Occasion, counts, month_of, suits
from kierto.seats.rules import (
    Answered,
    Interested,
    SeatRole,
    check_answer_for,
    fair_turn,
    has_room,
    last_answer,
    next_in_line,
    year_before,
)
from kierto.seats.rules import Mix as TheMix
from kierto.units.rules import Hours

TUESDAY = datetime(2027, 1, 12, 13, 0, tzinfo=HELSINKI)
SPAN = Span(TUESDAY, TUESDAY + timedelta(hours=2))
HERE, ELSEWHERE, THEME, OTHER_THEME = 1, 2, 7, 8
OCCASION = Occasion(SPAN, (HERE,), "Vantaa", None, 8000)
MONTH = (2027, 1)


def one(**told: Any) -> Candidate:
    return Candidate(1, **told)


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ({}, True),  # who has told nothing can come any time, anywhere
        ({"earliest_start": time(13)}, True),
        ({"earliest_start": time(13, 1)}, False),
        ({"longest_minutes": 120}, True),
        ({"longest_minutes": 119}, False),
        ({"most_meetings": 1}, True),
        ({"most_meetings": 1, "seats": {MONTH: 1}}, False),
        ({"most_meetings": 1, "seats": {(2027, 2): 1}}, True),
        ({"most_meetings": 0}, False),
        ({"most_euros": 80}, True),
        ({"most_euros": 79}, False),
        ({"most_euros": 160, "cents": {MONTH: 8000}}, True),
        ({"most_euros": 160, "cents": {MONTH: 8001}}, False),
        ({"hours": [Hours(2, time(13), time(15))]}, True),
        ({"hours": [Hours(2, time(13), time(14, 59))]}, False),
        ({"hours": [Hours(2, time(13, 1), time(16))]}, False),
        ({"hours": [Hours(3, time(9), time(16))]}, False),
        ({"hours": [Hours(3, time(9), time(16)), Hours(2, time(9), time(16))]}, True),
        ({"away": [(date(2027, 1, 12), date(2027, 1, 12))]}, False),
        ({"away": [(date(2027, 1, 1), date(2027, 1, 11)), (date(2027, 1, 13), date(2027, 2, 1))]}, True),
        ({"taken": [Span(SPAN.end - timedelta(minutes=1), SPAN.end + timedelta(hours=1))]}, False),
        ({"taken": [Span(SPAN.end, SPAN.end + timedelta(hours=1))]}, True),
        ({"municipalities": {"Vantaa", "Espoo"}}, True),
        ({"municipalities": {"Espoo"}}, False),
        ({"workplaces": {HERE}}, False),
        ({"workplaces": {ELSEWHERE}}, True),
    ],
)
def test_whom_a_meeting_suits(told: dict[str, Any], fits: bool) -> None:
    """Rule seat-fair-turn: free then, within limits and reach, not their own workplace."""
    assert suits(one(**told), OCCASION) is fits


def test_the_theme_narrows_only_where_anyone_has_it() -> None:
    """Rule seat-fair-turn."""
    about = Occasion(SPAN, (HERE,), "Vantaa", THEME)
    assert suits(one(theme_ids={OTHER_THEME}), OCCASION)
    assert suits(one(theme_ids={THEME, OTHER_THEME}), about)
    assert not suits(one(theme_ids={OTHER_THEME}), about)
    assert not suits(one(), about)


def test_a_meeting_of_two_units_is_nobodys_who_works_in_either() -> None:
    both = Occasion(SPAN, (HERE, ELSEWHERE), "Vantaa", None)
    assert not suits(one(workplaces={ELSEWHERE}), both)


def test_a_meeting_over_midnight_fits_no_hours_of_a_day() -> None:
    late = Span(TUESDAY.replace(hour=23), TUESDAY.replace(hour=23) + timedelta(hours=2))
    assert not suits(one(hours=[Hours(2, time(9), time(23, 59))]), Occasion(late, (HERE,), "Vantaa", None))
    assert not suits(one(away=[(date(2027, 1, 13), date(2027, 1, 13))]), Occasion(late, (HERE,), "Vantaa", None))


def test_a_meeting_that_ends_at_midnight_is_over_that_day() -> None:
    late = Span(TUESDAY.replace(hour=22), TUESDAY.replace(hour=22) + timedelta(hours=2))
    assert suits(one(away=[(date(2027, 1, 13), date(2027, 1, 13))]), Occasion(late, (HERE,), "Vantaa", None))


def test_a_month_is_helsinkis() -> None:
    """23.30 in UTC on the last day of January is February in Helsinki."""
    start = datetime(2027, 2, 1, 0, 30, tzinfo=HELSINKI)
    assert month_of(Span(start, start + timedelta(hours=1))) == (2027, 2)


def test_each_time_is_counted_by_itself() -> None:
    morning = Span(SPAN.start - timedelta(hours=4), SPAN.start - timedelta(hours=2))
    people = [one(earliest_start=time(12)), one(), one(municipalities={"Espoo"})]
    occasions = [Occasion(span, (HERE,), "Vantaa", None) for span in (morning, SPAN)]
    assert counts(people, occasions) == {morning: 1, SPAN: 2}


@given(
    earliest=some.none() | some.times(),
    minutes=some.integers(1, 600),
    longest=some.none() | some.integers(1, 600),
    most=some.none() | some.integers(0, 5),
    been=some.integers(0, 5),
    days=some.integers(0, 400),
)
def test_limits_are_what_they_say(
    earliest: time | None, minutes: int, longest: int | None, most: int | None, been: int, days: int
) -> None:
    start = TUESDAY + timedelta(days=days)
    span = Span(start, start + timedelta(minutes=minutes))
    limited = one(earliest_start=earliest, longest_minutes=longest, most_meetings=most, seats={month_of(span): been})
    occasion = Occasion(span, (HERE,), "Vantaa", None)
    assert suits(one(), occasion)
    assert suits(limited, occasion) is (
        (earliest is None or local(start).time() >= earliest)
        and (longest is None or minutes <= longest)
        and (most is None or been < most)
    )


# ---- whose turn it is ----


def waits(seat_id: int, meetings: int, minute: int = 0) -> Interested:
    return Interested(seat_id, TUESDAY + timedelta(minutes=minute), meetings)


def test_the_fewest_meetings_go_first_then_the_longest_wait_then_the_number() -> None:
    """Rule seat-fair-turn."""
    line = [waits(1, 2), waits(2, 0, 5), waits(3, 0, 4), waits(5, 0, 4), waits(4, 1)]
    assert [turn.seat_id for turn in fair_turn(line)] == [3, 5, 2, 4, 1]


@given(
    some.lists(
        some.builds(
            Interested,
            some.integers(1, 30),
            some.integers(0, 50).map(lambda minute: TUESDAY + timedelta(minutes=minute)),
            some.integers(0, 4),
        ),
        unique_by=lambda turn: turn.seat_id,
        max_size=12,
    ),
    some.randoms(),
)
def test_a_turn_does_not_depend_on_the_order_of_asking(line: list[Interested], random: Any) -> None:
    """seat-fair-turn: everybody has one place, nobody with more meetings stands before one with fewer."""
    turns = fair_turn(line)
    shuffled = list(line)
    random.shuffle(shuffled)
    assert fair_turn(shuffled) == turns
    assert sorted(turn.seat_id for turn in turns) == sorted(turn.seat_id for turn in line)
    for before, after in pairwise(turns):
        assert before.meetings <= after.meetings
        assert before.meetings < after.meetings or before.since <= after.since


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2027, 1, 12, 13, 0, tzinfo=HELSINKI), datetime(2026, 1, 12, tzinfo=HELSINKI)),
        (datetime(2028, 2, 29, 0, 0, tzinfo=HELSINKI), datetime(2027, 2, 28, tzinfo=HELSINKI)),
        (datetime(2027, 7, 1, 0, 30, tzinfo=HELSINKI), datetime(2026, 7, 1, tzinfo=HELSINKI)),
    ],
)
def test_twelve_months_begin_with_a_day(moment: datetime, begins: datetime) -> None:
    assert year_before(moment) == begins


# ---- what is kept, and who answers for whom ----


def test_released_seats_are_anyones() -> None:
    """Rule seat-mix-kept: until the coordinator releases them; seat-capacity stays."""
    mix, held = TheMix(2, 1), TheMix(0, 2)
    assert not has_room(SeatRole.HOST_STAFF, seats=4, taken=2, mix=mix, held=held)
    assert has_room(SeatRole.HOST_STAFF, seats=4, taken=2, mix=mix, held=held, released=True)
    assert not has_room(SeatRole.EXPERT, seats=4, taken=4, mix=mix, held=held, released=True)
    assert next_in_line([], seats=4, taken=2, mix=mix, held=held, released=True) is None


def test_a_facilitator_needs_none_of_the_seats() -> None:
    assert has_room(SeatRole.FACILITATOR, seats=4, taken=4, mix=TheMix(2, 1), held=TheMix(3, 1))


@pytest.mark.parametrize("how", list(Answered))
def test_who_answers_for_another_says_how(how: Answered) -> None:
    """Rule answer-for-another."""
    check_answer_for(1, 1, how)
    check_answer_for(None, 1, how)
    if how in (Answered.PHONE, Answered.TOLD, Answered.PAPER):
        check_answer_for(2, 1, how)
        return
    with pytest.raises(Refused) as refused:
        check_answer_for(2, 1, how)
    assert refused.value.rule.id == "answer-for-another"


def test_an_offer_ends_a_day_before_at_the_latest_and_later_with_the_meeting() -> None:
    """Rule seat-waiting-order."""
    day = timedelta(hours=24)
    assert last_answer(TUESDAY, TUESDAY + day + timedelta(minutes=1)) == TUESDAY + timedelta(minutes=1)
    assert last_answer(TUESDAY, TUESDAY + day) == TUESDAY + day
