"""The demo's story holds at whatever hour it is told: nothing of it needs a database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise

import pytest

from kierto import clock
from kierto.demo.days import just_begun
from kierto.demo.people import PEOPLE
from kierto.demo.places import UNITS
from kierto.demo.region import Region, Telling
from kierto.demo.story import Tour, Visit, tours
from kierto.meetings.rules import Span, check_hosting
from kierto.rounds.rules import check_gap

HOURS = (0, 5, 6, 10, 14, 19, 23)


def moments() -> Iterator[datetime]:
    """Every third day of two years, at an hour that changes."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(0, 730, 3):
        yield first + timedelta(days=number, hours=HOURS[number % len(HOURS)], minutes=number % 60)


def span(tour: Tour, visit: Visit) -> Span:
    start = clock.instant(visit.day, visit.at)
    return Span(start, start + timedelta(minutes=tour.minutes))


@pytest.mark.parametrize(
    ("now", "day", "at"),
    [
        ("2027-01-12T10:40", date(2027, 1, 12), time(10, 30)),
        ("2027-01-12T10:30", date(2027, 1, 12), time(10, 30)),
        ("2027-01-12T07:59", date(2027, 1, 11), time(13)),
        ("2027-01-12T22:15", date(2027, 1, 12), time(15)),
        ("2027-01-16T12:00", date(2027, 1, 15), time(13)),
        ("2027-01-18T03:00", date(2027, 1, 15), time(13)),
        ("2027-03-29T12:00", date(2027, 3, 24), time(13)),
    ],
)
def test_a_meeting_has_just_begun(now: str, day: date, at: time) -> None:
    assert just_begun(datetime.fromisoformat(now).replace(tzinfo=clock.HELSINKI)) == (day, at)


def test_at_every_hour_a_meeting_has_begun_in_the_first_round_of_the_coordinator() -> None:
    for now in moments():
        begun = clock.instant(*just_begun(now))
        assert begun <= now, now
        assert now - begun < timedelta(days=7), "over Christmas it may have been a while"


def test_no_meeting_breaks_a_rule_of_days() -> None:
    for now in moments():
        for tour in tours(now):
            for visit in tour.visits:
                check_hosting(span(tour, visit), [], [])
                check_gap(visit.day, [one.day for one in tour.visits if one is not visit], tour.gap_days)


def test_nobody_is_in_two_places() -> None:
    for now in moments():
        seated = [
            (who, span(tour, visit))
            for tour in tours(now)
            for visit in tour.visits
            for who in (*visit.experts, *visit.staff, visit.unit)
        ]
        for (who, one), (other, another) in combinations(seated, 2):
            assert who != other or not one.overlaps(another), (now, who)


def test_everything_that_happened_has_happened_and_in_order() -> None:
    for now in moments():
        region = Region(now)
        for tour in tours(now):
            telling = Telling(region, tour)
            steps = list(telling.steps())
            assert all(step.at < now for step in steps), now
            first_visit = clock.instant(tour.visits[0].day, tour.visits[0].at)
            opened, booked = steps[0].at, steps[1].at
            assert opened < booked < first_visit, now


def test_seats_are_taken_before_a_meeting_and_answers_given_after_it() -> None:
    for now in moments():
        for tour in tours(now):
            for visit in tour.visits:
                alone = tour._replace(visits=(visit,), waiting=(), wish=None)
                steps = [step.at for step in Telling(Region(now), alone).steps()]
                start = clock.instant(visit.day, visit.at)
                seats = len(visit.staff) + len(visit.experts)
                after = 3 + seats if visit.moved_from else 2 + seats
                assert all(at < start for at in steps[:after]), (now, visit.unit)
                assert all(start < at for at in steps[after:]), (now, visit.unit)
                assert all(one <= another for one, another in pairwise(steps[: 2 + seats]))


def test_the_story_knows_its_people_and_places() -> None:
    (now, *_rest) = moments()
    units = {name: key for key, places in UNITS.items() for name in places}
    for tour in tours(now):
        for visit in tour.visits:
            assert units[visit.unit] == tour.organisation
            assert all(PEOPLE[name].unit == visit.unit for name in visit.staff)
            assert all(PEOPLE[name].organisation == tour.organisation for name in visit.experts)
            answering = set(visit.practice.answers) if visit.practice else set()
            assert answering <= {one.unit for one in tour.visits} | set(tour.waiting) - {visit.unit}


def test_nobody_can_be_reached_for_real() -> None:
    assert all((one.email or "@kierto.example").endswith("@kierto.example") for one in PEOPLE.values())
    assert all((one.phone or "+35848000000").startswith("+35848000000") for one in PEOPLE.values()), "nobody has these"
