"""How quick the list of units is with 1,000 and 10,000 of them: `python -m tests.bench.registers`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from statistics import median
from time import perf_counter

from flask import Flask
from sqlalchemy import insert, select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.app import create_app
from kierto.database import new_ref, session, writing
from kierto.database.engine import engine
from kierto.database.upgrade import upgrade
from kierto.people.actions import add_person, give_role
from kierto.settings import Settings
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.actions import add_organisation
from kierto.units.models import HostingHours, Service, Unit
from kierto.units.municipalities import names
from kierto.words import Localised, folded
from tests import postgres
from tests.client import Client

SIZES = (1_000, 10_000)
ASKED = 15
CASES = {
    "the whole list": "/units/",
    "by a word found often": "/units/?q=asema",
    "by a word found once": "/units/?q=0777",
    "by a word found nowhere": "/units/?q=olematon",
    "by service and municipality": "/units/?service=ward&municipality=Helsinki",
    "without a contact person": "/units/?show=no_contact",
    "without hosting hours": "/units/?show=no_hours",
    "the whole list as a file": "/units/units.csv",
}


def fill(count: int) -> str:
    """An organisation with so many units, every second with hosting hours; its coordinator's session token."""
    with writing():
        organisation = add_organisation(Localised("Mittausten hyvinvointialue"))
        person = add_person("Mittaava Koordinaattori")
        give_role(SYSTEM, person, organisation.id, Role.COORDINATOR)
        services, places, now = session.scalars(select(Service.id)).all(), names("fi"), clock.now()
        rows = []
        for number in range(count):
            name, street, place = f"Asema {number:05}", f"Mittatie {number}", places[number % len(places)]
            rows.append(
                {
                    "organisation_id": organisation.id,
                    "ref": new_ref(),
                    "name_fi": name,
                    "service_id": services[number % len(services)],
                    "municipality": place,
                    "street_address": street,
                    "folded": folded(f"{name} {street} {place}"),
                    "created_at": now,
                    "changed_at": now,
                }
            )
        session.execute(insert(Unit), rows)
        ids = session.scalars(select(Unit.id).order_by(Unit.id)).all()
        hours = {"weekday": 2, "from_at": time(9), "until_at": time(15)}
        session.execute(
            insert(HostingHours),
            [{"organisation_id": organisation.id, "unit_id": id_, **hours} for id_ in ids[::2]],
        )
        return start_session(person.id, SessionBy.LINK, "bench")


@contextmanager
def filled(database_url: str | None, count: int) -> Iterator[tuple[Flask, str]]:
    """An application over a database with so many units, and a coordinator's token."""
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        given = {"KIERTO_INSTANCE": folder} | ({"KIERTO_DATABASE_URL": database_url} if database_url else {})
        app = create_app(Settings.from_environ(given))
        with app.app_context():
            upgrade()
            yield app, fill(count)
            engine().dispose()


def show(title: str, database_url: str | None, count: int) -> None:
    """Print a line for each case: milliseconds of a request in this process, its statements, what was sent."""
    print(f"\n{title}, {count:,} units{'':<12}{'median ms':>10}{'worst':>9}{'queries':>9}{'bytes':>11}")
    with filled(database_url, count) as (app, token):
        client = Client(app, token)
        for case, path in CASES.items():
            client.get(path)
            took, size = [], 0
            for _ in range(ASKED):
                started = perf_counter()
                answer = client.browser.get(path, headers={"Accept-Language": "fi"})
                took.append((perf_counter() - started) * 1000)
                assert answer.status_code == 200
                size = len(answer.data)
            print(f"{case:<34}{median(took):10.1f}{max(took):9.1f}{client.queries:9}{size:11,}", flush=True)


def main() -> None:
    """Measure on SQLite and, where there is one, on PostgreSQL."""
    for count in SIZES:
        show("SQLite", None, count)
    with postgres.cluster() as cluster:
        if cluster is None:
            print(postgres.MISSING)
            return
        for count in SIZES:
            cluster.drop("kierto_bench_units")
            cluster.create("kierto_bench_units")
            try:
                show("PostgreSQL", cluster.url("kierto_bench_units"), count)
            finally:
                cluster.drop("kierto_bench_units")


if __name__ == "__main__":
    main()
