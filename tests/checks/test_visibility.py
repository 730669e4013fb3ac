"""What a person sees is said once a thing: lists, pages, loaders and links agree, and organisations do not mix."""

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Select, select

from kierto.actor import Actor
from kierto.database import Base, reading, session, writing
from kierto.errors import NotFound
from kierto.experts.queries import Register
from kierto.jobs import queries as jobs
from kierto.jobs.actions import enqueue
from kierto.jobs.models import Job
from kierto.meetings.models import Meeting
from kierto.people.models import Person
from kierto.practices import queries as practices
from kierto.practices.models import Practice
from kierto.rounds import queries as rounds
from kierto.rounds.actions import create_round
from kierto.rounds.models import Round
from kierto.seats import queries as seats
from kierto.sign_in.providers import Place, Provider
from kierto.units import queries as units
from kierto.units.importing import KIND
from kierto.units.models import Organisation, Unit
from kierto.web.guard import Guarded
from tests.cast import EVERYBODY, HELD_ON, Cast, plan
from tests.databases import SQLITE

SEEN: dict[str, tuple[type[Any], Callable[[Actor], Select[Any]]]] = {
    "meetings": (Meeting, seats.visible),
    "practices": (Practice, practices.visible),
    "rounds": (Round, rounds.visible),
    "units": (Unit, units.visible),
    "jobs": (Job, jobs.visible),
}
PUBLIC = ("confirmed", "held", "practice")
"""What anyone may see of the cast's things."""

OF_ADMINISTRATORS = (Organisation, Person, Place, Provider)
"""What an administrator sees of every organisation: that it is there, who has which role, how its people sign in."""

STRANGERS = ("neighbour", "administrator", "outsider", "applicant", "decision_maker", "visitor")


@pytest.fixture
def more(cast: Cast) -> Cast:
    """Some more things that not everyone sees."""
    with writing():
        next_year = plan("Tuleva", HELD_ON, HELD_ON.replace(year=2028))
        create_round(cast.actor("coordinator"), cast.organisation.id, next_year)
        create_round(cast.actor("neighbour"), cast.other_organisation.id, next_year)
        enqueue(cast.actor("coordinator"), cast.organisation.id, KIND, {}, b"x", "yksikot.csv")
        enqueue(cast.actor("neighbour"), cast.other_organisation.id, KIND, {}, b"x", "yksikot.csv")
    return cast


@pytest.mark.parametrize("kind", SEEN)
def test_what_is_visible_is_what_has_a_page(more: Cast, kind: str) -> None:
    """For everyone of the cast and every row there is."""
    model, visible = SEEN[kind]
    for name in EVERYBODY:
        with reading():
            there = list(session.scalars(select(model.ref)))
            listed = {row.ref for row in session.scalars(visible(more.actor(name)))}
        client = more.client(name)
        answers = {ref: client.browser.get(f"/{kind}/{ref}").status_code for ref in there}
        assert set(answers.values()) <= {200, 404}
        assert {ref for ref, status in answers.items() if status == 200} == listed, f"{name} among the {kind}"


def loaders(app: Flask) -> dict[str, Callable[..., Any]]:
    """Every loader that a view names and that is asked for a thing by its reference."""
    guarded = [view for view in app.view_functions.values() if isinstance(view, Guarded) and view.loader]
    found = {view.loader.__name__: view.loader for view in guarded if view.loader is not None}
    return {name: loader for name, loader in found.items() if len(inspect.signature(loader).parameters) > 1}


def references(*models: type[Any]) -> list[str]:
    """The reference of every row of the models; of all tables, when none is named."""
    models = models or tuple(mapper.class_ for mapper in Base.registry.mappers)
    return [ref for model in models if hasattr(model, "ref") for ref in session.scalars(select(model.ref))]


def organisation_of(found: Any) -> int:
    """Whose the thing is; an organisation is its own, a register is of one."""
    whole = getattr(found, "organisation", None) if not hasattr(found, "organisation_id") else None
    return int(found.id if isinstance(found, Organisation) else whole.id if whole else found.organisation_id)


@pytest.mark.parametrize("name", STRANGERS)
def test_no_loader_crosses_into_another_organisation(app: Flask, more: Cast, name: str) -> None:
    """Whatever reference is tried with whatever loader: of the first organisation only what is public is found."""
    tried = 0
    with reading():
        actor, refs = more.actor(name), references()
        public = {(thing.model, thing.id) for key, thing in more.things().items() if key in PUBLIC}
        for loader in loaders(app).values():
            count = len(inspect.signature(loader).parameters) - 1
            for given in product(refs if count == 1 else references(Round, Unit), repeat=count):
                tried += 1
                try:
                    found = loader(actor, *given)
                except NotFound:
                    continue
                own = organisation_of(found) in actor.organisations
                own = own or (actor.administrator and isinstance(found, OF_ADMINISTRATORS))
                own = own or (isinstance(found, Register) and found.expert.person_id == actor.person_id)
                assert own or (type(found), found.id) in public, f"{loader.__name__} lets {name} see {found}"
    assert tried > 100


@pytest.mark.only(SQLITE)
@pytest.mark.parametrize("name", EVERYBODY)
def test_every_link_leads_somewhere(more: Cast, name: str) -> None:
    """From the start page and one's own, whatever can be reached by links; every page is checked on the way."""
    client = more.client(name)
    waiting, seen = ["/", *(["/me"] if name != "visitor" else [])], set[str]()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if path in seen or path.startswith("/static/"):
            continue
        seen.add(path)
        page = client.get(address, expect=(200, 302))
        if page.status == 302:
            waiting.append(page.location)
        elif page.is_html:
            waiting += [link for link in page.all_links if link.startswith("/")]
    assert {"/", "/about", "/meetings/", "/practices/"} <= seen
