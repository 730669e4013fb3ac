"""The rules of a meeting's time."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kierto.clock import HELSINKI
from kierto.errors import Refused
from kierto.meetings.rules import MEETING_UNIT_FREE, Span, check_hosting, check_unit_free, is_closed
from kierto.units.rules import Hours

START = datetime(2027, 2, 16, 13, 0, tzinfo=HELSINKI)
SPAN = Span(START, START + timedelta(hours=2))

instants = some.integers(0, 500).map(lambda minutes: START + timedelta(minutes=minutes))
spans = some.tuples(instants, some.integers(1, 200)).map(lambda one: Span(one[0], one[0] + timedelta(minutes=one[1])))


@given(spans, spans)
def test_spans_overlap_when_they_share_a_moment(one: Span, other: Span) -> None:
    shared = max(one.start, other.start) < min(one.end, other.end)
    assert one.overlaps(other) is other.overlaps(one) is shared
    assert one.overlaps(one)


def test_meetings_that_touch_do_not_overlap() -> None:
    assert not SPAN.overlaps(Span(SPAN.end, SPAN.end + timedelta(hours=1)))


def test_a_unit_hosts_one_meeting_at_a_time() -> None:
    """Rule meeting-unit-free."""
    check_unit_free(SPAN, [Span(SPAN.end, SPAN.end + timedelta(hours=1))])
    with pytest.raises(Refused) as refused:
        check_unit_free(SPAN, [Span(START + timedelta(hours=1), START + timedelta(hours=3))])
    assert (refused.value.rule, refused.value.field) == (MEETING_UNIT_FREE, "time")


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 1, 5),  # the eve of Epiphany
        date(2027, 1, 6),
        date(2027, 3, 25),  # the eve of Good Friday
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 4, 30),  # Vappu's eve
        date(2027, 5, 6),  # Ascension Day
        date(2027, 6, 25),  # Midsummer's Eve
        date(2027, 12, 6),
        date(2027, 12, 24),
        date(2026, 12, 31),  # the eve of next year's first day
        date(2027, 2, 13),  # a Saturday
        date(2027, 2, 14),
    ],
)
def test_units_are_closed_on_weekends_holidays_and_their_eves(day: date) -> None:
    assert is_closed(day)
    start = datetime(day.year, day.month, day.day, 13, 0, tzinfo=HELSINKI)
    with pytest.raises(Refused) as refused:
        check_hosting(Span(start, start + timedelta(hours=2)), [], [])
    assert (refused.value.rule.id, refused.value.field) == ("meeting-unit-free", "override")


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 7),
        date(2027, 2, 16),
        date(2027, 3, 30),
        date(2027, 6, 24),  # before Midsummer's Eve
        date(2027, 12, 7),
        date(2027, 12, 23),  # before Christmas Eve
    ],
)
def test_units_are_open_on_other_days(day: date) -> None:
    assert not is_closed(day)


@pytest.mark.parametrize(("second", "fits"), [(time(12), True), (time(11), True), (time(12, 30), False)])
def test_hosting_hours_that_touch_are_one_stretch(second: time, fits: bool) -> None:
    """Rule meeting-unit-free: a unit that gives 8–12 and 12–16 hosts from 11 to 13."""
    hours = [Hours(2, second, time(16)), Hours(2, time(8), time(12)), Hours(3, time(8), time(16))]
    span = Span(START - timedelta(hours=2), START)
    if fits:
        check_hosting(span, hours, [])
    else:
        with pytest.raises(Refused):
            check_hosting(span, hours, [])
