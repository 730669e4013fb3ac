"""How quick the pages of meetings are with 1,000 and 100,000 of them: `python -m tests.bench.meetings`.

In-process requests on each database that this machine has, over invented data (`kierto demo --meetings`): the median
and the slowest of so many requests, the rendering of the page included, how much of it this process computed (what is
left on a laden machine is waiting), and how many statements each ran.
"""

import sys
from datetime import timedelta
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from kierto import clock
from kierto.actor import Identified, Role
from kierto.database import reading, session, writing
from kierto.demo.bulk.fill import Size, fill_in_bulk, tidy
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert, ExpertState, Member
from kierto.seats.models import Seat
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.models import Unit
from tests.bench.measuring import application, heading, measure, on_each_database
from tests.client import Client

SIZES = (1_000, 100_000)
MEETINGS_A_UNIT = 40


class Case(NamedTuple):
    """A request: who asks (a name of `People`), and for what."""

    words: str
    who: str
    path: str


class People(NamedTuple):
    """A browser for each of those who ask, and addresses of what they look at."""

    visitor: Client
    expert: Client
    host: Client
    coordinator: Client
    meeting: str
    unit: str
    place: str


def cases(people: People) -> list[Case]:
    """What is asked for: lists from their beginning and from far within, narrowed to much, little and nothing."""
    today = clock.today()
    later = (today + timedelta(days=60)).isoformat()
    return [
        Case("/meetings/, a visitor", "visitor", "/meetings/"),
        Case("/meetings/, an expert", "expert", "/meetings/"),
        Case("/meetings/ from far within", "visitor", f"/meetings/?after={people.meeting}"),
        Case("/meetings/ of a municipality", "visitor", f"/meetings/?municipality={people.place}"),
        Case("/meetings/ of a theme", "visitor", "/meetings/?theme=encounter"),
        Case("/meetings/ of both", "visitor", f"/meetings/?municipality={people.place}&theme=encounter"),
        Case("/meetings/ of one day", "visitor", f"/meetings/?on={later}"),
        Case("a month, a visitor", "visitor", "/meetings/month"),
        Case("a month, a coordinator", "coordinator", "/meetings/month"),
        Case("a month of a municipality", "visitor", f"/meetings/month?municipality={people.place}"),
        Case("a meeting, an expert", "expert", f"/meetings/{people.meeting}"),
        Case("/me, an expert", "expert", "/me"),
        Case("/me, a contact person", "host", "/me"),
        Case("a unit, its contact person", "host", f"/units/{people.unit}"),
        Case("/desk, a coordinator", "coordinator", "/desk"),
    ]


def people(app: Flask) -> People:
    """Those who ask: the expert with the most seats, a contact person and a coordinator of their organisation."""
    with reading():
        most = func.count().desc()
        person_id = session.scalars(
            select(Seat.person_id)
            .join(Expert, Expert.person_id == Seat.person_id)
            .where(Expert.state == ExpertState.APPROVED)
            .group_by(Seat.person_id)
            .order_by(most)
            .limit(1)
        ).one()
        organisation_id = session.scalars(select(Expert.organisation_id).where(Expert.person_id == person_id)).one()
        members = select(Member).where(Member.organisation_id == organisation_id).limit(1)
        host = session.scalars(members.where(Member.role == Role.HOST_CONTACT)).one()
        coordinator = session.scalars(members.where(Member.role == Role.COORDINATOR)).one()
        unit = session.get_one(Unit, host.unit_id)
        ids = {"expert": person_id, "host": host.person_id, "coordinator": coordinator.person_id}
        later = Meeting.starts_at > clock.now() + timedelta(days=90)
        within = select(Meeting.ref).where(later, Meeting.public, Meeting.state == MeetingState.CONFIRMED)
        meeting = session.scalars(within.order_by(Meeting.starts_at).limit(1)).one()
        found = (meeting, unit.ref, unit.municipality)
    with writing():
        browsers = {
            name: Client(app, start_session(id_, SessionBy.SINGLE_SIGN_ON, "bench", Identified.STRONGLY))
            for name, id_ in ids.items()
        }
    return People(Client(app), browsers["expert"], browsers["host"], browsers["coordinator"], *found)


def show(title: str, database_url: str | None, count: int) -> None:
    """Fill a database with so many meetings of invented organisations, and print a line for each case."""
    with application(database_url) as app:
        units = count // MEETINGS_A_UNIT
        fill_in_bulk(Size(units=units, experts=units * 3 // 2, meetings=count, seed=1), lambda _made: None)
        tidy()
        asking = people(app)
        heading(f"{title}, {count:,} meetings")
        for case in cases(asking):
            measure(case.words, getattr(asking, case.who), case.path)


if __name__ == "__main__":
    on_each_database([int(size) for size in sys.argv[1:]] or SIZES, show)
