"""How quick the list of units is with 1,000 and 10,000 of them: `python -m tests.bench.registers`."""

from datetime import time

from sqlalchemy import insert, select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import new_ref, session, writing
from kierto.people.actions import add_person, give_role
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.actions import add_organisation
from kierto.units.models import HostingHours, Service, Unit
from kierto.units.municipalities import names
from kierto.words import Localised, folded
from tests.bench.measuring import application, heading, measure, on_each_database
from tests.client import Client

SIZES = (1_000, 10_000)
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


def show(title: str, database_url: str | None, count: int) -> None:
    """Fill a database with so many units, and print a line for each case."""
    with application(database_url) as app:
        client = Client(app, fill(count))
        heading(f"{title}, {count:,} units")
        for words, path in CASES.items():
            measure(words, client, path)


if __name__ == "__main__":
    on_each_database(SIZES, show)
