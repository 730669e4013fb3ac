"""The named cast: who takes part in the tests, and what they have made, all of it through actions.

    def test_an_expert_takes_a_seat(cast):
        page = cast.client("expert").get(f"/meetings/{cast.proposed.ref}")

People:
    coordinator        of the organisation
    host, other_host   host contacts of the first and the second unit
    staff              works in the first unit; `worker` in the third
    expert, other_expert, third_expert   approved
    applicant          has applied to be an expert
    decision_maker     of the organisation
    neighbour          coordinator of the other organisation
    administrator      of Kierto, in no organisation
    outsider           signed in, in no organisation
    visitor            not signed in

Two open rounds of the organisation, over the same three units; the mix is one expert and one worker of the unit:
    autumn   the first unit's meeting was `held` (host and expert were there): `practice` was agreed in it, was tried at
             once in the first unit (`started`) and arrived in the other two (`arrival`, `other_arrival`); `draft` was
             written down. The second unit's turn (`autumn_stop`) waits.
    spring   the first unit's turn (`stop`) waits to be booked; the second unit's meeting is `proposed` (its host has a
             seat, an expert is lacking); the third unit's is `confirmed` (worker and expert have seats: `seat` is the
             expert's). Public.
The neighbour has an open round with a meeting of its own.
"""

from contextlib import nullcontext
from datetime import date, time
from typing import Any, Generic, TypeVar

from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, VISITOR, Actor, Identified, Role
from kierto.database import Base, reading, session, writing
from kierto.experts.applying import begin, consent, send
from kierto.experts.queries import draft_of
from kierto.meetings.models import Meeting
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.models import Person
from kierto.practices.actions import Wording, agree_practice, draft_practice
from kierto.practices.models import Adoption, Practice
from kierto.rounds.actions import RoundPlan, choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Round, Stop
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.sign_in.queries import actor_of
from kierto.units.actions import add_organisation, add_unit
from kierto.units.models import Organisation, Service, Theme, Unit
from kierto.words import Language, Localised
from tests.client import Client

NOW = clock.instant(date(2027, 1, 12), time(10))
"""A Tuesday without holidays near."""

EARLIER = clock.instant(date(2026, 12, 1), time(10))
HELD_ON, HELD_AT = date(2027, 1, 8), time(13)
AFTER_HELD = clock.instant(date(2027, 1, 8), time(14, 30))
PROPOSED_ON, CONFIRMED_ON, FREE_ON = date(2027, 2, 2), date(2027, 1, 26), date(2027, 2, 16)
"""Tuesdays; `FREE_ON` suits `stop`."""

NAMES: dict[str, tuple[str, Language]] = {
    "coordinator": ("Aino Koskinen", "fi"),
    "host": ("Päivi Lahtinen", "fi"),
    "other_host": ("Mikko Saarinen", "fi"),
    "staff": ("Leena Mäkelä", "fi"),
    "worker": ("Sari Heikkinen", "fi"),
    "expert": ("Matti Virtanen", "fi"),
    "other_expert": ("Birgitta Lindqvist", "sv"),
    "third_expert": ("Omar Hassan", "en"),
    "applicant": ("Tuula Nieminen", "fi"),
    "decision_maker": ("Pekka Järvinen", "fi"),
    "neighbour": ("Riitta Korhonen", "fi"),
    "administrator": ("Ylläpitäjä Yrjö", "fi"),
    "outsider": ("Ulla Ulkopuolinen", "fi"),
}
EVERYBODY = (*NAMES, "visitor")

Model = TypeVar("Model", bound=Base)


class Thing(Generic[Model]):
    """Something the cast has made. `load()` reads it inside the test's own transaction."""

    def __init__(self, row: Model) -> None:
        self.model: type[Model] = type(row)
        self.id: int = row.id
        self.ref: str = getattr(row, "ref", "")

    def load(self) -> Model:
        """The row as it is now."""
        return session.get_one(self.model, self.id, populate_existing=True)


class Cast:
    """The people and their things; the attributes are told at the top of the module."""

    organisation: Thing[Organisation]
    unit: Thing[Unit]
    other_unit: Thing[Unit]
    third_unit: Thing[Unit]
    autumn: Thing[Round]
    spring: Thing[Round]
    autumn_stop: Thing[Stop]
    stop: Thing[Stop]
    proposed_stop: Thing[Stop]
    confirmed_stop: Thing[Stop]
    held: Thing[Meeting]
    proposed: Thing[Meeting]
    confirmed: Thing[Meeting]
    seat: Thing[Seat]
    host_seat: Thing[Seat]
    practice: Thing[Practice]
    draft: Thing[Practice]
    started: Thing[Adoption]
    arrival: Thing[Adoption]
    other_arrival: Thing[Adoption]
    other_organisation: Thing[Organisation]
    foreign_unit: Thing[Unit]
    foreign_round: Thing[Round]
    foreign_meeting: Thing[Meeting]
    foreign_stop: Thing[Stop]

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.people: dict[str, Thing[Person]] = {}
        self.tokens: dict[tuple[str, Identified], str] = {}

    def client(
        self, name: str = "visitor", *, strongly: bool = False, language: Language = "en", app: Flask | None = None
    ) -> Client:
        """A checking client, signed in as the person; it reads English unless told otherwise."""
        token = None if name == "visitor" else self.token(name, strongly=strongly)
        return Client(app or self.app, token, language)

    def token(self, name: str, *, strongly: bool = False) -> str:
        """The token of a session of the person."""
        return self.tokens[name, Identified.STRONGLY if strongly else Identified.WEAKLY]

    def actor(self, name: str, *, strongly: bool = False) -> Actor:
        """Who the person is now, as the guard would find them."""
        if name == "visitor":
            return VISITOR
        with nullcontext() if session().in_transaction() else reading():
            found = actor_of(self.token(name, strongly=strongly))
        assert found is not None
        return found

    def id(self, name: str) -> int:
        return self.people[name].id

    def email(self, name: str) -> str:
        return _email(name)

    def things(self) -> dict[str, Thing[Any]]:
        """Everything the cast has made, by name."""
        return {name: thing for name, thing in vars(self).items() if isinstance(thing, Thing)}

    def new_expert(self, number: int = 0) -> Person:
        """One more approved expert, inside the test's own writing transaction."""
        person = add_person(f"Asiantuntija {number}", email=f"asiantuntija-{number}@kierto.test")
        approve_expert(self.actor("coordinator"), person, self.organisation.id)
        return person


def make_cast(cast: Cast) -> None:
    """Fill the migrated database, once for all the copies that tests use."""
    for moment, scene in (
        (EARLIER, _people_and_places),
        (EARLIER, _autumn),
        (AFTER_HELD, _practices),
        (NOW, _spring),
        (NOW, _neighbours),
        (NOW, _sessions),
    ):
        with clock.at(moment):
            scene(cast)


def plan(name: str, from_on: date, until_on: date, **changed: Any) -> RoundPlan:
    """What a coordinator decides of a round: public, meetings of two hours a week apart, four seats, first come."""
    usual: dict[str, Any] = {
        "theme_id": session.scalars(select(Theme.id).where(Theme.code == "encounter")).one(),
        "minutes": 120,
        "mix_experts": 1,
        "mix_staff": 1,
        "seats": 4,
        "gap_days": 7,
        "interest_days": 0,
        "public": True,
    }
    return RoundPlan(name=Localised(name), from_on=from_on, until_on=until_on, **(usual | changed))


def _email(name: str) -> str:
    return f"{name.replace('_', '-')}@kierto.test"


def _people_and_places(cast: Cast) -> None:
    with writing():
        organisation = add_organisation(Localised("Rannikon hyvinvointialue", "Kustens välfärdsområde"))
        cast.organisation = Thing(organisation)
        for name, (called, language) in NAMES.items():
            person = add_person(called, email=_email(name), language=language, administrator=name == "administrator")
            cast.people[name] = Thing(person)
        units = (
            ("unit", "Kallion terveysasema", "Berghälls hälsostation", "health-centre", "Porthaninkatu 1", "Helsinki"),
            ("other_unit", "Malmin päihdepoliklinikka", None, "substance-use", "Talvelantie 4", "Helsinki"),
            ("third_unit", "Tikkurilan kuntoutusosasto", None, "rehabilitation", "Kielotie 11", "Vantaa"),
        )
        for attribute, fi, sv, service, street, municipality in units:
            made = _unit(organisation.id, Localised(fi, sv), service, street, municipality)
            setattr(cast, attribute, Thing(made))
        _role(cast, "coordinator", Role.COORDINATOR)
        _role(cast, "decision_maker", Role.DECISION_MAKER)
        _role(cast, "host", Role.HOST_CONTACT, cast.unit)
        _role(cast, "other_host", Role.HOST_CONTACT, cast.other_unit)
        _role(cast, "staff", Role.STAFF, cast.unit)
        _role(cast, "worker", Role.STAFF, cast.third_unit)
        for name in ("expert", "other_expert", "third_expert"):
            approve_expert(SYSTEM, cast.people[name].load(), organisation.id)
        applying = Actor(person_id=cast.id("applicant"))
        application = draft_of(applying, begin(applying, organisation.id, "fi"))
        assert application is not None
        consent(application)
        send(applying, application)


def _unit(organisation_id: int, name: Localised, service: str, street: str, municipality: str) -> Unit:
    return add_unit(
        SYSTEM,
        organisation_id,
        name,
        service_id=session.scalars(select(Service.id).where(Service.code == service)).one(),
        municipality=municipality,
        street_address=street,
    )


def _role(cast: Cast, name: str, role: Role, unit: Thing[Unit] | None = None) -> None:
    give_role(SYSTEM, cast.people[name].load(), cast.organisation.id, role, unit.id if unit else None)


def _sessions(cast: Cast) -> None:
    with writing():
        for name, person in cast.people.items():
            for identified in (Identified.WEAKLY, Identified.STRONGLY):
                cast.tokens[name, identified] = start_session(person.id, SessionBy.LINK, "tests", identified)


def _acting(cast: Cast, name: str) -> Actor:
    """Before there are sessions: the person, by a session that nobody keeps."""
    found = actor_of(start_session(cast.id(name), SessionBy.LINK, "tests"))
    assert found is not None
    return found


def _opened(actor: Actor, organisation_id: int, plan: RoundPlan, units: list[int]) -> tuple[Round, list[Stop]]:
    round_ = create_round(actor, organisation_id, plan)
    choose_units(actor, round_, units)
    open_round(actor, round_)
    return round_, list(session.scalars(select(Stop).where(Stop.round_id == round_.id).order_by(Stop.position)))


def _units(cast: Cast) -> list[int]:
    return [cast.unit.id, cast.other_unit.id, cast.third_unit.id]


def _autumn(cast: Cast) -> None:
    with writing():
        autumn = plan("Syksyn kierros", date(2026, 11, 2), date(2027, 3, 31))
        round_, stops = _opened(_acting(cast, "coordinator"), cast.organisation.id, autumn, _units(cast))
        cast.autumn, cast.autumn_stop = Thing(round_), Thing(stops[1])
    with writing():
        held = book_stop(_acting(cast, "host"), stops[0], HELD_ON, HELD_AT)
        cast.held = Thing(held)
    with writing():
        take_seat(_acting(cast, "expert"), held, cast.id("expert"), SeatRole.EXPERT)


def _practices(cast: Cast) -> None:
    with writing():
        practice = draft_practice(
            _acting(cast, "host"), cast.held.load(), _words("Vastaanotolle saa tulla saattajan kanssa")
        )
        cast.practice = Thing(practice)
    with writing():
        agree_practice(_acting(cast, "host"), practice, experts=1, workers=2)
        found = {one.unit_id: Thing(one) for one in session.scalars(select(Adoption).order_by(Adoption.id))}
        cast.started, cast.arrival, cast.other_arrival = (found[id_] for id_ in _units(cast))
    with writing():
        cast.draft = Thing(draft_practice(_acting(cast, "host"), cast.held.load(), _words("Soitto päivää ennen")))


def _words(title: str) -> Wording:
    start, notice = f"{title}: niin teemme tästä päivästä lähtien.", "Kysymme kuukauden päästä, mikä on muuttunut."
    return Wording("fi", title, start, notice)


def _spring(cast: Cast) -> None:
    with writing():
        spring = plan("Kevään kierros", date(2027, 1, 11), date(2027, 6, 11))
        round_, stops = _opened(_acting(cast, "coordinator"), cast.organisation.id, spring, _units(cast))
        cast.spring = Thing(round_)
        cast.stop, cast.proposed_stop, cast.confirmed_stop = map(Thing, stops)
    with writing():
        cast.proposed = Thing(book_stop(_acting(cast, "other_host"), stops[1], PROPOSED_ON, time(13)))
        hosts = Seat.person_id == cast.id("other_host")
        cast.host_seat = Thing(session.scalars(select(Seat).where(Seat.meeting_id == cast.proposed.id, hosts)).one())
    with writing():
        confirmed = book_stop(_acting(cast, "coordinator"), stops[2], CONFIRMED_ON, time(13))
        cast.confirmed = Thing(confirmed)
    with writing():
        take_seat(_acting(cast, "worker"), confirmed, cast.id("worker"), SeatRole.HOST_STAFF)
    with writing():
        cast.seat = Thing(take_seat(_acting(cast, "expert"), confirmed, cast.id("expert"), SeatRole.EXPERT))


def _neighbours(cast: Cast) -> None:
    with writing():
        organisation = add_organisation(Localised("Metsien hyvinvointialue"))
        give_role(SYSTEM, cast.people["neighbour"].load(), organisation.id, Role.COORDINATOR)
        units = [
            _unit(organisation.id, Localised(name), "health-centre", "Keskuskatu 1", "Kajaani")
            for name in ("Kajaanin terveysasema", "Sotkamon terveysasema")
        ]
        cast.other_organisation, cast.foreign_unit = Thing(organisation), Thing(units[0])
    with writing():
        mine = plan("Metsien kierros", date(2027, 1, 11), date(2027, 6, 11), public=False)
        round_, stops = _opened(_acting(cast, "neighbour"), organisation.id, mine, [unit.id for unit in units])
        cast.foreign_round, cast.foreign_stop = Thing(round_), Thing(stops[1])
    with writing():
        cast.foreign_meeting = Thing(book_stop(_acting(cast, "neighbour"), stops[0], date(2027, 2, 9), time(9)))
