"""A real calendar program reads the feed over HTTP: khal, from what vdirsyncer has fetched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.app import create_app
from kierto.calendars.event import SUMMARY
from kierto.database import session, writing
from kierto.database.upgrade import upgrade
from kierto.meetings.rules import is_closed
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.rounds.actions import RoundPlan, choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Stop
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole
from kierto.settings import Settings
from kierto.units.actions import add_organisation, add_unit
from kierto.units.models import Service, Theme
from kierto.words import Localised, gettext, speaking
from tests.running import KIERTO, plain_environ, served

PROGRAMS = Path(sys.executable).parent
JANUARY, JULY = 1, 7

SYNCER = """
[general]
status_path = "{folder}/status/"

[pair kierto]
a = "feed"
b = "local"
collections = null

[storage feed]
type = "http"
url = "{url}/calendar.ics"

[storage local]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
"""

CALENDAR = """
[calendars]
[[kierto]]
path = {folder}/calendar/

[locale]
local_timezone = Europe/Helsinki
default_timezone = Europe/Helsinki
timeformat = %H.%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H.%M
longdatetimeformat = %Y-%m-%d %H.%M

[sqlite]
path = {folder}/khal.db
"""


class Booked(NamedTuple):
    """A confirmed meeting: its day, the name and the address of its unit."""

    on: date
    unit: str
    address: str


def open_day(month: int) -> date:
    """The next day of the month when units are open."""
    day = clock.today() + timedelta(days=1)
    while day.month != month or is_closed(day):
        day += timedelta(days=1)
    return day


def plan_for(days: list[date], theme_id: int) -> RoundPlan:
    return RoundPlan(
        name=Localised("Kierros"),
        theme_id=theme_id,
        from_on=min(days),
        until_on=max(days) + timedelta(days=1),
        minutes=120,
        mix_experts=1,
        mix_staff=1,
        seats=4,
        gap_days=7,
        interest_days=0,
        public=True,
    )


def book_and_confirm(days: list[date]) -> list[Booked]:
    """One meeting a day, from 13 to 15 o'clock, confirmed by a worker's and an expert's seats; all through actions."""
    with writing():
        organisation = add_organisation(Localised("Rannikon hyvinvointialue"))
        service = session.scalars(select(Service.id)).first()
        theme = session.scalars(select(Theme.id)).first()
        assert service is not None
        assert theme is not None
        expert = add_person("Matti Virtanen")
        approve_expert(SYSTEM, expert, organisation.id)
        units = [
            add_unit(
                SYSTEM,
                organisation.id,
                Localised(f"Terveysasema {number}; ö"),
                service_id=service,
                municipality="Helsinki",
                street_address=f"Katu {number}",
            )
            for number, _ in enumerate(days)
        ]
        round_ = create_round(SYSTEM, organisation.id, plan_for(days, theme))
        choose_units(SYSTEM, round_, [unit.id for unit in units])
        open_round(SYSTEM, round_)
        stops = session.scalars(select(Stop).where(Stop.round_id == round_.id).order_by(Stop.position)).all()
        workers = [add_person(f"Työntekijä {unit.id}") for unit in units]
        for unit, worker in zip(units, workers, strict=True):
            give_role(SYSTEM, worker, organisation.id, Role.STAFF, unit.id)
    for stop, day, worker in zip(stops, days, workers, strict=True):
        with writing():
            meeting = book_stop(SYSTEM, session.get_one(Stop, stop.id), day, time(13))
        for person, role in ((worker, SeatRole.HOST_STAFF), (expert, SeatRole.EXPERT)):
            with writing():
                take_seat(SYSTEM, meeting, person.id, role)
    return [Booked(day, unit.name.fi, unit.address) for day, unit in zip(days, units, strict=True)]


@pytest.fixture(scope="module")
def booked_and_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Booked], str]]:
    """A meeting in July and one in January, in an instance of their own, served over HTTP."""
    folder = tmp_path_factory.mktemp("served")
    environ = {**plain_environ(), "KIERTO_INSTANCE": str(folder), "KIERTO_WEB_PROCESSES": "1"}
    app = create_app(Settings.from_environ({"KIERTO_INSTANCE": str(folder)}))
    with app.app_context():
        upgrade()
        booked = book_and_confirm(sorted([open_day(JANUARY), open_day(JULY)]))
    with served([*KIERTO, "serve"], folder, environ) as site:
        yield booked, site.url


def run(folder: Path, program: str, *arguments: str) -> str:
    """A program of this Python's environment, at home in the folder."""
    environ = {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "TZ": "America/New_York",
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
    return done.stdout


def test_khal_shows_july_and_january_as_helsinkis_clocks(
    tmp_path: Path, booked_and_url: tuple[list[Booked], str]
) -> None:
    booked, url = booked_and_url
    (tmp_path / "vdirsyncer").write_text(SYNCER.format(folder=tmp_path, url=url))
    (tmp_path / "khal").write_text(CALENDAR.format(folder=tmp_path))
    (tmp_path / "calendar").mkdir()
    run(tmp_path, "vdirsyncer", "--config", "vdirsyncer", "discover")
    run(tmp_path, "vdirsyncer", "--config", "vdirsyncer", "sync")
    assert len(list((tmp_path / "calendar").glob("*.ics"))) == 2
    shape = "{start-time}-{end-time}|{title}|{location}|{status}"
    for on, unit, address in booked:
        until = on + timedelta(days=1)
        shown = run(tmp_path, "khal", "-c", "khal", "list", "--day-format", "", "--format", shape, f"{on}", f"{until}")
        with speaking("fi"):
            title = gettext(SUMMARY, unit=unit)
        assert shown.split("\n")[0].strip() == f"13.00-15.00|{title}|{address}|CONFIRMED"
