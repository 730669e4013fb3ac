"""What the log's events are about, as far as the reader may know it: named only to whom its own page would open.

Of everything else only the kind and the place are told. Who is an expert somewhere is not an administrator's to know:
experts are named to those who coordinate them, and nobody who has no role but is an expert is named as a doer.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import selectinload

from kierto.actor import Actor, Role
from kierto.database import session
from kierto.events.models import Event
from kierto.experts import register
from kierto.meetings.models import Meeting
from kierto.people.models import Expert, Member, Person
from kierto.people.staff import visible_people
from kierto.people.words import role_name
from kierto.practices import queries as practices
from kierto.practices.models import Practice
from kierto.rounds import queries as rounds
from kierto.seats import queries as seats
from kierto.units.models import Service, Theme, Unit
from kierto.units.queries import INSIDERS
from kierto.words import N_, Localised, gettext

WHAT = {
    "accessibility_feedback": N_("Feedback on accessibility"),
    "adoptions": N_("Practice"),
    "applications": N_("Application"),
    "contact_changes": N_("Changed address"),
    "experts": N_("Expert"),
    "identities": N_("Single sign-on"),
    "identity_providers": N_("Single sign-on"),
    "invitations": N_("Invitation"),
    "jobs": N_("Import"),
    "joining_links": N_("Joining link"),
    "meetings": N_("Meeting"),
    "members": N_("Role"),
    "messages": N_("Message"),
    "organisations": N_("Organisation"),
    "paper_passes": N_("Paper pass"),
    "person_sessions": N_("Device"),
    "persons": N_("Person"),
    "practices": N_("Practice"),
    "retention_notices": N_("How long data is kept"),
    "retentions": N_("How long data is kept"),
    "rounds": N_("Round"),
    "seats": N_("Seat"),
    "services": N_("Kind of service"),
    "sign_in_requests": N_("Link or code for signing in"),
    "statements": N_("Statement"),
    "stop_swaps": N_("Change of times"),
    "stops": N_("Turn in a round"),
    "themes": N_("Theme"),
    "units": N_("Unit"),
}
"""Table → what a row of it is called."""

_NAMED_IN_DATA = {
    "meeting_id": "meetings",
    "round_id": "rounds",
    "practice_id": "practices",
    "unit_id": "units",
    "asked_unit_id": "units",
    "person_id": "persons",
    "to_person_id": "persons",
}
"""Field of an event's data → the table of what it numbers."""


Pair = tuple[str, int]
"""A table and the number of a row of it."""


class Doer(NamedTuple):
    """Who did something. No name: it is not the reader's to know; `ref` narrows the log to them all the same."""

    ref: str
    name: str | None


class Link(NamedTuple):
    """A thing by its name and, where the reader may open it, its address."""

    name: Localised | str
    href: str | None = None


class About(NamedTuple):
    """What an event is about: what kind of thing, which ones the reader may know, at which unit."""

    what: str
    things: Sequence[Link]
    meeting: Meeting | None
    unit: Link | None


def doers(actor: Actor, ids: Iterable[int]) -> dict[int, Doer]:
    """Number → who it is, as far as the actor may know."""
    known = Person.id.in_(visible_people(actor).with_only_columns(Person.id))
    expert = exists().where(Expert.person_id == Person.id)
    own = Person.id.in_(register.visible(actor).with_only_columns(Expert.person_id))
    rows = session.execute(
        select(Person, (known | own | ~expert | Person.erased_at.is_not(None))).where(Person.id.in_(set(ids)))
    )
    return {person.id: Doer(person.ref, person.name if named else None) for person, named in rows}


def about(actor: Actor, events: Sequence[Event]) -> list[About]:
    """What each of the events is about: one query for each table, however many the events."""
    pairs = [_pairs(event) for event in events]
    members = _rows(select(Member), "members", pairs)
    for pointed in pairs:
        for member in _found(members, "members", pointed):
            pointed += [("persons", member.person_id), ("units", member.unit_id or 0)]
    meetings = _rows(select(Meeting), "meetings", pairs)
    for pointed in pairs:
        pointed += [("units", meeting.unit_id) for meeting in _found(meetings, "meetings", pointed)]
    open_meetings = _rows(seats.visible(actor), "meetings", pairs)
    named = _named(actor, pairs)
    return [
        _about(event, pointed, named, next(iter(_found(open_meetings, "meetings", pointed)), None))
        for event, pointed in zip(events, pairs, strict=True)
    ]


def _named(actor: Actor, pairs: Sequence[Sequence[Pair]]) -> dict[str, dict[int, Link]]:
    """Table → number → what the reader may know by its name."""
    titled = practices.visible(actor).options(selectinload(Practice.texts))
    insider = actor.organisations_as(*INSIDERS)
    ways: dict[str, tuple[Select[Any], Callable[[Any], Link]]] = {
        "persons": (visible_people(actor), lambda one: Link(one.name, f"/admin/people/{one.ref}")),
        "experts": (register.visible(actor), lambda one: Link(one.person.name, f"/experts/{one.ref}")),
        "rounds": (rounds.visible(actor), lambda one: Link(one.name, f"/rounds/{one.ref}")),
        "practices": (titled, lambda one: Link(one.text().title, f"/practices/{one.ref}")),
        "themes": (select(Theme), lambda one: Link(one.name, "/admin/vocabulary")),
        "services": (select(Service), lambda one: Link(one.name, "/admin/vocabulary")),
        "units": (
            select(Unit),
            lambda one: Link(one.name, f"/units/{one.ref}" if one.organisation_id in insider else None),
        ),
    }
    return {
        table: {id_: link(one) for id_, one in _rows(statement, table, pairs).items()}
        for table, (statement, link) in ways.items()
    }


def _about(event: Event, pointed: list[Pair], named: dict[str, dict[int, Link]], meeting: Meeting | None) -> About:
    links = {pair: link for pair in pointed if (link := named.get(pair[0], {}).get(pair[1])) is not None}
    units = [link for (table, _id), link in links.items() if table == "units"]
    here = units[0] if units and event.subject != "units" else None
    role = event.data.get("role") if event.subject in ("members", "invitations") else None
    return About(
        what=gettext(WHAT[event.subject]) if event.subject in WHAT else event.subject,
        things=[*([Link(role_name(Role(role)))] if role else []), *(link for link in links.values() if link != here)],
        meeting=meeting,
        unit=here,
    )


def _pairs(event: Event) -> list[Pair]:
    """The event's subject, and what its data numbers."""
    data = ((table, event.data.get(name)) for name, table in _NAMED_IN_DATA.items())
    return [(event.subject, event.subject_id), *((table, number) for table, number in data if number)]


def _rows(statement: Select[Any], table: str, pairs: Iterable[Sequence[Pair]]) -> dict[int, Any]:
    ids = {number for pointed in pairs for name, number in pointed if name == table and number}
    if not ids:
        return {}
    model = statement.column_descriptions[0]["entity"]
    return {row.id: row for row in session.scalars(statement.where(model.id.in_(ids)))}


def _found(rows: dict[int, Any], table: str, pointed: Iterable[Pair]) -> list[Any]:
    return [rows[number] for name, number in pointed if name == table and number in rows]
