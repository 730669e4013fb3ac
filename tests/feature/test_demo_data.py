"""`kierto demo`'s data: the region, and any size in bulk; both are what the actions would have left."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from kierto import clock
from kierto.calendars.queries import public_entries
from kierto.database import Base, reading, session, writing
from kierto.demo.bulk.fill import AlreadyThere, Size, TooMany, check, fill_in_bulk, tidy
from kierto.demo.region import fill
from kierto.events.models import Event, QueuedEvent
from kierto.jobs.work import JobInput, Question
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import check_hosting
from kierto.messages.queries import kept_mails
from kierto.people.actions import add_person
from kierto.people.models import Person
from kierto.people.queries import actor_for
from kierto.practices.models import Adoption, AdoptionStage, Practice
from kierto.practices.rules import PracticeState, Stage
from kierto.rounds.models import Round, Stop, StopSwap
from kierto.rounds.rules import check_gap
from kierto.seats.models import Seat
from kierto.seats.queries import has_mix
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.units import importing
from kierto.units.actions import add_organisation
from kierto.units.fees import rate_of
from kierto.units.models import Organisation
from kierto.words import Localised
from tests.databases import Database

SMALL = Size(units=50, experts=40, meetings=300, seed=7)


def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


def helsinki() -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.__table__.c.name_sv == "Helsingfors stad")).one()


@pytest.fixture
def region(app: Flask) -> Flask:
    fill(settings(app))
    return app


@pytest.fixture
def bulk(app: Flask) -> Flask:
    fill_in_bulk(SMALL, lambda _meetings: None)
    return app


def test_the_region_is_ready_for_the_walk(region: Flask) -> None:
    with reading():
        here = helsinki().id
        meetings = session.scalars(select(Meeting).where(Meeting.organisation_id == here)).all()
        coordinator = session.scalars(select(Person).where(Person.name == "Maarit Salmela")).one()
        states = Counter((meeting.state, meeting.started) for meeting in meetings)
        assert states[MeetingState.CONFIRMED, True] >= 5
        assert states[MeetingState.CONFIRMED, False] >= 2
        assert states[MeetingState.PROPOSED, False] >= 1
        begun = max(meeting.starts_at for meeting in meetings if meeting.held)
        assert clock.now() - begun < timedelta(hours=1), "on a Tuesday morning one has just begun"
        stages = set(session.scalars(select(Adoption.stage).where(Adoption.organisation_id == here)))
        assert stages >= {Stage.ARRIVED, Stage.TRYING, Stage.DECLINED}
        assert session.scalars(select(Seat).where(Seat.state == SeatState.WAITING)).all()
        interested = session.scalars(select(Seat).where(Seat.state == SeatState.INTERESTED)).all()
        assert len(interested) == 3, "a meeting whose days of interest are not over"
        assert all(seat.meeting.taking_interest for seat in interested)
        assert session.scalars(select(Seat).where(Seat.state == SeatState.RECONFIRM)).all(), "a meeting was moved"
        assert [swap.current for swap in session.scalars(select(StopSwap))] == [True]
        assert session.scalars(select(Adoption.local_change).where(Adoption.local_change.is_not(None))).all()
        assert len(public_entries(clock.today())) >= 6
        sample = Path(str(region.static_folder), "demo", "units-helsinki.csv").read_bytes()
        job = JobInput(1, here, actor_for(coordinator), {}, sample, "units.csv")
    store = importing.run(job, lambda _done, _total: None)
    outcome = store()
    assert isinstance(outcome, Question)
    assert outcome.result["added"] == 9, "no unit of the sample is there yet"


def test_the_region_has_fees_for_this_year_and_seats_keep_them(region: Flask) -> None:
    """fee-before-yes."""
    with reading():
        here = helsinki()
        rates = rate_of(here.id, clock.today().year)
        assert rates is not None
        assert (rates.fee_cents, rates.year) == (7000, clock.today().year)
        experts = session.scalars(
            select(Seat).where(
                Seat.organisation_id == here.id, Seat.role == SeatRole.EXPERT, Seat.answered.is_not(None)
            )
        ).all()
        assert experts
        assert {(seat.fee_cents, seat.travel_paid) for seat in experts} == {(7000, True)}


def test_the_regions_mail_is_sent_and_of_its_own_time(region: Flask) -> None:
    with reading():
        assert session.scalar(select(func.count()).select_from(QueuedEvent)) == 0
    mails = [mail for mail in kept_mails(settings(region), limit=1000) if mail.to.endswith("@kierto.example")]
    dates = [mail.at for mail in mails if mail.at]
    assert len(dates) >= 8
    assert dates == sorted(dates, reverse=True)
    assert dates[-1] < clock.now() - timedelta(days=100)


def test_bulk_is_as_much_as_was_asked_for(bulk: Flask) -> None:
    with reading():
        mine = session.scalars(select(Person).where(Person.email.like("%@s7.kierto.example"))).all()
        assert mine
        organisations = session.scalars(select(Organisation.id).order_by(Organisation.id.desc()).limit(2)).all()
        count = select(func.count()).select_from(Meeting).where(Meeting.organisation_id.in_(organisations))
        assert session.scalar(count) == SMALL.meetings
        assert session.scalar(select(func.count()).select_from(QueuedEvent)) == session.scalar(
            select(func.count()).select_from(QueuedEvent).where(QueuedEvent.organisation_id.not_in(organisations))
        )


def test_bulk_keeps_every_rule_of_meetings_and_seats(bulk: Flask) -> None:
    with reading():
        now = clock.now() + timedelta(minutes=1)  # the cast's own meetings were made just now
        for meeting in session.scalars(select(Meeting)):
            seats = session.scalars(select(Seat).where(Seat.meeting_id == meeting.id)).all()
            holding = sum(seat.holds for seat in seats)
            assert meeting.seats_taken == holding <= meeting.seats
            assert meeting.state is MeetingState.CANCELLED or (meeting.state is MeetingState.CONFIRMED) == has_mix(
                meeting
            )
            assert meeting.state is not MeetingState.PROPOSED or not meeting.started
            assert (meeting.cancelled_at is None) == (meeting.state is not MeetingState.CANCELLED)
            assert max(meeting.created_at, meeting.changed_at) <= now
            waiting = any(seat.state is SeatState.WAITING for seat in seats)
            assert not waiting or holding == meeting.seats
            check_hosting(meeting.span, [], [])


def test_bulk_has_nobody_and_no_unit_in_two_places(bulk: Flask) -> None:
    one, other = aliased(Meeting), aliased(Meeting)
    overlap = and_(
        one.id < other.id,
        one.starts_at < other.ends_at,
        other.starts_at < one.ends_at,
        one.state != MeetingState.CANCELLED,
        other.state != MeetingState.CANCELLED,
    )
    first, second = aliased(Seat), aliased(Seat)
    with reading():
        assert not session.execute(select(one.id).join(other, and_(overlap, one.unit_id == other.unit_id))).all()
        together = and_(first.person_id == second.person_id, first.state == second.state)
        assert not session.execute(
            select(one.id)
            .join(other, overlap)
            .join(first, and_(first.meeting_id == one.id, first.state == SeatState.ACCEPTED))
            .join(second, and_(second.meeting_id == other.id, together))
        ).all()


def test_bulk_keeps_the_rules_of_rounds(bulk: Flask) -> None:
    with reading():
        for round_ in session.scalars(select(Round)):
            booked = [stop.meeting for stop in round_.stops if stop.meeting]
            days = [clock.local(meeting.starts_at).date() for meeting in booked]
            assert all(round_.from_on <= day <= round_.until_on for day in days)
            for number, day in enumerate(days):
                check_gap(day, days[:number], round_.gap_days)
            assert all(meeting.theme_id == round_.theme_id for meeting in booked)
            assert len({stop.unit_id for stop in round_.stops}) == len(round_.stops) >= 2


def test_bulk_lets_practices_be_born_in_held_meetings_and_arrive_in_the_round(bulk: Flask) -> None:
    with reading():
        practices = session.scalars(select(Practice).where(Practice.state == PracticeState.AGREED)).all()
        assert len(practices) > 10
        for practice in practices:
            assert practice.meeting.held
            stop = session.scalars(select(Stop).where(Stop.meeting_id == practice.meeting_id)).one()
            units = {one.unit_id for one in stop.round.stops}
            assert {adoption.unit_id for adoption in practice.adoptions} == units
        for adoption in session.scalars(select(Adoption)):
            stages = session.scalars(
                select(AdoptionStage).where(AdoptionStage.adoption_id == adoption.id).order_by(AdoptionStage.id)
            ).all()
            assert stages[-1].stage is adoption.stage
            assert all(stage.at < clock.now() for stage in stages)
            assert (adoption.reason is not None) == (adoption.stage is Stage.DECLINED)


def test_the_same_seed_gives_the_same_data(bulk: Flask, database: Database) -> None:
    before = _told()
    database.fresh()
    fill_in_bulk(SMALL, lambda _meetings: None)
    assert _told() == before
    database.fresh()
    fill_in_bulk(Size(SMALL.units, SMALL.experts, SMALL.meetings, seed=8), lambda _meetings: None)
    assert _told() != before


def _told() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that bulk fills."""
    session.remove()
    with reading():
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
            if table.name in ("persons", "units", "meetings", "seats", "adoptions", "events")
        }


def test_rows_can_be_added_after_bulk(bulk: Flask) -> None:
    with writing():
        add_organisation(Localised("Uusi hyvinvointialue"))
        add_person("Uusi Ihminen")


def test_a_seed_is_used_once(bulk: Flask) -> None:
    with pytest.raises(AlreadyThere, match="another --seed"):
        check(SMALL)


def test_what_does_not_fit_is_said_with_how_much_would(app: Flask) -> None:
    with pytest.raises(TooMany, match=r"give at most \d+"):
        check(Size(units=2, experts=2, meetings=100_000, seed=1))


def test_the_database_learns_its_size(bulk: Flask) -> None:
    assert tidy() > 0.1
    with reading():
        assert session.scalars(select(func.count()).select_from(Event)).one() > SMALL.meetings
