"""How fast the register of experts and the desk answer with 1,000 and 10,000: `python -m tests.bench.experts`.

In-process requests by the test's own browser, on each database that this machine has: the median and the slowest tenth
of 20 requests each, in milliseconds of the clock, the rendering of the page included.
"""

import sys
from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter

from flask import Flask
from sqlalchemy import func, insert, select

from kierto import clock
from kierto.actor import SYSTEM, Identified, Role
from kierto.database import new_ref, session, writing
from kierto.experts.models import ExpertTheme
from kierto.people.actions import add_person, give_role
from kierto.people.models import Expert, ExpertState, Person
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.actions import add_organisation
from kierto.units.models import Theme
from kierto.words import Localised, folded
from tests.client import Client
from tests.databases import DATABASES, Database, open_database

SIZES = (1_000, 10_000)
REQUESTS = 20
FIRST = ("Aino", "Matti", "Leena", "Omar", "Birgitta", "Kaisa", "Veikko", "Tuula", "Esko", "Ritva", "Jari", "Anneli")
LAST = ("Virtanen", "Korhonen", "Nieminen", "Lindqvist", "Hassan", "Mäkelä", "Heikkinen", "Salo", "Ekholm", "Peltola")
PLACES = ("Helsinki", "Espoo", "Vantaa", "Lohja", "Raasepori", "Porvoo", "Hanko", "Inkoo")


def experts(app: Flask, count: int) -> Client:
    """An organisation with so many experts, and its coordinator's browser."""
    with writing():
        organisation = add_organisation(Localised(f"Hyvinvointialue {count}"))
        coordinator = add_person(f"Koordinaattori {count}")
        give_role(SYSTEM, coordinator, organisation.id, Role.COORDINATOR)
        token = start_session(coordinator.id, SessionBy.SINGLE_SIGN_ON, "bench", Identified.STRONGLY)
        # Numbers far from those that the database gives by itself.
        first = count * 100 + (session.scalar(select(func.max(Person.id))) or 0) + 1
        session.execute(insert(Person), [_person(count, first + number, number) for number in range(count)])
        session.execute(insert(Expert), [_expert(organisation.id, first + number, number) for number in range(count)])
        themes = session.scalars(select(Theme.id)).all()
        rows = session.execute(select(Expert.id).where(Expert.organisation_id == organisation.id))
        session.execute(
            insert(ExpertTheme),
            [
                {"organisation_id": organisation.id, "expert_id": id_, "theme_id": themes[number % len(themes)]}
                for number, (id_,) in enumerate(rows)
            ],
        )
    return Client(app, token)


def _person(count: int, id_: int, number: int) -> dict[str, object]:
    name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number // 120 or ''}".strip()
    return {
        "id": id_,
        "ref": new_ref(),
        "name": name,
        "folded": folded(name),
        "email": f"henkilo.numero{number}@n{count}.kierto.test",
        "phone": None,
        "language": "fi",
        "administrator": False,
        "created_at": clock.now(),
    }


def _expert(organisation_id: int, person_id: int, number: int) -> dict[str, object]:
    today = clock.today()
    return {
        "organisation_id": organisation_id,
        "person_id": person_id,
        "ref": new_ref(),
        "state": ExpertState.APPLIED if number % 50 == 0 else ExpertState.APPROVED,
        "created_at": clock.now() - timedelta(days=number % 300),
        "municipality": PLACES[number % len(PLACES)],
        "languages": ["fi", "sv"] if number % 9 == 0 else ["fi"],
        "contract_until": today + timedelta(days=number % 400),
        "inducted_on": today if number % 3 else None,
        "undertaking_on": today if number % 4 else None,
        "call_wished": number % 500 == 0,
    }


def measure(client: Client) -> list[tuple[str, list[float]]]:
    """Each address, and how many milliseconds each of its requests took."""
    listed = client.get("/experts/")
    page = str(listed.document.select("main .k-row h2 a")[0].attr("href"))
    last = str(listed.document.select("main .k-row h2 a")[-1].attr("href")).rpartition("/")[2]
    addresses = {
        "the first page": "/experts/",
        "the next page": f"/experts/?after={last}",
        "by name": "/experts/?words=mäkelä+leena",
        "by language and place": "/experts/?language=sv&municipality=Lohja",
        "contracts ending": "/experts/?look=contract_ends",
        "one expert": page,
        "the desk": "/desk",
    }
    return [(words, [_timed(client, address) for _ in range(REQUESTS)]) for words, address in addresses.items()]


def _timed(client: Client, address: str) -> float:
    # The browser itself, not the checking client: looking a page's HTML through takes longer than making it.
    with client.app.app_context():
        began = perf_counter()
        answer = client.browser.get(address)
        answer.get_data()
        took = perf_counter() - began
    assert answer.status_code == 200, address
    return took * 1000


def run(database: Database) -> None:
    """Measure one database, from few rows to many."""
    database.fresh()
    for size in SIZES:
        with database.app.app_context():
            client = experts(database.app, size)
        for words, took in measure(client):
            slow = quantiles(took, n=10)[-1]
            print(f"{database.kind:<12}{size:>7,} experts  {words:<24}{median(took):>7.1f}{slow:>8.1f}")


def main() -> None:
    print(f"{'':<44}{'median':>7}{'90 %':>8}   ms")
    for kind in DATABASES:
        database = open_database(kind)
        if database is None:
            print(f"{kind}: not on this machine", file=sys.stderr)
            continue
        database.fill(lambda: None)
        try:
            run(database)
        finally:
            database.close()


if __name__ == "__main__":
    main()
